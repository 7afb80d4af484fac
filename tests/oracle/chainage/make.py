#!/usr/bin/env python3
"""Make the frozen answers that chainage is held against.

    apt-get install postgresql-15 postgresql-15-postgis-3
    pip install geographiclib
    python3 tests/oracle/chainage/make.py [OUT_DIR]     # without OUT_DIR: over the frozen files beside this one

Two opinions on each point. A brute force of our own: the line's geodesic edges (Karney), the foot on each edge by golden
section over geodesic distances, the side from azimuths. And PostGIS: ST_LineLocatePoint finds the foot on the plane of the
road's own 3-degree Gauss-Krueger zone (version 3.3 locates on planes only), the length of ST_LineSubstring up to it is then
taken as geography. ST_LineInterpolatePoint is asked the other way round, on that plane and on plain degrees. The brute force is
the authority; divergences.txt says where PostGIS is off by more than 2 mm, and why.

    chainage.jsonl        roads with points beside them (along_m, offset_m, side) and places along them
    divergences.txt       where PostGIS is more than 2 mm off
"""
import json
import math
import pathlib
import random
import sys

import geographiclib
from geographiclib.geodesic import Geodesic

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from cluster import Cluster  # noqa: E402

SEED = 112
EARTH = Geodesic.WGS84
DECIMALS = 8  # about a millimetre
HERE = pathlib.Path(__file__).resolve().parent


def place(lon, lat, azimuth, metres):
    p = EARTH.Direct(lat, lon, azimuth, metres)
    return [round(p["lon2"], DECIMALS), round(p["lat2"], DECIMALS)]


def apart(a, b):
    return EARTH.Inverse(a[1], a[0], b[1], b[0])["s12"]


def along_edge(a, b, metres):
    g = EARTH.Inverse(a[1], a[0], b[1], b[0])
    p = EARTH.Direct(a[1], a[0], g["azi1"], metres)
    return [p["lon2"], p["lat2"]]


def road(rng, lon, lat, edges, longest):
    heading, line = rng.uniform(0, 360), [place(lon, lat, 0, 0)]
    for _ in range(edges):
        heading += rng.uniform(-22, 22)
        line.append(place(*line[-1], heading, rng.uniform(0.2, 1) * longest))
    return line


def foot(line, point):
    """The nearest place: metres along, metres off, side. Of several edges the first that is nearest."""
    begin, best = 0.0, None
    for a, b in zip(line, line[1:]):
        length = apart(a, b)
        # Far edges cannot be the nearest.
        if best is None or min(apart(a, point), apart(b, point)) - length < best[1]:
            low, high, ratio = 0.0, length, (math.sqrt(5) - 1) / 2
            one, two = high - ratio * high, ratio * high
            f, g = apart(along_edge(a, b, one), point), apart(along_edge(a, b, two), point)
            while high - low > 1e-5:
                if f < g:
                    high, two, g = two, one, f
                    one = high - ratio * (high - low)
                    f = apart(along_edge(a, b, one), point)
                else:
                    low, one, f = one, two, g
                    two = low + ratio * (high - low)
                    g = apart(along_edge(a, b, two), point)
            at = (low + high) / 2
            at = 0.0 if at < 1e-4 else length if length - at < 1e-4 else at
            off = apart(along_edge(a, b, at), point)
            if best is None or off < best[1] - 1e-6:
                best = (begin + at, off, (a, b, at, length))
        begin += length
    along, off, (a, b, at, length) = best
    on = along_edge(a, b, at)
    ahead = EARTH.Inverse(on[1], on[0], b[1], b[0])["azi1"] if at < length / 2 else EARTH.Inverse(on[1], on[0], a[1], a[0])["azi1"] + 180
    turn = (EARTH.Inverse(on[1], on[0], point[1], point[0])["azi1"] - ahead + 180) % 360 - 180
    return along, off, "left" if turn < 0 else "right"


def main():
    out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    rng = random.Random(SEED)
    roads = []
    for name, lon, lat, edges, longest in [
        ("village", 117.44, 39.60, 9, 60), ("town", 117.46, 39.61, 120, 90), ("at the zone's edge", 118.42, 36.8, 60, 400),
        ("south", 110.2, 20.1, 40, 700), ("north", 124.1, 48.2, 40, 900), ("long edges", 103.5, 30.6, 12, 4000),
    ]:
        line = road(rng, lon, lat, edges, longest)
        total = sum(apart(a, b) for a, b in zip(line, line[1:]))
        points = []
        for k in range(40):
            at = rng.uniform(0, total)
            a, b = 0, 0
            begin = 0.0
            for a, b in zip(line, line[1:]):
                length = apart(a, b)
                if begin + length >= at:
                    break
                begin += length
            on = along_edge(a, b, min(at - begin, length))
            reach = 1500 if k % 10 == 9 else 120
            points.append(place(*on, rng.uniform(0, 360), rng.uniform(0.5, reach)))
        roads.append({"name": name, "line": line, "total": total, "points": points, "places": [total * k / 16 for k in range(17)]})
    with Cluster() as db:
        version = db.sql("SELECT postgis_lib_version() || ', PROJ ' || split_part(postgis_proj_version(), ' ', 1)")[0]
        server = db.sql("SHOW server_version")[0].split()[0]
        rows, told = [], []
        for one in roads:
            zone = round(one["line"][0][0] / 3)
            srid = 4509 + zone  # CGCS2000, 3 degrees, without the zone in its eastings
            wkt = "LINESTRING(" + ",".join(f"{x} {y}" for x, y in one["line"]) + ")"
            db.sql(f"CREATE TABLE r AS SELECT ST_Transform(ST_SetSRID('{wkt}'::geometry, 4490), {srid}) AS g, ST_SetSRID('{wkt}'::geometry, 4490) AS d")
            points = []
            for k, point in enumerate(one["points"]):
                along, off, side = foot(one["line"], point)
                p = f"ST_Transform(ST_SetSRID(ST_Point({point[0]}, {point[1]}), 4490), {srid})"
                answer = db.sql(
                    f"SELECT ST_Length(ST_SetSRID(ST_Transform(ST_LineSubstring(g, 0, f), 4490), 4326)::geography) || ' ' ||"
                    f" ST_Distance(ST_SetSRID(ST_Point({point[0]}, {point[1]}), 4326)::geography, ST_SetSRID(ST_Transform(ST_LineInterpolatePoint(g, f), 4490), 4326)::geography)"
                    f" FROM r, LATERAL (SELECT ST_LineLocatePoint(g, {p}) AS f) AS located")[0]
                theirs = [float(x) for x in answer.split()]
                points.append({"at": point, "along_m": round(along, 4), "offset_m": round(off, 4), "side": side, "postgis_along_m": round(theirs[0], 4), "postgis_offset_m": round(theirs[1], 4)})
                for what, mine, their in [("along", along, theirs[0]), ("offset", off, theirs[1])]:
                    if abs(mine - their) > 2e-3:
                        told.append((f"{one['name']} point {k} {what}", mine, their, "edges"))
            places = []
            for k, metres in enumerate(one["places"]):
                begin, at = 0.0, None
                for a, b in zip(one["line"], one["line"][1:]):
                    length = apart(a, b)
                    if at is None and (begin + length >= metres - 1e-9):
                        at = along_edge(a, b, min(metres - begin, length))
                    begin += length
                at = at or one["line"][-1]
                share = min(1.0, metres / one["total"])
                plane, degrees = [
                    [float(x) for x in db.sql(f"SELECT ST_X(p) || ' ' || ST_Y(p) FROM (SELECT {how} AS p FROM r) AS q")[0].split()]
                    for how in (f"ST_Transform(ST_LineInterpolatePoint(g, {share}), 4490)", f"ST_LineInterpolatePoint(d, {share})")]
                places.append({"along_m": round(metres, 4), "at": [round(x, 9) for x in at], "postgis": [round(x, 9) for x in plane], "degrees": [round(x, 9) for x in degrees]})
                for what, theirs in [("plane", plane), ("degrees", degrees)]:
                    off = apart(at, theirs)
                    if off > 2e-3:
                        told.append((f"{one['name']} place {k} {what}", 0.0, off, what))
            db.sql("DROP TABLE r")
            rows.append({"name": one["name"], "line": one["line"], "points": points, "places": places})
    versions = f"PostgreSQL {server}, PostGIS {version}, GeographicLib (Python) {geographiclib.__version__}"
    with open(out / "chainage.jsonl", "w") as file:
        for row in [{"versions": versions, "seed": SEED}, *rows]:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    with open(out / "divergences.txt", "w") as file:
        file.write(f"# Where PostGIS is more than 2 mm off the brute force ({len(told)} figures).\n# {versions}\n# python3 tests/oracle/chainage/make.py\n")
        file.write("# edges: a straight edge on the plane of Gauss-Krueger is not the geodesic between its ends, so that the foot is another.\n")
        file.write("# plane: a share of the plane's length is not that share of the road's: the scale of the plane changes along it.\n")
        file.write("# degrees: a share of a length in degrees, where a degree of longitude counts as much as one of latitude.\n")
        file.write(f"# {'name':44} {'brute_force_m':>15} {'postgis_m':>15} {'off_m':>12} why\n")
        for name, mine, theirs, why in told:
            file.write(f"{name:46} {mine:15.4f} {theirs:15.4f} {theirs - mine:12.4f} {why}\n")


main()
