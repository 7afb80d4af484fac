"""Opens every collection in QGIS by its OGC API Features provider; prints how many features each gave, as JSON."""
import json
import os
import sys
import urllib.request

from qgis.core import QgsApplication, QgsVectorLayer

QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
base, read = sys.argv[1], {}
listed = json.load(urllib.request.urlopen(base + "/collections"))["collections"]
for name in (collection["id"] for collection in listed):
    layer = QgsVectorLayer(f"url='{base}' typename='{name}' pagesize='40'", name, "OAPIF")
    assert layer.isValid(), (name, layer.error().message())
    read[name] = sum(1 for _ in layer.getFeatures())
print(json.dumps(read), flush=True)
# Its own way out is known to crash once threads of the provider are still about.
os._exit(0)
