#!/usr/bin/env python3
"""Xiangtu's HTTP door beside martin, tipg and pygeoapi: the same farms, the same client, distinct requests, one run.

    cargo build --release
    cargo install martin --version 1.14.0 --locked --no-default-features --features postgres
    pip install tipg uvicorn pygeoapi 'psycopg[binary]' psycopg2-binary geoalchemy2
    apt-get install gdal-bin postgresql-15 postgresql-15-postgis-3
    pip install numpy shapely pyogrio geopandas
    python3 bench/doors.py [--scale 1] [--engines xiangtu,martin,tipg,pygeoapi] [--work DIR] [--martin PATH]

Makes the province and Xiangtu's map in DIR where bench/run.py has not left them there already. Every request of a pass is another tile or window, around farms
drawn with a seed; a cold pass asks each for the first time, a warm one asks the same again. One client, one connection.
"""
import argparse
import contextlib
import http.client
import json
import math
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "oracle"))
from cluster import Cluster  # noqa: E402

COLUMNS = ["species", "head", "inside_village"]
DOORS = ["xiangtu", "martin", "tipg", "pygeoapi", "postgres"]
PORTS = {}


def prepare(args, work):
    """The layers and Xiangtu's map of them, made where they are not there yet."""
    layers, folder = work / "layers", work / "map"
    if not (layers / "farms.fgb").exists():
        command = [sys.executable, HERE / "province.py", layers, "--scale", args.scale, "--seed", args.seed]
        subprocess.run([str(c) for c in command], check=True, stdout=subprocess.DEVNULL)
    if "xiangtu" in args.engines and not folder.exists():
        subprocess.run([args.binary, "--quiet", "new", folder], check=True, stdout=subprocess.DEVNULL)
        command = [args.binary, "--quiet", "import", folder, "farms", layers / "farms.fgb", "--kind", "farm"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return layers


def tile(lng, lat, z):
    n = 1 << z
    x = int((lng + 180) / 360 * n)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n)
    return z, x, y


def places(layers, count, seed):
    """Points of farms, drawn with a seed."""
    import pyogrio
    frame = pyogrio.read_dataframe(layers / "farms.fgb", columns=[])
    chosen = random.Random(seed).sample(range(len(frame)), count)
    points = frame.geometry.iloc[chosen].representative_point()
    return list(zip(points.x, points.y))


def distinct(items):
    return list(dict.fromkeys(items))


def workloads(layers):
    dots = places(layers, 6000, 7)
    die = random.Random(11)
    near = distinct(tile(*dot, die.choice([11, 12, 13, 14])) for dot in dots[:2500])[:1000]
    far = distinct(tile(*dot, die.choice([7, 8, 9, 10])) for dot in dots)[:120]
    windows = []
    for lng, lat in dots[:1000]:
        half = die.uniform(0.005, 0.02)
        windows.append((round(lng - half, 6), round(lat - half, 6), round(lng + half, 6), round(lat + half, 6)))
    wide = [(w - 0.05, s - 0.05, e + 0.05, n + 0.05) for w, s, e, n in windows[:300]]
    return {"tiles z11–14": near, "tiles z7–10": far, "items?bbox": windows, "items?bbox&filter": wide}


# Features to a page of a walk: a tenth of what is given where nobody asks for more, and that.
PAGES = [1000, 10_000]

FILTER = "head > 300 AND species = 'pig'"


def paths(engine, name, asked):
    box = lambda b: ",".join(f"{x:.6f}" for x in b)
    text = urllib.parse.quote(FILTER)
    for one in asked:
        if name.startswith("tiles"):
            z, x, y = one
            yield {
                "xiangtu": f"/collections/farms/tiles/WebMercatorQuad/{z}/{y}/{x}?properties={','.join(COLUMNS)}",
                "martin": f"/farms/{z}/{x}/{y}",
                "tipg": f"/collections/pub.farms/tiles/WebMercatorQuad/{z}/{x}/{y}",
            }.get(engine)
        elif name == "items?bbox":
            yield {
                "xiangtu": f"/collections/farms/items?limit=1000&properties={','.join(COLUMNS)}&bbox={box(one)}",
                "tipg": f"/collections/pub.farms/items?limit=1000&f=geojson&bbox={box(one)}",
                "pygeoapi": f"/collections/farms/items?limit=1000&f=json&bbox={box(one)}",
            }.get(engine)
        else:
            yield {
                "xiangtu": f"/collections/farms/items?limit=1000&properties={','.join(COLUMNS)}&bbox={box(one)}&filter={text}",
                "tipg": f"/collections/pub.farms/items?limit=1000&f=geojson&bbox={box(one)}&filter-lang=cql2-text&filter={text}",
                "pygeoapi": f"/collections/farms/items?limit=1000&f=json&bbox={box(one)}&filter-lang=cql-text&filter={text}",
            }.get(engine)


class Link:
    """A connection, with no more around it than HTTP/1.1 asks for: what a client adds is in every engine's time alike, and should be little."""

    def __init__(self, port):
        self.port = port
        self.open()

    def open(self):
        self.held, self.head = b"", b""
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def until(self, mark):
        while mark not in self.held:
            self.more()
        head, _, self.held = self.held.partition(mark)
        return head

    def exactly(self, length):
        while len(self.held) < length:
            self.more()
        body, self.held = self.held[:length], self.held[length:]
        return body

    def more(self):
        got = self.socket.recv(1 << 18)
        if not got:
            raise ConnectionError("closed")
        self.held += got

    def get(self, path, packed=True):
        """Asks for a path: the status, and how long the body is that was read to its end. Its head stays in `head`."""
        # A server may close after each answer, and leave the socket open all the same; what it costs to come again counts.
        if b"connection: close" in self.head.lower():
            self.open()
        packing = "Accept-Encoding: gzip\r\n" if packed else ""
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{packing}\r\n".encode())
        self.head = self.until(b"\r\n\r\n")
        head = self.head.lower()
        status = int(head[9:12])
        if b"content-length:" in head:
            return status, len(self.exactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0])))
        size = 0
        while b"transfer-encoding: chunked" in head:
            length = int(self.until(b"\r\n").split(b";")[0], 16)
            size += len(self.exactly(length + 2)) - 2
            if length == 0:
                break
        else:
            # Neither a length nor chunks: it ends where the connection does.
            if status not in (204, 304):
                with contextlib.suppress(ConnectionError):
                    while True:
                        self.more()
                size = len(self.held)
                self.held = b""
        return status, size


def ask(port, lines):
    """Every path once, one after the other over one connection, each answer read to its end: the times that one client sees."""
    link, times, size, errors = Link(port), [], 0, 0
    begin = time.perf_counter()
    for line in lines:
        start = time.perf_counter()
        try:
            status, length = link.get(line)
        except ConnectionError:
            # A server may close between two answers; what it cost to come again counts.
            link = Link(port)
            status, length = link.get(line)
        size += length
        times.append((time.perf_counter() - start) * 1e3)
        errors += status >= 400
    seconds, times = time.perf_counter() - begin, sorted(times)
    at = lambda share: round(times[min(int(share * len(times)), len(times) - 1)], 3)
    return {"requests": len(lines), "seconds": round(seconds, 4), "bytes": size, "errors": errors, "p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99)}


def memory_mib(pid):
    """Peak resident memory of a process and its children."""
    total = 0
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            text = status.read_text()
            own = status.parent.name == str(pid) or f"PPid:\t{pid}\n" in text
            if own and "VmHWM:" in text:
                total += int(text.split("VmHWM:")[1].split()[0])
    return total / 1024


@contextlib.contextmanager
def serving(engine, command, path, **more):
    env = {**os.environ, **more.pop("env", {})}
    log = open(pathlib.Path(tempfile.gettempdir()) / f"bench-{engine}.log", "w")
    process = subprocess.Popen([str(c) for c in command], stdout=log, stderr=log, env=env, start_new_session=True, **more)
    try:
        for _ in range(600):
            # Closed again: a server of one thread would wait for what else it asks.
            with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(http.client.HTTPConnection("127.0.0.1", PORTS[engine], timeout=60)) as link:
                link.request("GET", path)
                if link.getresponse().status == 200:
                    break
            if process.poll() is not None:
                raise RuntimeError(f"{engine} ended: {open(log.name).read()[-400:]}")
            time.sleep(0.2)
        else:
            raise RuntimeError(f"{engine} does not answer")
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def postgis(cluster, layers):
    port = PORTS["postgres"]
    dsn = f"host=127.0.0.1 port={port} user=postgres dbname=postgres"
    cluster.sql("CREATE SCHEMA pub")
    subprocess.run(
        ["ogr2ogr", "-f", "PostgreSQL", f"PG:{dsn} active_schema=pub", layers / "farms.fgb", "-nln", "farms", "-lco", "FID=fid", "-lco", "GEOMETRY_NAME=geom",
         "-lco", "SCHEMA=pub", "-a_srs", "EPSG:4326", "-nlt", "PROMOTE_TO_MULTI", "-select", ",".join(COLUMNS), "--config", "PG_USE_COPY", "YES"], check=True)
    cluster.sql("VACUUM ANALYZE pub.farms")
    return dsn


PYGEOAPI = """
server: {{bind: {{host: 127.0.0.1, port: {port}}}, url: 'http://127.0.0.1:{port}', mimetype: application/json, encoding: utf-8, languages: [en-US], gzip: true, limits: {{default_items: 1000, max_items: 10000}}, map: {{url: 'http://localhost/', attribution: ''}}}}
logging: {{level: ERROR}}
metadata:
  identification: {{title: bench, description: bench, keywords: [bench], keywords_type: theme, terms_of_service: none, url: 'http://localhost'}}
  license: {{name: none, url: 'http://localhost'}}
  provider: {{name: none, url: 'http://localhost'}}
  contact: {{name: none}}
resources:
  farms:
    type: collection
    title: farms
    description: farms
    keywords: [farms]
    links: []
    extents: {{spatial: {{bbox: [-180, -90, 180, 90], crs: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'}}}}
    providers:
      - {{type: feature, name: PostgreSQL, data: {{host: 127.0.0.1, port: {pg}, dbname: postgres, user: postgres, password: none, search_path: [pub, public]}}, id_field: fid, table: farms, geom_field: geom}}
"""


def engines(args, work, layers, wanted):
    """Each engine, ready to be asked: its name and process."""
    if "xiangtu" in wanted:
        with serving("xiangtu", [args.binary, "serve", work / "map", "--listen", f"127.0.0.1:{PORTS['xiangtu']}"], "/collections/farms") as pid:
            yield "xiangtu", pid
    if not {"martin", "tipg", "pygeoapi"} & set(wanted):
        return
    # The cluster and its own psql alike.
    os.environ["PGPORT"] = str(PORTS["postgres"])
    with Cluster("shared_buffers=1GB", "effective_cache_size=4GB", "max_wal_size=4GB", "listen_addresses=127.0.0.1") as cluster:
        postgis(cluster, layers)
        url = f"postgresql://postgres@127.0.0.1:{PORTS['postgres']}/postgres"
        starts = {
            "martin": ([args.martin, "--listen-addresses", f"127.0.0.1:{PORTS['martin']}", "--cache-size", "0", url], "/health", {}),
            "tipg": ([sys.executable, "-m", "uvicorn", "tipg.main:app", "--port", str(PORTS["tipg"]), "--workers", "2", "--log-level", "error"], "/healthz",
                     {"env": {"DATABASE_URL": url, "TIPG_DB_SCHEMAS": '["pub"]'}}),
        }
        config, openapi = work / "pygeoapi.yml", work / "pygeoapi-openapi.yml"
        config.write_text(PYGEOAPI.format(port=PORTS["pygeoapi"], pg=PORTS["postgres"]))
        env = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
        tool = pathlib.Path(sys.executable).parent / "pygeoapi"
        starts["pygeoapi"] = ([tool, "serve"], "/collections/farms?f=json", {"env": env})
        for engine in wanted:
            if engine in starts:
                command, path, more = starts[engine]
                try:
                    if engine == "pygeoapi":
                        subprocess.run([tool, "openapi", "generate", config, "--output-file", openapi], check=True, env={**os.environ, **env}, capture_output=True)
                    with serving(engine, command, path, **more) as pid:
                        yield engine, pid
                except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
                    # Named, not skipped in silence.
                    said = (getattr(error, "stderr", None) or b"").decode()[-400:]
                    print(json.dumps({"engine": engine, "error": f"{error} {said}"}), flush=True)


def begin(engine, limit):
    """The first page of so many farms, with the attributes that all engines hold."""
    return {
        "xiangtu": f"/collections/farms/items?limit={limit}&properties={','.join(COLUMNS)}",
        "tipg": f"/collections/pub.farms/items?limit={limit}&f=geojson",
        "pygeoapi": f"/collections/farms/items?limit={limit}&f=json",
    }[engine]


def stream(port, limit, path=None):
    """So many farms as one GeoJSON document, read to the end."""
    start = time.perf_counter()
    size = Link(port).get(path or f"/collections/farms/items?limit={limit}", packed=False)[1]
    return {"features": limit, "seconds": round(time.perf_counter() - start, 3), "bytes": size}


def walk(port, features, page, path=None):
    """So many farms, page by page: by the link that each page gives in its head, else by the offset that the peers' own links count on."""
    first = path or f"/collections/farms/items?limit={page}"
    start = time.perf_counter()
    link, path, size, errors = Link(port), first, 0, 0
    for at in range(page, features + page, page):
        try:
            status, length = link.get(path, packed=False)
        except ConnectionError:
            link = Link(port)
            status, length = link.get(path, packed=False)
        size += length
        errors += status >= 400
        following = link.head.find(b'rel="next"')
        if following < 0:
            path = f"{first}&offset={at}"
        else:
            path = link.head[link.head.rfind(b"<", 0, following) + 1:].split(b">")[0].decode().split(str(port), 1)[1]
    return {"features": features, "page": page, "seconds": round(time.perf_counter() - start, 3), "bytes": size, "errors": errors}


def exports(engine, pid, features, whole):
    """Pages of what all engines give at most to a page, and everything: as one document where that can be had, else as the pages of which it is made."""
    port, page = PORTS[engine], PAGES[-1]
    some = {"engine": engine, "what": "items pages", **walk(port, features, page, begin(engine, page)), "peak_mib": round(memory_mib(pid))}
    print(json.dumps(some), flush=True)
    all = stream(port, whole, begin(engine, whole)) if engine == "xiangtu" else walk(port, whole, page, begin(engine, page))
    all = {"engine": engine, "what": "export", **all, "peak_mib": round(memory_mib(pid))}
    print(json.dumps(all), flush=True)
    return [some, all]


def walks(port, features, runs=25):
    """Walks through pages beside streams, in turns: the best, the median, and the median of what a walk costs beside the stream of its own turn."""
    middle = lambda all: sorted(all)[len(all) // 2]
    turns = [(stream(port, features)["seconds"], {page: walk(port, features, page)["seconds"] for page in PAGES}) for _ in range(runs)]
    whole = [streamed for streamed, _ in turns]
    for page in PAGES:
        all = [walked[page] for _, walked in turns]
        print(json.dumps({"what": "walk", "features": features, "page": page, "turns": runs, "best_s": min(all), "median_s": middle(all), "stream_best_s": min(whole),
                          "stream_median_s": middle(whole), "times_the_stream": round(middle([walked[page] / streamed for streamed, walked in turns]), 2)}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--engines", default="xiangtu,martin,tipg,pygeoapi")
    parser.add_argument("--share", type=float, default=1, help="ask only so much of each list of questions")
    parser.add_argument("--binary", type=pathlib.Path, default=HERE.parent / "target" / "release" / "xiangtu")
    parser.add_argument("--martin", default="martin")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "xiangtu-bench")
    parser.add_argument("--port", type=int, default=8311, help="the first of five")
    args = parser.parse_args()
    PORTS.update((name, args.port + at) for at, name in enumerate(DOORS))
    work = args.work / f"scale-{args.scale:g}-seed-{args.seed}"
    layers = prepare(args, work)
    wanted, results, given = args.engines.split(","), [], []
    asked = {name: questions[: max(1, int(len(questions) * args.share))] for name, questions in workloads(layers).items()}
    for engine, pid in engines(args, work, layers, wanted):
        for name, questions in asked.items():
            lines = [path for path in paths(engine, name, questions) if path]
            for turn in ["cold", "warm"] if lines else []:
                result = {"engine": engine, "what": name, "pass": turn, **ask(PORTS[engine], lines), "peak_mib": round(memory_mib(pid))}
                print(json.dumps(result), flush=True)
                results.append(result)
        if engine == "xiangtu":
            walks(PORTS[engine], min(200_000, int(1_000_000 * args.scale)))
        if engine != "martin":
            given += exports(engine, pid, min(200_000, int(1_000_000 * args.scale)), int(1_000_000 * args.scale))
    report(results)
    tell(given)


def report(results):
    print("\n| question | pass | engine | requests/s | p50 ms | p95 ms | p99 ms | errors | MB | peak MiB | Xiangtu is faster by |\n|" + "---|" * 11)
    own = {(r["what"], r["pass"]): r["requests"] / r["seconds"] for r in results if r["engine"] == "xiangtu"}
    for r in sorted(results, key=lambda r: (r["what"], r["pass"])):
        rate = r["requests"] / r["seconds"]
        ratio = own.get((r["what"], r["pass"]), 0) / rate if rate and r["engine"] != "xiangtu" else None
        print(f"| {r['what']} | {r['pass']} | {r['engine']} | {rate:,.0f} | {r['p50_ms']:.2f} | {r['p95_ms']:.2f} | {r['p99_ms']:.2f} | {r['errors']} "
              f"| {r['bytes'] / 1e6:,.1f} | {r['peak_mib']:,} | {'–' if ratio is None else f'{ratio:,.1f} ×'} |")


def tell(given):
    """Pages and exports: features a second, beside Xiangtu's of the same work."""
    print("\n| what | engine | farms | s | farms/s | MB | peak MiB | errors | Xiangtu is faster by |\n|" + "---|" * 9)
    own = {r["what"]: r["seconds"] for r in given if r["engine"] == "xiangtu"}
    for r in sorted(given, key=lambda r: r["what"] != "items pages"):
        ratio = r["seconds"] / own[r["what"]] if r["what"] in own and r["engine"] != "xiangtu" else None
        print(f"| {r['what']} | {r['engine']} | {r['features']:,} | {r['seconds']:.2f} | {r['features'] / r['seconds']:,.0f} | {r['bytes'] / 1e6:,.0f} "
              f"| {r['peak_mib']:,} | {r.get('errors', 0)} | {'–' if ratio is None else f'{ratio:,.0f} ×'} |")


if __name__ == "__main__":
    main()
