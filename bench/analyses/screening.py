#!/usr/bin/env python3
"""Screening and farmland-overlap beside GeoPandas and PostGIS, in one run, over one made-up province.

    apt-get install postgresql-15 postgresql-15-postgis-3
    pip install geopandas pyogrio
    python3 bench/analyses/screening.py [--farms 100000] [--binary target/release/xiangtu] [--runs 3]

The place is made from a seed in the proportions of a northern plain: for each 1000 farms 30 schools, 300 water bodies, 20 no-farm
zones and 4000 parcels of farmland. Two questions:

    screening           all rules of livestock and livestock-2010 that the layers can answer: farms in and within 500 m of a zone,
                        within 400 m of a river, within 500 m of a school or of another farm; for each the nearest and how many
    farmland-overlap    the ground that each farm has in common with the parcels, what two of them cover counted once

Layers are loaded and indexed before the clock starts. Xiangtu is asked over HTTP, an address that nobody has asked before; it and
PostGIS geography measure on the ellipsoid, GeoPandas in EPSG:4548, already projected. Prints a line of a Markdown table a question.
"""
import argparse
import json
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import geopandas as gpd
import numpy as np
import shapely

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/oracle"))
from cluster import Cluster  # noqa: E402

SEED = 20261101
KINDS = {"farms": "farm", "schools": "school", "ponds": "waterbody", "zones": "no_farm_zone", "parcels": "basic_farmland"}


def stars(rng, xy, radius, corners):
    turn = 2 * np.pi / corners
    angle = turn * (np.arange(corners) + rng.uniform(-0.35, 0.35, (len(xy), corners)))
    reach = radius[:, None] * rng.uniform(0.6, 1, (len(xy), corners))
    x, y = xy[:, :1] + reach * np.cos(angle) / 85_700, xy[:, 1:] + reach * np.sin(angle) / 111_000
    rings = np.stack([x, y], axis=2)
    return shapely.polygons(np.concatenate([rings, rings[:, :1]], axis=1).round(8))


def make(farms):
    rng = np.random.default_rng(SEED)
    side = np.sqrt(farms / 21) * 0.018
    at = lambda n: np.array([116.0, 36.0]) + rng.random((n, 2)) * side  # noqa: E731
    ids = lambda letter, n: [f"{letter}{k:07}" for k in range(n)]  # noqa: E731
    frame = lambda letter, shapes, **more: gpd.GeoDataFrame({"id": ids(letter, len(shapes)), **more}, geometry=shapes, crs=4326)  # noqa: E731
    n = farms
    out = {
        "farms": frame("f", stars(rng, at(n), rng.uniform(9, 60, n), 7), species=rng.choice(["pig", "beef", "sheep", "layer"], n), yearly_output=rng.integers(5, 2000, n)),
        "schools": frame("s", stars(rng, at(n * 3 // 100), rng.uniform(30, 90, n * 3 // 100), 6)),
        "ponds": frame("p", stars(rng, at(n * 3 // 10), rng.uniform(9, 70, n * 3 // 10), 24), type=rng.choice(["pond", "pond", "pond", "ditch", "river"], n * 3 // 10)),
        "zones": frame("z", stars(rng, at(n * 2 // 100), rng.uniform(200, 900, n * 2 // 100), 40), **{"class": ["forbidden"] * (n * 2 // 100)}),
        "parcels": frame("b", stars(rng, at(n * 4), rng.uniform(20, 90, n * 4), 9)),
    }
    return out


def timed(runs, query):
    times = []
    for run in range(runs):
        start = time.perf_counter()
        answer = query(run)
        times.append(time.perf_counter() - start)
    return statistics.median(times), answer


def ask_xiangtu(binary, folder, data, runs):
    place = folder / "map"
    run = lambda *args: subprocess.run([binary, "--quiet", *map(str, args)], check=True)  # noqa: E731
    run("new", place)
    for name, frame in data.items():
        file = folder / f"{name}.fgb"
        frame.to_file(file, driver="FlatGeobuf", engine="pyogrio")
        run("import", place, name, file, "--kind", KINDS[name], "--key", "id", "--on", "2026-01-01")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = {}

    def get(path):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            return json.load(answer)

    for question, address in (("screening", "screening~rules=livestock,livestock-2010"), ("farmland-overlap", "farmland-overlap")):
        times = []
        for _ in range(runs):
            server = subprocess.Popen([binary, "--quiet", "serve", place, "--listen", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL)
            try:
                for _ in range(600):
                    try:
                        get("/health")
                        break
                    except OSError:
                        time.sleep(0.1)
                # Loaded and indexed: a window asks each R-tree.
                for name in data:
                    get(f"/collections/{name}/items?limit=1&bbox=116,36,116.01,36.01")
                start = time.perf_counter()
                answer = get(f"/collections/{address}/items?limit=1")
                times.append(time.perf_counter() - start)
            finally:
                server.terminate()
                server.wait()
        found[question] = (statistics.median(times), answer["numberMatched"])
    return found


def ask_geopandas(data, runs):
    plane = {name: frame.to_crs(4548) for name, frame in data.items()}
    for frame in plane.values():
        frame.sindex
    farms, rivers = plane["farms"], plane["ponds"][plane["ponds"]["type"] == "river"]
    rivers.sindex

    def near(other, metres, own=False):
        left, right = other.sindex.query(farms.geometry, predicate="dwithin", distance=metres)
        if own:
            left, right = left[left != right], right[left != right]
        apart = shapely.distance(farms.geometry.values[left], other.geometry.values[right])
        order = np.lexsort((right, apart, left))
        _, first, count = np.unique(left[order], return_index=True, return_counts=True)
        return len(first), apart[order][first], count

    def covered(other):
        left, right = other.sindex.query(farms.geometry, predicate="intersects")
        parts = shapely.intersection(farms.geometry.values[left], other.geometry.values[right])
        kept = shapely.area(parts) >= 1
        left, parts = left[kept], parts[kept]
        order = np.argsort(left, kind="stable")
        cuts = np.flatnonzero(np.diff(left[order])) + 1
        groups = np.split(order, cuts) if len(order) else []
        return len(groups), [shapely.area(parts[g[0]] if len(g) == 1 else shapely.union_all(parts[g])) for g in groups]

    def screening(_):
        # The law and the regulation ask the same of the same zones: one join, two rows.
        return 2 * covered(plane["zones"])[0] + near(plane["zones"], 500)[0] + near(rivers, 400)[0] + near(plane["schools"], 500)[0] + near(farms, 500, own=True)[0]

    return {"screening": timed(runs, screening), "farmland-overlap": timed(runs, lambda _: covered(plane["parcels"])[0])}


def ask_postgis(folder, data, runs):
    with Cluster("shared_buffers=1GB", "work_mem=256MB", "max_parallel_workers_per_gather=2", "jit=off") as pg:
        for name, frame in data.items():
            columns = [column for column in frame.columns if column not in ("id", "geometry")]
            pg.sql(f"CREATE TABLE {name} (id text, {''.join(f'{json.dumps(c)} text, ' for c in columns)} geom geometry(Geometry, 4326))")
            rows = zip(*(frame[c] for c in ["id", *columns]), shapely.to_wkb(frame.geometry.values, hex=True, include_srid=False))
            pg.sql(f"COPY {name} FROM STDIN;\n" + "\n".join("\t".join(map(str, row)) for row in rows) + "\n\\.\n")
            pg.sql(f"ALTER TABLE {name} ADD geog geography, ADD plane geometry; UPDATE {name} SET geom = ST_SetSRID(geom, 4326); UPDATE {name} SET geog = geom::geography, plane = ST_Transform(geom, 4548); CREATE INDEX ON {name} USING gist (geog); CREATE INDEX ON {name} USING gist (plane); VACUUM ANALYZE {name}")

        def near(other, metres, where="true"):
            return int(pg.sql(f"SELECT count(*) FROM (SELECT DISTINCT ON (f.id) f.id, t.id, ST_Distance(f.geog, t.geog) d, count(*) OVER (PARTITION BY f.id) FROM farms f JOIN {other} t ON ST_DWithin(f.geog, t.geog, {metres}) AND {where} ORDER BY f.id, d) q")[0])

        def covered(other):
            return int(pg.sql(f"SELECT count(*) FROM (SELECT f.id, ST_Area(ST_Transform(ST_Union(ST_Intersection(f.plane, t.plane)), 4326)::geography) a FROM farms f JOIN {other} t ON ST_Intersects(f.plane, t.plane) GROUP BY f.id) q WHERE a >= 1")[0])

        def screening(_):
            return 2 * covered("zones") + near("zones", 500) + near("ponds", 400, "t.type = 'river'") + near("schools", 500) + near("farms", 500, "f.id <> t.id")

        return {"screening": timed(runs, screening), "farmland-overlap": timed(runs, lambda _: covered("parcels"))}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--farms", type=int, default=100_000)
    parser.add_argument("--binary", default=str(ROOT / "target/release/xiangtu"))
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    data = make(asked.farms)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        ours = ask_xiangtu(asked.binary, folder, data, asked.runs)
        pandas = ask_geopandas(data, asked.runs)
        postgis = ask_postgis(folder, data, asked.runs)
    print(f"| {asked.farms} farms | rows | Xiangtu | GeoPandas | PostGIS geography |\n|---|---|---|---|---|")
    for question in ours:
        (own, rows), (theirs, their_rows), (others, other_rows) = ours[question], pandas[question], postgis[question]
        print(f"| {question} | {rows} ({their_rows}; {other_rows}) | {own:.2f} s | {theirs:.2f} s ({theirs / own:.1f} ×) | {others:.2f} s ({others / own:.1f} ×) |", flush=True)


if __name__ == "__main__":
    main()
