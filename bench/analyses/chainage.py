#!/usr/bin/env python3
"""Locate points along a road: chainage of 100 000 points beside 120 km of road, Xiangtu and PostGIS in the same run.

    cargo build --release
    python3 bench/analyses/chainage.py [--points N] [--km K] [--runs R] [--bin target/release/xiangtu]

PostGIS 3.3 locates on planes only: it is given the road already projected (EPSG:4548) and gives metres of that plane, which is
less than Xiangtu does (ellipsoidal length, offset, side); it is not asked for more. Its table of points is loaded before the
clock starts. Prints a row of a Markdown table.
"""
import argparse
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/oracle"))
from cluster import Cluster  # noqa: E402


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--points", type=int, default=100_000)
    options.add_argument("--km", type=float, default=120)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--bin", default=str(ROOT / "target/release/xiangtu"))
    asked = options.parse_args()
    rng = random.Random(112)
    road, heading, at = [(117.0, 39.6)], 80.0, (117.0, 39.6)
    for _ in range(int(asked.km * 1000 / 60)):
        heading = max(40, min(120, heading + rng.uniform(-6, 6)))
        east, north = 60 * math.sin(math.radians(heading)), 60 * math.cos(math.radians(heading))
        at = (round(at[0] + east / 85_800, 7), round(at[1] + north / 111_000, 7))
        road.append(at)
    points = []
    for _ in range(asked.points):
        x, y = rng.choice(road)
        points.append((round(x + rng.gauss(0, 150) / 85_800, 7), round(y + rng.gauss(0, 150) / 111_000, 7)))
    with tempfile.TemporaryDirectory() as folder:
        for name, places in [("road", road), ("points", points)]:
            (pathlib.Path(folder) / f"{name}.csv").write_text("".join(f"{x},{y}\n" for x, y in places))
        ours = json.loads(subprocess.check_output([asked.bin, "bench", "--chainage", folder, "--runs", str(asked.runs)], text=True).splitlines()[0])
    with Cluster("shared_buffers=256MB", "work_mem=64MB") as db:
        line = ",".join(f"{x} {y}" for x, y in road)
        db.sql(f"CREATE TABLE r AS SELECT g, ST_Length(g) AS m FROM (SELECT ST_Transform('SRID=4490;LINESTRING({line})'::geometry, 4548) AS g) AS t")
        rows = "\n".join(f"{x}\t{y}" for x, y in points)
        db.sql(f"CREATE TABLE c (x float8, y float8);\nCOPY c FROM STDIN;\n{rows}\n\\.\n")
        db.sql("CREATE TABLE p AS SELECT ST_Transform(ST_SetSRID(ST_Point(x, y), 4490), 4548) AS g FROM c; ANALYZE p")
        times, total = [], 0.0
        for _ in range(asked.runs):
            begun = time.perf_counter()
            total = float(db.sql("SELECT sum(ST_LineLocatePoint(r.g, p.g) * r.m) FROM p, r")[0])
            times.append(time.perf_counter() - begun)
    theirs = min(times)
    print(f"| chainage of {asked.points} points, {len(road) - 1} edges | {ours['best_s']:.3f} s | {theirs:.3f} s | {theirs / ours['best_s']:.1f} × | Σ {ours['sum_km']:.0f} km, PostGIS {total / 1000:.0f} km on its plane |")


main()
