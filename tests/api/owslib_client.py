"""Reads every collection with OWSLib; prints how many features each gave, page by page, as JSON."""
import json
import sys
import urllib.request

from owslib.ogcapi.features import Features

api = Features(sys.argv[1] + "/")
assert api.conformance()["conformsTo"] and api.api()["openapi"].startswith("3.0")
read = {}
for name in api.feature_collections():
    assert api.collection(name)["id"] == name
    queryables = api.collection_queryables(name)["properties"]
    count, page = 0, api.collection_items(name, limit=40)
    while True:
        for feature in page["features"]:
            unknown = set(feature["properties"]) - set(queryables)
            assert not unknown, (name, unknown)
        count += len(page["features"])
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if not following:
            break
        page = json.load(urllib.request.urlopen(following[0]))
    read[name] = count
print(json.dumps(read))
