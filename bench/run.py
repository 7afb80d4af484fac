#!/usr/bin/env python3
"""Xiangtu against the fastest peers: the same made province, the same machine, the same run.

    cargo build --release
    pip install numpy shapely pyogrio geopandas 'apache-sedona[db]' duckdb==1.5.5 duckdb-extension-spatial duckdb-extensions psycopg2-binary
    apt-get install gdal-bin postgresql-15 postgresql-15-postgis-3
    python3 bench/run.py [--scale 0.1] [--seed 7] [--runs 3] [--engines xiangtu,duckdb,sedona,geopandas,postgis] [--work DIR]

Makes the province (kept in DIR for the next run), a Xiangtu map of it, and then runs one engine after the other, each
in a process of its own, PostGIS in a throw-away cluster. Prints Markdown tables: times, peak memory, answers. Every line
that an engine printed goes to DIR/results.jsonl. An engine that cannot be had is named, not skipped in silence.
"""
import argparse
import contextlib
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "oracle"))
from cluster import Cluster  # noqa: E402

KINDS = {"villages": "village", "roads": "road", "ponds": "waterbody", "farms": "farm", "schools": "school", "toilets": "toilet"}
QUERIES = ["farms-near-schools", "uncleaned-ponds", "coverage-gaps"]
NAMES = {"uncleaned-waterbodies": "uncleaned-ponds"}  # Xiangtu's name for it
TITLES = {"xiangtu": "Xiangtu", "duckdb": "DuckDB Spatial", "sedona": "SedonaDB", "geopandas": "GeoPandas",
          "postgis-planar": "PostGIS, planar", "postgis-geography": "PostGIS, geography"}
ELLIPSOIDAL = {"xiangtu", "postgis-geography"}


def run(*command):
    """One process to its end: its JSON lines, its peak resident memory in MiB."""
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, text=True)
    lines = []
    for text in process.stdout:
        with contextlib.suppress(json.JSONDecodeError):
            lines.append(json.loads(text))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    return lines, usage.ru_maxrss / 1024


def memory_of(root, peak, stop):
    """The cluster's own memory, shared pages counted once, looked at four times a second."""
    postmaster = (root / "data" / "postmaster.pid").read_text().split()[0]
    while not stop.wait(0.25):
        total = 0
        for status in pathlib.Path("/proc").glob("[0-9]*/status"):
            with contextlib.suppress(OSError, IndexError):
                if status.parent.name == postmaster or f"PPid:\t{postmaster}\n" in status.read_text():
                    rollup = (status.parent / "smaps_rollup").read_text()
                    total += int(rollup.split("\nPss:")[1].split()[0])
        peak[0] = max(peak[0], total / 1024)


def xiangtu(binary, layers, work, runs):
    folder = work / "map"
    shutil.rmtree(folder, ignore_errors=True)
    start = time.perf_counter()
    subprocess.run([binary, "--quiet", "new", folder], check=True, stdout=subprocess.DEVNULL)
    for layer, kind in KINDS.items():
        subprocess.run([binary, "--quiet", "import", folder, layer, layers / f"{layer}.fgb", "--kind", kind], check=True, stdout=subprocess.DEVNULL)
    taken = time.perf_counter() - start
    lines, peak = run(binary, "bench", folder, "--runs", runs, "--json")
    return [{"engine": "xiangtu", "import_s": round(taken, 1)}, *lines], peak


def postgis(layers, runs):
    peak, stop = [0.0], threading.Event()
    with Cluster("shared_buffers=1GB", "effective_cache_size=4GB", "max_wal_size=4GB") as cluster:
        watch = threading.Thread(target=memory_of, args=(cluster.root, peak, stop))
        watch.start()
        try:
            lines, _ = run(sys.executable, HERE / "peers.py", layers, "--engines", "postgis", "--runs", runs, "--dsn", f"host={cluster.root} user=postgres dbname=postgres")
        finally:
            stop.set()
            watch.join()
    return lines, peak[0]


def table(head, rows):
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def report(results, peaks):
    best = {(r["engine"], NAMES.get(r["query"], r["query"])): r for r in results if "best_s" in r}
    engines = [e for e in TITLES if any(k[0] == e for k in best)]
    rows = []
    for query in QUERIES:
        peers = {e: best[e, query]["best_s"] for e in engines if e != "xiangtu" and (e, query) in best}
        plane = min((t for e, t in peers.items() if e not in ELLIPSOIDAL), default=None)
        sphere = min((t for e, t in peers.items() if e in ELLIPSOIDAL), default=None)
        own = best.get(("xiangtu", query), {}).get("best_s")
        times = ["–" if (e, query) not in best else f"{best[e, query]['best_s']:.4f} ({best[e, query]['median_s']:.4f})" for e in engines]
        ratio = ["–" if not own or not t else f"{t / own:.1f} ×" for t in (plane, sphere)]
        rows.append([query, *times, *ratio])
    print("Seconds, best (median) of the runs:\n")
    table(["query", *(TITLES[e] for e in engines), "faster than the fastest planar peer", "than the fastest ellipsoidal peer"], rows)

    print("Answers (rows; checksum: the sum of the distances in m, the sum of the uncovered ground in km²):\n")
    table(["query", *(TITLES[e] for e in engines)],
          [[query, *("–" if (e, query) not in best else f"{best[e, query]['rows']:,}" + ("" if best[e, query].get("sum") is None else f"; {best[e, query]['sum']:,}") for e in engines)] for query in QUERIES])

    print("Loading and memory:\n")
    loads = {r["engine"]: r["load_s"] for r in results if "load_s" in r}
    imports = {r["engine"]: r["import_s"] for r in results if "import_s" in r}
    table(["engine", "load, s", "peak memory, MiB"],
          [[TITLES.get(e, "PostGIS"), f"{loads[e]:.2f}" + (f" (files into the map folder, once: {imports[e]:.1f})" if e in imports else ""), f"{peaks[e]:,.0f}"] for e in peaks if e in loads])
    for r in results:
        if "error" in r:
            print(f"- not had: {r['engine']} {r.get('query', '')}: {r['error']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--engines", default="xiangtu,duckdb,sedona,geopandas,postgis")
    parser.add_argument("--binary", type=pathlib.Path, default=HERE.parent / "target" / "release" / "xiangtu")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "xiangtu-bench")
    args = parser.parse_args()
    work = args.work / f"scale-{args.scale:g}-seed-{args.seed}"
    layers = work / "layers"
    if not (layers / "complete").exists():
        subprocess.run([sys.executable, HERE / "province.py", layers, "--scale", str(args.scale), "--seed", str(args.seed)], check=True, stdout=sys.stderr)
        (layers / "complete").touch()
    results, peaks = [], {}
    for engine in args.engines.split(","):
        print(f"{engine} …", file=sys.stderr)
        try:
            if engine == "xiangtu":
                lines, peak = xiangtu(args.binary, layers, work, args.runs)
            elif engine == "postgis":
                lines, peak = postgis(layers, args.runs)
            else:
                lines, peak = run(sys.executable, HERE / "peers.py", layers, "--engines", engine, "--runs", args.runs)
            peaks[engine] = peak
            results += lines
        except Exception as error:  # an engine that is missing is a finding of its own
            results.append({"engine": engine, "error": str(error)[:300]})
    (work / "results.jsonl").write_text("".join(json.dumps(r) + "\n" for r in [*results, {"peak_mib": peaks}]))
    print(f"Scale {args.scale:g}, seed {args.seed}, {args.runs} runs; {os.cpu_count()} cores, {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GB, {platform.system()} {platform.machine()}.\n")
    report(results, peaks)


if __name__ == "__main__":
    main()
