#!/usr/bin/env python3
"""Freeze what PostGIS and networkx say of a small made-up town's water: `tests/water` holds the analyses to it.

    apt-get install postgresql-15 postgresql-15-postgis-3
    pip install networkx pyproj
    python3 tests/oracle/water/make.py

Areas, distances and joins are PostGIS geography's; stretches are ST_ClusterDBSCAN's (1 m) over what ST_Intersection leaves of a
ditch in each village; the judgement is written out once more in SQL; what is upstream is networkx's over a network whose
junctions are known because the script lays them.

    waterbodies.geojson …     the layers
    waterbodies.jsonl         one line a body: area, sources, the nearest, sample and judgement, upstream
    bodies.jsonl              one line a black-odorous body: members, village, area, list
"""
import json
import pathlib
import random
import sys

import networkx as nx
import pyproj

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from cluster import Cluster  # noqa: E402

SEED = 1104
AS_OF = "2026-10-31"
GEOD = pyproj.Geod(ellps="WGS84")
PLANE = "+proj=tmerc +lat_0=39.6 +lon_0=117.4 +ellps=WGS84 +units=m"
TO_DEGREES = pyproj.Transformer.from_crs(PLANE, "EPSG:4326", always_xy=True)
REACH, SAMPLE, UPSTREAM = 200, 20, 1000


def deg(x, y):
    lng, lat = TO_DEGREES.transform(x, y)
    return [round(lng, 9), round(lat, 9)]


def ring(points):
    points = [deg(*p) for p in points]
    return {"type": "Polygon", "coordinates": [points + points[:1]]}


def line(points):
    return {"type": "LineString", "coordinates": [deg(*p) for p in points]}


def point(x, y):
    return {"type": "Point", "coordinates": deg(x, y)}


def blob(rng, x, y, radius):
    import math
    n = rng.randint(6, 18)
    return [(x + radius * rng.uniform(0.6, 1) * math.cos(2 * math.pi * k / n), y + radius * rng.uniform(0.6, 1) * math.sin(2 * math.pi * k / n)) for k in range(n)]


def band(x0, y0, x1, y1, width):
    """A ditch as a thin polygon."""
    import math
    d = math.hypot(x1 - x0, y1 - y0)
    nx_, ny = -(y1 - y0) / d * width / 2, (x1 - x0) / d * width / 2
    return [(x0 - nx_, y0 - ny), (x1 - nx_, y1 - ny), (x1 + nx_, y1 + ny), (x0 + nx_, y0 + ny)]


def make():
    rng = random.Random(SEED)
    layers = {name: [] for name in ("villages", "waterbodies", "farms", "toilets", "waste-points", "outfalls", "water-samples")}

    def add(layer, id_, geometry, **properties):
        layers[layer].append({"type": "Feature", "properties": {"id": id_, **properties}, "geometry": geometry})

    # Nine villages with crooked shared borders, 1200 m apart.
    corner = {(i, j): (i * 1200 + rng.uniform(-200, 200), j * 1200 + rng.uniform(-200, 200)) for i in range(4) for j in range(4)}
    for i in range(3):
        for j in range(3):
            add("villages", f"v{i}{j}", ring([corner[i, j], corner[i + 1, j], corner[i + 1, j + 1], corner[i, j + 1]]), name=f"村{i}{j}")
    conditions = ["good", "poor", "black", "black", None]
    for n in range(40):
        condition = conditions[n % 5]
        cleaned = None if n % 7 == 0 else f"2026-{rng.randint(5, 10):02d}-{rng.randint(1, 28):02d}"
        add("waterbodies", f"p-{n:02d}", ring(blob(rng, rng.uniform(100, 3500), rng.uniform(100, 3500), rng.uniform(8, 90))),
            type="pond", name=f"坑{n:02d}", **({"condition": condition} if condition else {}), **({"cleaned": cleaned} if cleaned else {}))
    # A pond over the corner of four villages, with three of which it has its share, and ditches over borders.
    x, y = corner[1, 1]
    add("waterbodies", "p-90", ring([(x - 60, y - 50), (x + 30, y - 50), (x + 30, y + 20), (x - 60, y + 20)]), type="pond", name="界坑", condition="black")
    x, y = corner[2, 1]
    for n, (dx, condition) in enumerate([(0, "black"), (160, "black"), (320, "good"), (480, "black")]):
        # Drawn in four, of which the first two touch; the border of two villages runs across.
        add("waterbodies", f"d-{n}", ring(band(x - 500 + dx, y + 420 + dx / 20, x - 340 + dx, y + 428 + dx / 20, 6.5)), type="ditch", name="长沟", condition=condition)
    add("waterbodies", "d-8", ring(band(300, 600, 2900, 700, 5)), type="ditch", name="横沟", condition="black")
    add("waterbodies", "l-0", line([(200, 2000), (1500, 2100), (2600, 1900)]), type="ditch", name="北渠", condition="black", width_m=4.2)
    add("waterbodies", "l-1", line([(200, 3000), (900, 3100)]), type="ditch", name="无宽沟", condition="black")
    # A river of three reaches and what runs into it; `flow` says which way each was drawn.
    net = {
        "r-0": ([(4000, 0), (4000, 700)], "drawn"), "r-1": ([(4000, 1500), (4000, 700)], "against"), "r-2": ([(4000, 1500), (4000, 1900)], "drawn"),
        "t-0": ([(4600, 300), (4300, 350), (4000, 300)], "drawn"), "t-1": ([(4700, 1100), (4000, 1100)], "drawn"),
        "t-2": ([(4600, 900), (4600, 300)], "drawn"), "t-3": ([(3600, 700), (4000, 700)], "drawn"), "u-0": ([(4000, 1900), (4300, 2100)], None),
    }
    for id_, (points, flow) in net.items():
        add("waterbodies", id_, line(points), type="river" if id_[0] == "r" else "ditch", name=id_, width_m=3, condition="poor", **({"flow": flow} if flow else {}))
    add("waterbodies", "p-91", ring(blob(rng, 4760, 1100, 58)), type="pond", name="源坑", condition="poor", flows_to="t-1")

    for n in range(90):
        shape = ring(blob(rng, *([rng.uniform(0, 4900), rng.uniform(0, 3600)]), rng.uniform(10, 40))) if n % 3 == 0 else point(rng.uniform(0, 4900), rng.uniform(0, 3600))
        add("farms", f"f-{n:02d}", shape, name=f"养殖户{n}", status="demolished" if n % 9 == 0 else "active")
    for n in range(20):
        add("toilets", f"t-{n:02d}", point(rng.uniform(0, 4900), rng.uniform(0, 3600)), name=f"公厕{n}")
    for n in range(30):
        add("waste-points", f"w-{n:02d}", point(rng.uniform(0, 4900), rng.uniform(0, 3600)), name=f"垃圾点{n}")
    for n in range(30):
        add("outfalls", f"o-{n:02d}", point(rng.uniform(0, 4900), rng.uniform(0, 3600)), name=f"排污口{n}", status=["open", "plugged", "treated"][n % 3])
    # Samples: by id, by name, by place; later than the day; at the limits; of no body.
    ponds = [f for f in layers["waterbodies"] if f["properties"]["id"][:2] in ("p-", "d-", "l-")]
    for n in range(70):
        body = ponds[n * 5 % len(ponds)]
        spot = body["geometry"]["coordinates"]
        spot = rng.choice(spot[0] if body["geometry"]["type"] == "Polygon" else spot)
        spot = [round(spot[0] + rng.uniform(-12, 12) / 86000, 9), round(spot[1] + rng.uniform(-12, 12) / 111000, 9)]
        stated = {0: body["properties"]["id"], 1: body["properties"]["name"], 2: None}[n % 3]
        on = ["2026-10-28", "2026-10-29", "2026-09-10", "2026-11-02"][n % 4]
        values = dict(clarity_cm=rng.choice([8, 25, 24.9, 40, 12]), oxygen_mg_l=rng.choice([2.0, 1.9, 4.1, 3]), ammonia_mg_l=rng.choice([15, 15.1, 3, 8]))
        if n % 6 == 0:
            values["depth_cm"] = rng.choice([20, 25, 60])
        if n % 11 == 0:
            values.pop("oxygen_mg_l")
            values["appraisal_percent"] = rng.choice([59.9, 60])
        add("water-samples", f"s-{n:02d}", {"type": "Point", "coordinates": spot}, on=on, **values, **({"waterbody": stated} if stated else {}))
    add("water-samples", "s-90", point(-900, -900), on="2026-10-28", clarity_cm=5, oxygen_mg_l=1, ammonia_mg_l=20)
    add("water-samples", "s-91", point(-900, -900), on="2026-10-28", clarity_cm=5, oxygen_mg_l=1, ammonia_mg_l=20, waterbody="p-77")
    return layers, net


TABLE = "CREATE TABLE {0} (id text PRIMARY KEY, p jsonb, geom geometry, geog geography)"


def load(db, layers):
    for name, features in layers.items():
        table = name.replace("-", "_")
        rows = "\n".join("%s\t%s\t%s" % (f["properties"]["id"], json.dumps(f["properties"], ensure_ascii=False), json.dumps(f["geometry"])) for f in features)
        db.sql(f"CREATE TABLE {table} (id text PRIMARY KEY, p jsonb, g text, geom geometry, geog geography);\nCOPY {table} (id, p, g) FROM STDIN;\n{rows}\n\\.\n"
               # ST_ForcePolygonCCW turns lines round, too.
               f"UPDATE {table} SET geom = ST_SetSRID(ST_GeomFromGeoJSON(g), 4326); UPDATE {table} SET geom = ST_ForcePolygonCCW(geom) WHERE ST_Dimension(geom) = 2; UPDATE {table} SET geog = geom::geography; CREATE INDEX ON {table} USING gist (geog)")


SOURCES = """
CREATE TABLE sources AS
    SELECT 0 AS rank, 'farm' AS kind, id, geog FROM farms WHERE p->>'status' <> 'demolished'
    UNION ALL SELECT 1, 'toilet', id, geog FROM toilets
    UNION ALL SELECT 2, 'waste_point', id, geog FROM waste_points
    UNION ALL SELECT 3, 'outfall', id, geog FROM outfalls WHERE p->>'status' = 'open';
"""

# Which body a sample belongs to, and what it comes to.
JUDGED = f"""
CREATE TABLE beside AS SELECT s.id AS sample, w.id AS body, ST_Distance(s.geog, w.geog) AS m
    FROM water_samples s JOIN waterbodies w ON ST_DWithin(s.geog, w.geog, {SAMPLE});
CREATE TABLE joined AS
    SELECT s.id, (s.p->>'on')::date AS day, s.p, CASE
        WHEN s.p->>'waterbody' IS NULL THEN (SELECT body FROM beside b WHERE b.sample = s.id ORDER BY m LIMIT 1)
        ELSE (SELECT w.id FROM waterbodies w WHERE s.p->>'waterbody' IN (w.id, w.p->>'name')
              AND (NOT EXISTS (SELECT 1 FROM beside b WHERE b.sample = s.id)
                   OR EXISTS (SELECT 1 FROM beside b WHERE b.sample = s.id AND b.body = w.id))
              AND (SELECT count(*) FROM waterbodies o WHERE s.p->>'waterbody' IN (o.id, o.p->>'name')) = 1)
    END AS body
    FROM water_samples s WHERE (s.p->>'on')::date <= '{AS_OF}';
CREATE TABLE judged AS
    WITH v AS (SELECT *, (p->>'clarity_cm')::float AS c, (p->>'oxygen_mg_l')::float AS o, (p->>'ammonia_mg_l')::float AS a,
                      (p->>'depth_cm')::float AS d, (p->>'appraisal_percent')::float AS said FROM joined WHERE body IS NOT NULL),
    f AS (SELECT *, c < CASE WHEN d < 25 THEN d * 0.4 ELSE 25 END AS fc, o < 2.0 AS fo, a > 15 AS fa FROM v),
    j AS (SELECT *, concat_ws('-', CASE WHEN fc THEN 'clarity' END, CASE WHEN fo THEN 'oxygen' END, CASE WHEN fa THEN 'ammonia' END) AS failed,
                 coalesce(fc, false)::int + coalesce(fo, false)::int + coalesce(fa, false)::int AS fails FROM f)
    SELECT DISTINCT ON (body) body, id, day, CASE WHEN failed <> '' THEN failed WHEN (c IS NULL OR o IS NULL OR a IS NULL) AND said >= 60 THEN 'appraisal' END AS failed,
           CASE WHEN failed <> '' OR (c IS NULL OR o IS NULL OR a IS NULL) AND said >= 60 THEN 'black-odorous'
                WHEN c IS NULL OR o IS NULL OR a IS NULL THEN 'incomplete' ELSE 'not-black-odorous' END AS judgement
    FROM j ORDER BY body, day DESC, fails + (fails = 0 AND (c IS NULL OR o IS NULL OR a IS NULL) AND coalesce(said, 0) >= 60)::int DESC, id;
"""

BODIES = f"""
CREATE TABLE black AS SELECT w.* FROM waterbodies w LEFT JOIN judged j ON j.body = w.id
    WHERE w.p->>'condition' = 'black' OR j.judgement = 'black-odorous';
CREATE TABLE pieces AS
    SELECT w.id, v.id AS village, w.p, (ST_Dump(ST_Intersection(w.geom, v.geom))).geom AS geom FROM black w JOIN villages v ON ST_Intersects(w.geom, v.geom)
    WHERE w.p->>'type' <> 'pond'
    UNION ALL
    SELECT w.id, '', w.p, (ST_Dump(ST_Difference(w.geom, (SELECT ST_Union(geom) FROM villages)))).geom FROM black w WHERE w.p->>'type' <> 'pond';
DELETE FROM pieces WHERE CASE WHEN ST_Dimension(geom) = 2 THEN ST_Area(geom::geography) ELSE ST_Length(geom::geography) END < 1;
CREATE TABLE stretches AS
    SELECT *, ST_ClusterDBSCAN(ST_Transform(geom, '{PLANE}'), 1.0, 1) OVER (PARTITION BY village, p->>'name', ST_Dimension(geom)) AS c FROM pieces;
"""


def rows(db, sql):
    return [json.loads(text) for text in db.sql(f"SELECT row_to_json(t) FROM ({sql}) t")]


def upstream(db, net, layers):
    """The river is a tree that the script has laid: each water with where it joins the next, metres above that one's lower end."""
    def metres(points):
        coords = [deg(*p) for p in points]
        return GEOD.line_length([c[0] for c in coords], [c[1] for c in coords])

    length = {id_: metres(points) for id_, (points, _) in net.items()} | {"p-91": 0.0}
    joins = {  # water: (into, metres above the lower end of that)
        "r-0": ("r-1", length["r-1"]), "r-1": ("r-2", length["r-2"]), "t-3": ("r-1", length["r-1"]),
        "t-0": ("r-0", metres([(4000, 300), (4000, 700)])), "t-1": ("r-1", metres([(4000, 1100), (4000, 1500)])),
        "t-2": ("t-0", length["t-0"]), "p-91": ("t-1", length["t-1"]),
    }
    joins["r-2"] = ("u-0", length["u-0"])
    graph = nx.DiGraph()
    graph.add_nodes_from(list(net) + ["p-91"])
    for water, (into, above) in joins.items():
        graph.add_edge(into, water, above=above)
    found = {}
    for body in graph.nodes:
        # All of the body is where one stands: what runs into it begins at nought.
        reached = {}
        for first in graph.successors(body):
            for water, d in nx.single_source_dijkstra_path_length(graph, first, cutoff=UPSTREAM, weight="above").items():
                reached[water] = min(d, reached.get(water, d))
        parts = []
        for water, d in sorted(reached.items()):
            left = UPSTREAM - d
            if water in net and length[water] > left:
                share = left / length[water]
                low, high = (1 - share, 1) if net[water][1] == "drawn" else (0, share)
                parts.append(f"SELECT ST_LineSubstring(geom, {low!r}, {high!r})::geography AS geog FROM waterbodies WHERE id = '{water}'")
            else:
                parts.append(f"SELECT geog FROM waterbodies WHERE id = '{water}'")
        count = 0
        if parts:
            count = int(db.sql(f"""SELECT count(*) FROM sources s WHERE EXISTS (SELECT 1 FROM ({' UNION ALL '.join(parts)}) u WHERE ST_DWithin(s.geog, u.geog, {REACH}))
                AND NOT EXISTS (SELECT 1 FROM waterbodies w WHERE w.id = '{body}' AND ST_DWithin(s.geog, w.geog, {REACH}))""")[0])
        found[body] = {"upstream_bodies": sorted(reached), "upstream_sources": count}
    return found


def main():
    layers, net = make()
    for name, features in layers.items():
        lines = ",\n".join(json.dumps(f, ensure_ascii=False) for f in features)
        (HERE / f"{name}.geojson").write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n')
    with Cluster() as db:
        load(db, layers)
        db.sql(SOURCES + JUDGED + BODIES)
        versions = f"{db.sql('SELECT postgis_lib_version()')[0]}, networkx {nx.__version__}, pyproj {pyproj.__version__}"
        water = rows(db, f"""SELECT w.id, CASE WHEN ST_Dimension(w.geom) = 2 THEN ST_Area(w.geog) ELSE ST_Length(w.geog) * (w.p->>'width_m')::float END AS area_m2,
            (SELECT count(*) FROM sources s WHERE ST_DWithin(s.geog, w.geog, {REACH})) AS sources, n.id AS source_id, n.kind AS source_kind, n.m AS source_m,
            j.judgement, j.failed AS failed_limits, j.id AS sample_id, j.day AS sampled
            FROM waterbodies w LEFT JOIN judged j ON j.body = w.id
            LEFT JOIN LATERAL (SELECT s.id, s.kind, ST_Distance(s.geog, w.geog) AS m FROM sources s WHERE ST_DWithin(s.geog, w.geog, {REACH}) ORDER BY m, rank, s.id LIMIT 1) n ON true
            ORDER BY w.id""")
        above = upstream(db, net, layers)
        for one in water:
            one.update(above.get(one["id"], {}))
        bodies = rows(db, """SELECT min(id) AS first, array_agg(DISTINCT id ORDER BY id) AS members, village AS villages,
                CASE WHEN max(ST_Dimension(geom)) = 2 THEN ST_Area(ST_Union(geom)::geography) ELSE sum(ST_Length(geom::geography) * (p->>'width_m')::float) END AS area_m2
            FROM stretches GROUP BY village, p->>'name', ST_Dimension(geom), c
            UNION ALL
            SELECT b.id, ARRAY[b.id], (SELECT string_agg(v.p->>'name', '、' ORDER BY ST_Area(ST_Intersection(v.geom, b.geom)::geography) DESC)
                FROM villages v WHERE ST_Area(ST_Intersection(v.geom, b.geom)::geography) >= 1), ST_Area(b.geog) FROM black b WHERE b.p->>'type' = 'pond'
            ORDER BY 1, 3, 4""")
        for one in bodies:
            if one["villages"] and one["villages"][0] == "v":
                one["villages"] = "村" + one["villages"][1:]
            area = one["area_m2"]
            one["list"] = None if area is None else "national" if area >= 2000 else "provincial"
        counted = rows(db, "SELECT count(*) AS samples, count(*) FILTER (WHERE body IS NULL) AS unjoined FROM joined")[0]
    head = {"versions": versions, "as_of": AS_OF, **counted}
    for name, cases in (("waterbodies", water), ("bodies", bodies)):
        text = "\n".join(json.dumps(case, ensure_ascii=False) for case in [head] + cases)
        (HERE / f"{name}.jsonl").write_text(text + "\n")
    print(versions, len(water), "waters", len(bodies), "bodies", counted)


if __name__ == "__main__":
    main()
