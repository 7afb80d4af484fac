"""Frozen answers about roads, worked out without a line of Xiangtu.

    pip install networkx pyproj shapely pyshp
    apt-get install postgresql-15-postgis-3 postgresql-15-pgrouting
    python3 tests/network/make.py [folder of the Xi'an roads]
    python3 tests/network/make.py --drive

Writes into `frozen/`: a nasty little network (`roads.geojson`) with places and villages about it; the ways between the places
(networkx and pgr_withPointsCost); how much of each road lies within a reach of facilities (networkx and pgr_drivingDistance);
how far each household is when it may walk off the roads (brute force, a point every quarter metre); how much of each road lies
farther than a straight reach from facilities (PostGIS). Lengths are Karney's geodesics (pyproj.Geod). Roads are cut by brute
force: where they share a vertex, and where one ends within a metre of another.

By drive (`--drive` does this part alone): each road has a class and some a speed of their own (`speeds.json`); the ways between the
places in seconds (networkx and pgr_withPointsCost), how much of each road is within so many seconds of a facility, and each
household's drive. One-way roads are obeyed; the way off the roads takes no time.

With the folder of the real roads of Xi'an it also writes the ways between some of their nodes, by the topology that came with
them, not by their geometry.
"""
import itertools
import json
import math
import pathlib
import random
import sys

import networkx as nx
import pyproj
import shapely
import shapely.ops
from shapely.geometry import LineString, Point

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "oracle"))
from cluster import Cluster  # noqa: E402

OUT = HERE / "frozen"
GEOD = pyproj.Geod(ellps="WGS84")
CENTRE = (117.4, 39.6)
# Azimuthal equidistant about the middle of two kilometres of network: a length is off by less than 1e-8 of itself.
PLANE = pyproj.Proj(proj="aeqd", lon_0=CENTRE[0], lat_0=CENTRE[1], ellps="WGS84")
JOIN_M = 1.0
OFF_ROAD_M = 80.0
REACH_M = 600.0
DRIVE_S = 45.0
# What maps/roads/speeds.toml says of classes, written down again.
CLASS_KMH = {"motorway": 100, "national": 60, "provincial": 60, "county": 40, "township": 30, "village": 20, "track": 15, None: 20}


def lnglat(x, y):
    return tuple(round(c, 9) for c in PLANE(x, y, inverse=True))


def length_m(coords):
    return GEOD.line_length([c[0] for c in coords], [c[1] for c in coords])


def nasty():
    """Roads by id: (one-way word, vertices in degrees)."""
    dice = random.Random(20261127)
    lines = {}

    def add(name, places, oneway=None):
        lines[name] = (oneway, [lnglat(*p) for p in places])

    # A grid of streets that share vertices, crooked; every third is one-way.
    corner = {(i, j): (i * 210 + dice.uniform(-40, 40), j * 180 + dice.uniform(-40, 40)) for i in range(7) for j in range(6)}
    for j in range(6):
        add(f"ew{j}", [corner[i, j] for i in range(7)], [None, None, "yes"][j % 3])
    for i in range(7):
        add(f"ns{i}", [corner[i, j] for j in range(6)], [None, "reverse", None][i % 3])
    # Side roads that end on another road's edge: on it, half a metre short, half a metre beyond, two metres short.
    for n, (gap, edge) in enumerate(itertools.product((0.0, 0.5, -0.5, 2.0), range(3))):
        (ax, ay), (bx, by) = corner[edge * 2, n % 5], corner[edge * 2 + 1, n % 5]
        t = dice.uniform(0.3, 0.7)
        x, y, d = ax + t * (bx - ax), ay + t * (by - ay), math.hypot(bx - ax, by - ay)
        nx_, ny_ = -(by - ay) / d, (bx - ax) / d
        add(f"side{n:02}", [(x + nx_ * 70, y + ny_ * 70), (x + nx_ * 35 + 9, y + ny_ * 35), (x + nx_ * gap, y + ny_ * gap)])
    # A bridge over everything, joined at its ends only; a ring with a stem; a road drawn twice; an island; a crossing of two
    # lines without a vertex; a one-way loop.
    add("bridge", [corner[0, 0], (700, 500), corner[6, 5]])
    ring = [(1500 + 90 * math.cos(a), 300 + 90 * math.sin(a)) for a in [k * math.tau / 16 for k in range(16)]]
    add("ring", ring + ring[:1])
    add("stem", [corner[6, 1], (1410.4, 300)])
    add("twice-a", [corner[2, 2], (490, 420), corner[3, 3]])
    add("twice-b", [corner[2, 2], (490, 420), corner[3, 3]])
    add("island", [(-500, 0), (-500, 300), (-300, 300)])
    add("island-2", [(-400, 150), (-500, 150)])
    loop = [(200 + 60 * math.cos(a), -150 + 60 * math.sin(a)) for a in [k * math.tau / 12 for k in range(12)]]
    add("loop", loop + loop[:1], "yes")
    add("to-loop", [corner[1, 0], (200, -90.3)])
    add("diagonal", [(100, 100), (1000, 800)])
    return lines


class Net:
    """Roads cut by brute force."""

    def __init__(self, lines, oneway):
        planar = {name: [PLANE(*c) for c in coords] for name, (_, coords) in lines.items()}
        shape = {name: LineString(p) for name, p in planar.items()}
        seen, ends = {}, set()
        for name, (_, coords) in lines.items():
            for k, c in enumerate(coords):
                seen[c] = seen.get(c, 0) + 1
                if k in (0, len(coords) - 1):
                    ends.add(c)
        points = {c for c, n in seen.items() if n > 1} | ends
        parent = {}

        def find(a):
            while parent.setdefault(a, a) != a:
                a = parent[a]
            return a

        cuts = {name: [] for name in lines}
        for name, (_, coords) in lines.items():
            along = 0.0
            for k, c in enumerate(coords):
                along += length_m(coords[k - 1 : k + 1]) if k else 0.0
                if c in points:
                    cuts[name].append((along, c, PLANE(*c)))
        for end in ends:
            p = Point(PLANE(*end))
            for name, (_, coords) in lines.items():
                if end in coords or shape[name].distance(p) > JOIN_M:
                    continue
                near = [c for c in coords if c in points and p.distance(Point(PLANE(*c))) <= JOIN_M]
                if near:
                    parent[find(end)] = find(min(near, key=lambda c: p.distance(Point(PLANE(*c)))))
                else:
                    s = shape[name].project(p)
                    new = (name, s)
                    cuts[name].append((s, new, shape[name].interpolate(s).coords[0]))
                    parent[find(end)] = find(new)
        self.edges = []
        for name, (way, coords) in lines.items():
            at = sorted(cuts[name], key=lambda c: c[0])
            for (a, u, _), (b, v, _) in zip(at, at[1:]):
                piece = shapely.ops.substring(shape[name], a, b)
                metres = length_m([PLANE(x, y, inverse=True) for x, y in piece.coords])
                self.edges.append({
                    "road": name, "u": find(u), "v": find(v), "metres": metres, "shape": piece, "from": a,
                    "open": (not oneway or way != "reverse", not oneway or way != "yes"),
                })
        self.counts_off = 1.0
        self.connect()

    def connect(self):
        self.graph = nx.MultiDiGraph()
        for edge in self.edges:
            if edge["open"][0]:
                self.graph.add_edge(edge["u"], edge["v"], weight=edge["metres"])
            if edge["open"][1]:
                self.graph.add_edge(edge["v"], edge["u"], weight=edge["metres"])

    def timed(self, kmh):
        """From now on all that is called metres is seconds, and nothing is counted off the roads."""
        for edge in self.edges:
            edge["pace"] = 3.6 / kmh[edge["road"]]
            edge["metres"] *= edge["pace"]
        self.counts_off = 0.0
        self.connect()
        return self

    def snap(self, place):
        """The nearest edge: its number, metres along it, metres to it."""
        p = Point(PLANE(*place))
        n, edge = min(enumerate(self.edges), key=lambda e: (round(e[1]["shape"].distance(p), 6), e[0]))
        along = edge["shape"].project(p) / edge["shape"].length * edge["metres"]
        at = edge["shape"].interpolate(edge["shape"].project(p))
        off = GEOD.inv(*place, *PLANE(at.x, at.y, inverse=True))[2]
        return n, along, off * self.counts_off

    def ways(self, snaps):
        """Metres between all places, places' ways to the roads counted; None without a way."""
        graph = self.graph.copy()
        for k, (n, along, off) in enumerate(snaps):
            edge = self.edges[n]
            at_start, at_end = along <= 1e-9, along >= edge["metres"] - 1e-9
            for node, metres, into, out in (
                (edge["u"], along, edge["open"][0] or at_start, edge["open"][1] or at_start),
                (edge["v"], edge["metres"] - along, edge["open"][1] or at_end, edge["open"][0] or at_end),
            ):
                if out:
                    graph.add_edge(("from", k), node, weight=off + metres)
                if into:
                    graph.add_edge(node, ("to", k), weight=off + metres)
            for other, (m, also, off2) in enumerate(snaps):
                if m == n and other != k and edge["open"][0 if also > along else 1]:
                    graph.add_edge(("from", k), ("to", other), weight=off + off2 + abs(also - along))
        found = {}
        for k in range(len(snaps)):
            if ("from", k) in graph:
                reached = nx.single_source_dijkstra_path_length(graph, ("from", k), weight="weight")
                found[k] = {t[1]: d for t, d in reached.items() if isinstance(t, tuple) and t[0] == "to"}
            else:
                found[k] = {}
        return found

    def to_facilities(self, snaps):
        """Metres from each node to the nearest facility; and the facilities on each edge."""
        graph = self.graph.reverse(copy=True)
        on = {}
        for n, along, off in snaps:
            edge = self.edges[n]
            on.setdefault(n, []).append((along, off))
            for node, metres, may in ((edge["u"], along, edge["open"][0]), (edge["v"], edge["metres"] - along, edge["open"][1])):
                if may or metres <= 1e-9:
                    graph.add_edge("facility", node, weight=off + metres)
        if "facility" not in graph:
            return {}, on
        return nx.single_source_dijkstra_path_length(graph, "facility", weight="weight"), on

    def at(self, n, along, nodes, on):
        """Metres from a place on an edge to the nearest facility."""
        edge = self.edges[n]
        best = math.inf
        if edge["open"][1] or along <= 1e-9:
            best = min(best, nodes.get(edge["u"], math.inf) + along)
        if edge["open"][0] or along >= edge["metres"] - 1e-9:
            best = min(best, nodes.get(edge["v"], math.inf) + edge["metres"] - along)
        for a, off in on.get(n, []):
            if abs(a - along) < 1e-9 or edge["open"][0 if a > along else 1]:
                best = min(best, off + abs(a - along))
        return best

    def reached_m(self, nodes, on, reach):
        """Metres of each road within a reach: an integral of what `at` says, with the borders found by halving."""
        roads = {}
        for n, edge in enumerate(self.edges):
            inside = lambda m: self.at(n, m, nodes, on) <= reach  # noqa: E731
            stops = sorted({0.0, edge["metres"], *(a for a, _ in on.get(n, []))})
            total = 0.0
            for a, b in zip(stops, stops[1:]):
                # Between two stops what is reached is a stretch from each of them.
                lo, hi = a + 1e-7, b - 1e-7
                left, right = inside(lo), inside(hi)

                def border(near, far):
                    for _ in range(60):
                        middle = (near + far) / 2
                        near, far = (middle, far) if inside(middle) else (near, middle)
                    return near

                peak = lo
                if left and right:
                    # The farthest place between them: where the two ways are as long.
                    da, db = self.at(n, lo, nodes, on), self.at(n, hi, nodes, on)
                    peak = min(max((lo + hi + db - da) / 2, lo), hi)
                    total += b - a if inside(peak) else (border(lo, peak) - a) + (b - border(hi, peak))
                elif left:
                    total += border(lo, hi) - a
                elif right:
                    total += b - border(hi, lo)
            roads[edge["road"]] = roads.get(edge["road"], 0.0) + total
        return roads


def off_road_m(net, place, nodes, on):
    """The shortest way: straight for no more than OFF_ROAD_M, then along the roads; a place on them every quarter metre. Where nothing
    is counted off the roads, also the places where they cross the rim."""
    p = Point(PLANE(*place))
    rim = p.buffer(OFF_ROAD_M, quad_segs=10_000).exterior
    best = math.inf
    for n, edge in enumerate(net.edges):
        if edge["shape"].distance(p) > OFF_ROAD_M:
            continue
        steps = max(1, math.ceil(edge["metres"] / 0.25))
        for k in range(steps + 1):
            t = k / steps
            q = edge["shape"].interpolate(t, normalized=True)
            if (off := p.distance(q)) <= OFF_ROAD_M:
                best = min(best, off * net.counts_off + net.at(n, t * edge["metres"], nodes, on))
        if net.counts_off == 0.0:
            for q in shapely.get_coordinates(rim.intersection(edge["shape"])):
                t = edge["shape"].project(Point(q), normalized=True)
                best = min(best, net.at(n, t * edge["metres"], nodes, on))
    return best


def collection(features):
    return {"type": "FeatureCollection", "features": features}


def feature(fid, kind, coordinates, **properties):
    return {"type": "Feature", "properties": {"id": fid, "name": fid, **properties}, "geometry": {"type": kind, "coordinates": coordinates}}


def write(name, rows):
    versions = f"networkx {nx.__version__}, pyproj {pyproj.__version__}, shapely {shapely.__version__}, PostGIS and pgRouting of Debian 12"
    with (OUT / name).open("w") as out:
        rounded = lambda row: {k: round(v, 6) if isinstance(v, float) else v for k, v in row.items()}  # noqa: E731
        for row in [{"versions": versions}, *map(rounded, rows)]:
            out.write(json.dumps(row, separators=(",", ":")) + "\n")


def points_cost(db, net, snaps):
    """What pgRouting says of the ways between places on the edges, by the pair of their numbers."""
    # pgRouting 3.4 loses a point at the fraction 0 or 1, and the edge with it.
    share = lambda n, along: min(max(along / net.edges[n]["metres"], 1e-9), 1 - 1e-9)  # noqa: E731
    points = ",".join(f"({k + 1},{n + 1},{share(n, along)!r})" for k, (n, along, _) in enumerate(snaps))
    db.sql(f"CREATE TABLE points (pid bigint, edge_id bigint, fraction float8);INSERT INTO points VALUES {points}")
    pids = ",".join(str(-k - 1) for k in range(len(snaps)))
    answer = db.sql(
        "SELECT start_pid, end_pid, agg_cost FROM pgr_withPointsCost('SELECT * FROM edges','SELECT * FROM points',"
        f"ARRAY[{pids}]::bigint[], ARRAY[{pids}]::bigint[], directed := true)")
    theirs = {}
    for row in answer:
        a, b, cost = row.split("|")
        theirs[-int(a) - 1, -int(b) - 1] = float(cost)
    return theirs


def edges_sql(net):
    number = {}
    rows = []
    for n, e in enumerate(net.edges):
        u, v = (number.setdefault(x, len(number) + 1) for x in (e["u"], e["v"]))
        cost = e["metres"] if e["open"][0] else -1
        back = e["metres"] if e["open"][1] else -1
        rows.append(f"({n + 1},{u},{v},{cost!r},{back!r})")
    return number, "CREATE TABLE edges (id int, source int, target int, cost float8, reverse_cost float8);INSERT INTO edges VALUES " + ",".join(rows)


def main():
    OUT.mkdir(exist_ok=True)
    dice = random.Random(5)
    lines = nasty()
    roads = [feature(name, "LineString", coords, oneway=way) for name, (way, coords) in lines.items()]
    (OUT / "roads.geojson").write_text(json.dumps(collection(roads)))
    spread = lambda: lnglat(dice.uniform(-550, 1600), dice.uniform(-220, 1000))  # noqa: E731
    places = {f"p{k:02}": spread() for k in range(25)}
    facilities = {f"t{k}": places[f"p{k * 5:02}"] for k in range(5)}
    households = {f"h{k:03}": spread() for k in range(150)}
    (OUT / "toilets.geojson").write_text(json.dumps(collection([feature(k, "Point", c) for k, c in facilities.items()])))
    (OUT / "households.geojson").write_text(json.dumps(collection([feature(k, "Point", c) for k, c in households.items()])))
    box = [lnglat(x, y) for x, y in ((-700, -300), (1800, -300), (1800, 1100), (-700, 1100), (-700, -300))]
    (OUT / "villages.geojson").write_text(json.dumps(collection([feature("v", "Polygon", [box], households=500)])))
    (OUT / "places.geojson").write_text(json.dumps(collection([feature(k, "Point", c) for k, c in places.items()])))

    paths, areas, walks = [], [], []
    for oneway in (False, True):
        net = Net(lines, oneway)
        snaps = [net.snap(c) for c in places.values()]
        ways = net.ways(snaps)
        number, table = edges_sql(net)
        with Cluster() as db:
            db.sql("CREATE EXTENSION pgrouting;" + table)
            theirs = points_cost(db, net, snaps)
            for (a, name), (b, other) in itertools.permutations(enumerate(places), 2):
                metres = ways[a].get(b)
                both = theirs.get((a, b))
                paths.append({
                    "name": f"{name}-{other}{'-oneway' if oneway else ''}", "from": name, "to": other, "oneway": oneway, "metres": metres,
                    "pgrouting_m": None if both is None else both + snaps[a][2] + snaps[b][2],
                })
            # Service areas of the toilets that a road passes within OFF_ROAD_M.
            stops = [s for s in (net.snap(c) for c in facilities.values()) if s[2] <= OFF_ROAD_M]
            nodes, on = net.to_facilities(stops)
            # pgRouting: the toilets as nodes of their own, the graph turned around.
            extra, broken = [], set()
            for k, (n, along, off) in enumerate(stops):
                e = net.edges[n]
                hub = 10_000 + k
                for node, metres, may in ((e["u"], along, e["open"][0]), (e["v"], e["metres"] - along, e["open"][1])):
                    if may:
                        extra.append(f"({20_000 + 2 * k + len(extra)},{hub},{number[node]},{off + metres!r},-1)")
                broken.add(n)
            db.sql("CREATE TABLE turned AS SELECT id, source, target, reverse_cost AS cost, cost AS reverse_cost FROM edges")
            db.sql("INSERT INTO turned VALUES " + ",".join(extra))
            hubs = ",".join(str(10_000 + k) for k in range(len(stops)))
            answer = db.sql(
                f"SELECT node, min(agg_cost) FROM pgr_drivingDistance('SELECT * FROM turned', ARRAY[{hubs}], 100000, true) GROUP BY node")
            back = {v: k for k, v in number.items()}
            by_pg = {back[int(r.split("|")[0])]: float(r.split("|")[1]) for r in answer if int(r.split("|")[0]) in back}
        ours, theirs = net.reached_m(nodes, on, REACH_M), net.reached_m(by_pg, on, REACH_M)
        whole = {}
        for edge in net.edges:
            whole[edge["road"]] = whole.get(edge["road"], 0.0) + edge["metres"]
        for road in lines:
            areas.append({"name": road, "oneway": oneway, "length_m": whole[road], "reached_m": ours[road], "pgrouting_m": theirs[road]})
        for name, place in households.items():
            metres = off_road_m(net, place, nodes, on)
            direct = min(GEOD.inv(*place, *c)[2] for c in facilities.values())
            metres = min(metres, direct if direct <= OFF_ROAD_M else math.inf)
            _, _, snap = net.snap(place)
            walks.append({"name": name, "oneway": oneway, "nearest_m": None if metres == math.inf else metres, "snap_m": snap})
    write("paths.jsonl", paths)
    write("areas.jsonl", areas)
    write("walks.jsonl", walks)

    # Straight: what of each road PostGIS leaves of it when discs of 720 corners about the toilets are taken away.
    with Cluster() as db:
        plane = f"+proj=aeqd +lon_0={CENTRE[0]} +lat_0={CENTRE[1]} +ellps=WGS84"
        db.sql(f"INSERT INTO spatial_ref_sys (srid, proj4text) VALUES (990001, '{plane}');CREATE TABLE r (id text, g geometry);CREATE TABLE t (g geometry)")
        for name, (_, coords) in lines.items():
            db.sql(f"INSERT INTO r VALUES ('{name}', ST_GeomFromText('{LineString(coords).wkt}', 4326))")
        for c in facilities.values():
            db.sql(f"INSERT INTO t VALUES (ST_GeomFromText('{Point(c).wkt}', 4326))")
        answer = db.sql(
            "SELECT id, ST_Length(ST_Transform(ST_Difference(ST_Transform(r.g, 990001), d.g), 4326)::geography) FROM r, "
            "(SELECT ST_Union(ST_Buffer(ST_Transform(g, 990001), 300, 'quad_segs=180')) AS g FROM t) d ORDER BY id")
        write("straight.jsonl", [{"name": a, "uncovered_m": float(b)} for a, b in (row.split("|") for row in answer)])

    drive()
    if len(sys.argv) > 1:
        xian(pathlib.Path(sys.argv[1]))


def drive():
    dice = random.Random(11)
    lines = nasty()
    speeds = {}
    for name in lines:
        kind = dice.choice(list(CLASS_KMH))
        own = dice.choice([None, None, 25, 42.5])
        speeds[name] = {"class": kind, "speed_kmh": own, "kmh": own or CLASS_KMH[kind]}
    (OUT / "speeds.json").write_text(json.dumps(speeds, indent=0))
    kmh = {name: said["kmh"] for name, said in speeds.items()}
    read = lambda file: {  # noqa: E731
        f["properties"]["id"]: tuple(f["geometry"]["coordinates"]) for f in json.loads((OUT / file).read_text())["features"]}
    places, facilities, households = read("places.geojson"), read("toilets.geojson"), read("households.geojson")
    # Which toilets a road passes near enough is a question of metres.
    plain = Net(lines, True)
    near = [c for c in facilities.values() if plain.snap(c)[2] <= OFF_ROAD_M]
    net = Net(lines, True).timed(kmh)
    snaps = [net.snap(c) for c in places.values()]
    ways = net.ways(snaps)
    _, table = edges_sql(net)
    with Cluster() as db:
        db.sql("CREATE EXTENSION pgrouting;" + table)
        theirs = points_cost(db, net, snaps)
    write("drives.jsonl", [
        {"from": name, "to": other, "seconds": ways[a].get(b), "pgrouting_s": theirs.get((a, b))}
        for (a, name), (b, other) in itertools.permutations(enumerate(places), 2)])
    stops = [net.snap(c) for c in near]
    nodes, on = net.to_facilities(stops)
    seconds = net.reached_m(nodes, on, DRIVE_S)
    whole = {}
    for edge in plain.edges:
        whole[edge["road"]] = whole.get(edge["road"], 0.0) + edge["metres"]
    write("drive-areas.jsonl", [
        {"name": road, "length_m": whole[road], "reached_m": seconds[road] * kmh[road] / 3.6} for road in lines])
    rows = []
    for name, place in households.items():
        direct = min(GEOD.inv(*place, *c)[2] for c in facilities.values())
        way = 0.0 if direct <= OFF_ROAD_M else off_road_m(net, place, nodes, on)
        rows.append({"name": name, "seconds": None if way == math.inf else way})
    write("drive-walks.jsonl", rows)


def xian(folder):
    import shapefile

    graph = nx.MultiDiGraph()
    with shapefile.Reader(str(folder / "modifiedConn_link"), encoding="gbk") as links:
        for entry in links.iterShapeRecords():
            record, points = entry.record, entry.shape.points
            metres = length_m(points)
            u, v = record["from_node"], record["to_node"]
            if record["dir"] in (0, 1):
                graph.add_edge(u, v, weight=metres)
            if record["dir"] in (0, -1):
                graph.add_edge(v, u, weight=metres)
    dice = random.Random(3)
    chosen = dice.sample(sorted(graph), 25)
    rows = []
    for a in chosen:
        reached = nx.single_source_dijkstra_path_length(graph, a, weight="weight")
        for b in chosen:
            if a != b:
                # Nodes by their numbers: the places stand in the real data, which is not copied.
                rows.append({"name": f"{a}-{b}", "from": a, "to": b, "metres": reached.get(b)})
    write("xian.jsonl", rows)


if __name__ == "__main__":
    drive() if sys.argv[1:] == ["--drive"] else main()
