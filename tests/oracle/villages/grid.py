"""A made-up town's grid with flaws put into it, and what PostGIS finds wrong with it.

Twelve villages that share their vertices, one cell of the village level in each and two patches, split from border vertex to
border vertex. Then vertices are moved, cells taken away, put over one another, drawn into the next village. PostGIS cuts
(ST_Difference, ST_Intersection), takes the pieces apart, measures on the ellipsoid (geography) and leaves slivers out.

    python tests/oracle/villages/grid.py        # writes grid-villages.geojson, grid-cells.geojson, grid.jsonl beside itself
"""

import json
import pathlib
import random
import sys

from shapely.geometry import Polygon, mapping, shape

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from cluster import Cluster  # noqa: E402

WEST, SOUTH, STEP = 117.40, 39.55, 0.012
COLUMNS, ROWS, PARTS = 4, 3, 6
TOLERANCE_M2, SNAP_M = 1.0, 0.05
random.seed(20261127)


def at(x, y):
    return (round(WEST + x * STEP, 8), round(SOUTH + y * STEP, 8))


CORNERS = {
    (i, j): at(i + random.uniform(-0.15, 0.15), j + random.uniform(-0.15, 0.15))
    for i in range(COLUMNS + 1)
    for j in range(ROWS + 1)
}


def side(a, b):
    """The wiggling line between two corners, the same from both sides."""
    key = tuple(sorted((a, b)))
    if key not in SIDES:
        (ax, ay), (bx, by) = (CORNERS[end] for end in key)
        inner = []
        for k in range(1, PARTS):
            t, off = k / PARTS, random.uniform(-0.03, 0.03) * STEP
            inner.append((round(ax + t * (bx - ax) - off, 8), round(ay + t * (by - ay) + off, 8)))
        SIDES[key] = [CORNERS[key[0]], *inner, CORNERS[key[1]]]
    line = SIDES[key]
    return line if key == (a, b) else line[::-1]


SIDES = {}
villages, cells = [], []
for j in range(ROWS):
    for i in range(COLUMNS):
        code = f"990000201{201 + j * COLUMNS + i}"
        ring = []
        corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
        for a, b in zip(corners, corners[1:] + corners[:1]):
            ring += side(a, b)[:-1]
        villages.append((code, f"村{j}{i}", ring))
        cells.append((code + "000", "village", code, ring))
        # From the middle of the southern side to the middle of the northern one.
        south, north = PARTS // 2, 2 * PARTS + PARTS // 2
        middle = [
            (round((ring[south][0] * (3 - k) + ring[north][0] * k) / 3 + (0.0004 if k == 1 else -0.0003), 8),
             round((ring[south][1] * (3 - k) + ring[north][1] * k) / 3, 8))
            for k in (1, 2)
        ]
        cells.append((code + "001", "patch", code, ring[: south + 1] + middle + ring[north:]))
        cells.append((code + "002", "patch", code, ring[south : north + 1] + middle[::-1]))

M_LAT, M_LNG = 1 / 111_000, 1 / 85_800


def change(code, how):
    for k, (own, level, village, ring) in enumerate(cells):
        if own == code:
            cells[k] = (own, level, village, how(list(ring)))


def move(k, east_m, north_m):
    def moved(ring):
        x, y = ring[k]
        ring[k] = (round(x + east_m * M_LNG, 8), round(y + north_m * M_LAT, 8))
        return ring

    return moved


# One vertex a metre inward (a gap), one 40 m outward (outside, and over the next cell of the level), one a millimetre.
change("990000201201002", move(4, 0, 1))
change("990000201206001", move(-3, -40, 5))
change("990000201207002", move(4, 0, 0.001))
# An inner border drawn twice: part gap, part overlap.
change("990000201203001", lambda ring: move(4, 12, 0)(move(5, -9, 0)(ring)))
# A patch that reaches far into the next village, one that is gone, one that is drawn on top of another.
change("990000201209002", lambda ring: move(PARTS // 2 + 3, 300, 20)(move(PARTS // 2 + 4, 280, -10)(ring)))
cells = [cell for cell in cells if cell[0] != "990000201210001"]
cells.append(("990000201212003", "patch", "990000201212", [at(3.4, 2.4), at(3.6, 2.42), at(3.58, 2.62), at(3.41, 2.6)]))


def collection(features):
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))


def feature(properties, ring):
    polygon = Polygon(ring)
    assert polygon.is_valid, properties
    return {"type": "Feature", "properties": properties, "geometry": mapping(polygon.normalize().reverse())}


V = [feature({"code": code, "name": name}, ring) for code, name, ring in villages]
C = [feature({"code": code, "name": code[-6:], "level": level, "village_code": village}, ring) for code, level, village, ring in cells]
(HERE / "grid-villages.geojson").write_text(collection(V) + "\n", encoding="utf-8")
(HERE / "grid-cells.geojson").write_text(collection(C) + "\n", encoding="utf-8")

ANSWERS = f"""
WITH gaps AS (
    SELECT 'gap' AS flaw, l.level, v.code AS subject, NULL AS lies_in,
           ST_Difference(v.geom, (SELECT ST_UnaryUnion(ST_Collect(c.geom)) FROM cells c WHERE c.level = l.level)) AS geom
    FROM villages v CROSS JOIN (VALUES ('village'), ('patch')) l (level)
), laps AS (
    SELECT 'overlap', a.level, a.code || '+' || b.code, NULL, ST_Intersection(a.geom, b.geom)
    FROM cells a JOIN cells b ON a.level = b.level AND a.code < b.code AND ST_Intersects(a.geom, b.geom)
), outside AS (
    SELECT 'outside', c.level, c.code, v.name, ST_Intersection(c.geom, v.geom)
    FROM cells c JOIN villages v ON v.code <> c.village_code AND ST_Intersects(c.geom, v.geom)
    UNION ALL
    SELECT 'outside', c.level, c.code, NULL, ST_Difference(c.geom, (SELECT ST_UnaryUnion(ST_Collect(v.geom)) FROM villages v))
    FROM cells c
), flaws AS (SELECT * FROM gaps UNION ALL SELECT * FROM laps UNION ALL SELECT * FROM outside),
pieces AS (
    SELECT flaw, level, subject, lies_in, (ST_Dump(ST_CollectionExtract(geom, 3))).geom AS geom FROM flaws
), measured AS (
    SELECT *, ST_Area(geom::geography) AS m2, ST_Perimeter(geom::geography) AS m FROM pieces
)
SELECT json_build_object('flaw', flaw, 'level', level, 'of', subject, 'lies_in', lies_in, 'area_m2', round(m2::numeric, 3),
                         'width_m', round((2 * m2 / m)::numeric, 4))
FROM measured WHERE m2 >= {TOLERANCE_M2} AND 2 * m2 / m >= {SNAP_M}
ORDER BY flaw, level, subject, lies_in, m2
"""

with Cluster() as db:
    db.sql("CREATE TABLE villages (code text, name text, geom geometry(Polygon, 4326));")
    db.sql("CREATE TABLE cells (code text, level text, village_code text, geom geometry(Polygon, 4326));")
    for one in V:
        p = one["properties"]
        db.sql(f"INSERT INTO villages VALUES ('{p['code']}', '{p['name']}', ST_SetSRID('{shape(one['geometry']).wkt}'::geometry, 4326));")
    for one in C:
        p = one["properties"]
        db.sql(f"INSERT INTO cells VALUES ('{p['code']}', '{p['level']}', '{p['village_code']}', ST_SetSRID('{shape(one['geometry']).wkt}'::geometry, 4326));")
    version = db.sql("SELECT PostGIS_Lib_Version();")[0]
    lines = [json.dumps({"versions": f"PostGIS {version}"})]
    lines += [json.dumps(json.loads(row), ensure_ascii=False) for row in db.sql(ANSWERS + ";")]
(HERE / "grid.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
