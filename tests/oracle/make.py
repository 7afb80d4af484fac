#!/usr/bin/env python3
"""Make the frozen answers that the measures and the analyses are held against.

    apt-get install postgresql-15 postgresql-15-postgis-3
    pip install geographiclib shapely pyproj numpy
    python3 tests/oracle/make.py [OUT_DIR]          # without OUT_DIR: over the frozen files beside this one

Two opinions on each distance and area: PostGIS geography, from a throw-away cluster in a temporary folder, and a
brute force of our own over GeographicLib (Karney's geodesics): both shapes cut into short pieces along their true
geodesic edges, the edge pairs that could be the nearest refined by golden section. Where the two differ, the brute
force is the authority, and divergences.txt says by how much and why. Coordinates are rounded before anything is
computed, so the answers belong to the very numbers in the files. Same versions, same bytes.

    distances.jsonl       pairs of shapes: distance_m, postgis_m
    divergences.txt       where PostGIS is more than 2 mm and more than 1e-6 off
    areas.jsonl           area_m2 (holes subtracted), length_m (all rings, or the line), with PostGIS beside them
    nasty.jsonl           what should not pass unseen: accept, repair (with the area after it) or refuse
    analyses/             a small made-up town and three analyses' answers over it
"""
import datetime
import itertools
import json
import math
import pathlib
import random
import sys

import geographiclib
import numpy as np
import pyproj
import shapely
from cluster import Cluster
from geographiclib.geodesic import Geodesic
from shapely.geometry import mapping, shape

SEED = 20261031
EARTH = Geodesic.WGS84
DECIMALS = 8  # about a millimetre
AS_OF = datetime.date(2026, 10, 31)


# --- shapes -----------------------------------------------------------------------------------------------------

def place(lon, lat, azimuth, metres):
    """The point `metres` away, as it will stand in the file."""
    p = EARTH.Direct(lat, lon, azimuth, metres)
    lon = p["lon2"] - 360 * math.floor((p["lon2"] + 180) / 360)
    return [round(lon, DECIMALS), round(p["lat2"], DECIMALS)]


def star(rng, lon, lat, radius, corners, low=0.55, clockwise=False):
    """A ring around a centre that sees all of it: simple, not convex."""
    step = 360 / corners
    ring = [place(lon, lat, k * step + rng.uniform(0.05, 0.95) * step, radius * rng.uniform(low, 1)) for k in range(corners)]
    if not clockwise:
        ring.reverse()
    return ring + ring[:1]


def polygon(rng, lon, lat, radius, corners, holes=0):
    """Holes are stars in the inner half, side by side: 'low' keeps the shell outside of them."""
    rings = [star(rng, lon, lat, radius, corners, low=0.75 if holes else 0.55)]
    for k in range(holes):
        away = 0 if holes == 1 else radius * 0.3
        centre = place(lon, lat, 360 * k / holes + 20, away)
        rings.append(star(rng, *centre, radius * (0.5 if holes == 1 else 0.2), rng.randint(4, 9), clockwise=True))
    return {"type": "Polygon", "coordinates": rings}


def line(rng, lon, lat, reach, points):
    """A line that wanders about its centre with little turning back."""
    heading, step = rng.uniform(0, 360), 2 * reach / (points - 1)
    at = place(lon, lat, heading + 180, reach)
    path = [at]
    for _ in range(points - 1):
        at = place(*at, heading + rng.uniform(-50, 50), step * rng.uniform(0.7, 1))
        path.append(at)
    return {"type": "LineString", "coordinates": path}


def point(lon, lat):
    return {"type": "Point", "coordinates": [round(lon, DECIMALS), round(lat, DECIMALS)]}


def multi(kind, members):
    return {"type": "Multi" + kind, "coordinates": [m["coordinates"] for m in members]}


def paths(geometry):
    """All vertex chains of a shape: rings, lines, single points."""
    kind, c = geometry["type"], geometry["coordinates"]
    if kind == "Point":
        return [[c]]
    if kind == "LineString":
        return [c]
    if kind in ("Polygon", "MultiLineString"):
        return c
    if kind == "MultiPoint":
        return [[p] for p in c]
    return [ring for part in c for ring in part]


# --- brute force ------------------------------------------------------------------------------------------------

class Edge:
    """A geodesic from p to q (a point when they are the same), cut into pieces of at most 100 m."""

    def __init__(self, p, q):
        self.p, self.q = p, q
        self.line = EARTH.InverseLine(p[1], p[0], q[1], q[0])
        self.length = self.line.s13
        self.cuts = max(1, math.ceil(self.length / 100)) if self.length else 0
        self.samples = [p] + [self.at(self.length * k / self.cuts) for k in range(1, self.cuts)] + ([q] if self.cuts else [])
        self.piece = self.length / self.cuts if self.cuts else 0.0

    def at(self, metres):
        g = self.line.Position(metres)
        return [g["lon2"], g["lat2"]]


def edges(geometry):
    return [Edge(p, q) for path in paths(geometry) for p, q in (zip(path, path[1:]) if len(path) > 1 else [(path[0], path[0])])]


def apart(p, q):
    return EARTH.Inverse(p[1], p[0], q[1], q[0], Geodesic.DISTANCE)["s12"]


def point_to_edge(p, edge):
    """Golden section along the geodesic."""
    best = min(apart(p, edge.p), apart(p, edge.q))
    low, high, ratio = 0.0, edge.length, (math.sqrt(5) - 1) / 2
    x, y = high - ratio * (high - low), low + ratio * (high - low)
    fx, fy = apart(p, edge.at(x)), apart(p, edge.at(y))
    while high - low > 1e-5:
        if fx < fy:
            high, y, fy = y, x, fx
            x = high - ratio * (high - low)
            fx = apart(p, edge.at(x))
        else:
            low, x, fx = x, y, fy
            y = low + ratio * (high - low)
            fy = apart(p, edge.at(y))
    return min(best, fx, fy)


def space(points):
    """Earth-centred metres: a chord is no longer than the geodesic, and shorter by less than 1e-5 of it up to 50 km."""
    lon, lat = np.radians(np.array(points, dtype=float)).T
    e2 = EARTH.f * (2 - EARTH.f)
    n = EARTH.a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    return np.stack([n * np.cos(lat) * np.cos(lon), n * np.cos(lat) * np.sin(lon), n * (1 - e2) * np.sin(lat)], 1)


def flat(geometry, plane):
    """The shape with its edges cut, in an equidistant plane: pieces of 100 m are straight there to a micrometre."""
    def chain(path):
        dense = [s for e in map(Edge, path, path[1:]) for s in e.samples[:-1]] + [path[-1]] if len(path) > 1 else path
        return list(zip(*plane(*zip(*dense))))

    kind, c = geometry["type"], geometry["coordinates"]
    if kind in ("Point", "MultiPoint"):
        return shapely.MultiPoint([chain(p)[0] for p in paths(geometry)])
    if kind in ("LineString", "MultiLineString"):
        return shapely.MultiLineString([chain(p) for p in paths(geometry)])
    return shapely.MultiPolygon([([chain(r) for r in part][0], [chain(r) for r in part][1:]) for part in ([c] if kind == "Polygon" else c)])


def nearest_edges(ea, eb):
    """The edge pairs that may hold the least distance: cutting hides at most half a piece on each side."""
    owner_a = np.repeat(np.arange(len(ea)), [len(e.samples) for e in ea])
    owner_b = np.repeat(np.arange(len(eb)), [len(e.samples) for e in eb])
    a, b = space([s for e in ea for s in e.samples]), space([s for e in eb for s in e.samples])
    chord = np.sqrt(((a[:, None, :] - b[None, :, :]) ** 2).sum(2))
    least = np.full((len(ea), len(eb)), np.inf)
    np.minimum.at(least, (owner_a[:, None], owner_b[None, :]), chord)
    slack = (np.array([e.piece for e in ea])[:, None] + np.array([e.piece for e in eb])[None, :]) / 2
    return [(ea[i], eb[k]) for i, k in np.argwhere(least - slack <= least.min() * (1 + 1e-5) + 0.001)]


def distance(a, b):
    """Least geodesic distance between two shapes with geodesic edges: 0 when they meet, and otherwise from an end of one
    edge to another edge, since the earth's curvature is positive everywhere."""
    ea, eb = edges(a), edges(b)
    middle = ea[0].p
    plane = pyproj.Proj(proj="aeqd", lon_0=middle[0], lat_0=middle[1], ellps="WGS84")
    if flat(a, plane).intersects(flat(b, plane)):
        return 0.0
    best = math.inf
    for e, f in nearest_edges(ea, eb):
        for p, edge in ((e.p, f), (e.q, f), (f.p, e), (f.q, e)):
            best = min(best, point_to_edge(p, edge))
    return best


def sphere_distance(a, b):
    """What PostGIS does, to explain it: nearest points sought on a sphere with great-circle edges, then the geodesic
    between those two points."""
    def ball(p):
        lon, lat = math.radians(p[0]), math.radians(p[1])
        return np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])

    def foot(p, edge):
        x, u, v = ball(p), ball(edge.p), ball(edge.q)
        normal = np.cross(u, v)
        if edge.length:
            normal /= np.linalg.norm(normal)
            y = x - normal * (x @ normal)
            y /= np.linalg.norm(y)
            if np.cross(u, y) @ normal >= 0 and np.cross(y, v) @ normal >= 0:
                return y
        return u if x @ u >= x @ v else v

    def lonlat(y):
        return [math.degrees(math.atan2(y[1], y[0])), math.degrees(math.atan2(y[2], math.hypot(y[0], y[1])))]

    ea, eb = edges(a), edges(b)
    best = (math.inf, math.inf)
    for e, f in itertools.product(ea, eb):
        for p, edge in ((e.p, f), (e.q, f), (f.p, e), (f.q, e)):
            y = foot(p, edge)
            angle = np.linalg.norm(ball(p) - y)
            if angle < best[0]:
                best = (angle, apart(p, lonlat(y)))
    return best[1]


def ring_measure(ring):
    p = EARTH.Polygon()
    for lon, lat in ring[:-1] if ring[0] == ring[-1] else ring:
        p.AddPoint(lat, lon)
    _, perimeter, area = p.Compute(False, True)
    return abs(area), perimeter


def area(geometry):
    """Geodesic area: shells less holes."""
    if geometry["type"] == "GeometryCollection":
        return sum(area(g) for g in geometry["geometries"])
    if "Polygon" not in geometry["type"]:
        return 0.0
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return sum(ring_measure(rings[0])[0] - sum(ring_measure(r)[0] for r in rings[1:]) for rings in parts)


def length(geometry):
    return sum(e.length for e in edges(geometry))


# --- PostGIS ----------------------------------------------------------------------------------------------------

class PostGIS(Cluster):
    def each(self, expression, rows):
        """The expression over each row's geographies a, b, …"""
        if not rows:
            return []
        names = "abcdefgh"[: len(rows[0])]
        values = ",\n".join("(%d,%s)" % (n, ",".join("'" + json.dumps(g) + "'" for g in row)) for n, row in enumerate(rows))
        shapes = ",".join(f"ST_GeomFromGeoJSON({c})::geography AS {c}" for c in names)
        lines = self.sql(f"SELECT {expression} FROM (SELECT n,{shapes} FROM (VALUES {values}) v(n,{','.join(names)})) g ORDER BY n")
        return [[float(x) for x in text.split("|")] for text in lines]


# --- distances --------------------------------------------------------------------------------------------------

def spot(rng):
    """Somewhere in China, mostly."""
    return rng.uniform(75, 134), rng.uniform(18, 53)


def measure_for(rng, a_radius, b_radius, gap, build_a, build_b, at):
    """b beside a with about `gap` between them: once by the circles around them, then moved by what is left."""
    azimuth, state = rng.uniform(0, 360), rng.getstate()
    a = build_a(*at)
    kept, away = rng.getstate(), a_radius + b_radius + gap
    b = build_b(*place(*at, azimuth, away))
    surplus = distance(a, b) - gap
    if surplus > 0.01:
        rng.setstate(kept)
        b = build_b(*place(*at, azimuth, away - surplus))
    return a, b


def pairs(rng):
    """(name, a, b) for every case."""
    def size():
        return 10 ** rng.uniform(0.8, 3.38)  # 6 m … 2.4 km across a half, so edges up to 5 km

    def gap():
        return 10 ** rng.uniform(0, 4.3)  # 1 m … 20 km

    def corners():
        return rng.choice([4, 4, 5, 6, 7, 8, 10, 12, 16, 24, 40, 60])

    makers = {
        "point": lambda: (0, lambda lon, lat: point(lon, lat)),
        "line": lambda: (lambda r, n: (r, lambda lon, lat: line(rng, lon, lat, r, n)))(size(), rng.randint(2, 20)),
        "polygon": lambda: (lambda r, n: (r, lambda lon, lat: polygon(rng, lon, lat, r, n)))(size(), corners()),
        "holed": lambda: (lambda r, n, h: (r, lambda lon, lat: polygon(rng, lon, lat, r, max(n, 8), h)))(size(), corners(), rng.randint(1, 3)),
        "multipoint": lambda: (lambda r: (r, lambda lon, lat: multi("Point", [point(*place(lon, lat, rng.uniform(0, 360), r * rng.random())) for _ in range(5)])))(size()),
        "multiline": lambda: (lambda r: (r, lambda lon, lat: multi("LineString", [line(rng, *place(lon, lat, 120 * k, r / 2), r / 3, 5) for k in range(3)])))(size()),
        "multipolygon": lambda: (lambda r: (r, lambda lon, lat: multi("Polygon", [polygon(rng, *place(lon, lat, 120 * k + 10, r * 0.55), r * 0.4, 9, k % 2) for k in range(3)])))(size()),
        "long-line": lambda: (10_000, lambda lon, lat: line(rng, lon, lat, 10_000, 2)),
        "long-polygon": lambda: (12_000, lambda lon, lat: polygon(rng, lon, lat, 12_000, 4)),
    }
    count = 0

    def beside(first, second, at, label="", least=None):
        nonlocal count
        count += 1
        (ra, build_a), (rb, build_b) = makers[first](), makers[second]()
        a, b = measure_for(rng, ra, rb, least or gap(), build_a, build_b, at)
        return f"{count:03} {first} {second}{label}", a, b

    usual = [("point", "point", 36), ("point", "line", 44), ("point", "polygon", 52), ("line", "line", 16), ("line", "polygon", 40),
             ("polygon", "polygon", 76), ("point", "holed", 8), ("polygon", "holed", 12), ("multipolygon", "point", 8), ("multipolygon", "polygon", 10),
             ("multipolygon", "multipolygon", 6), ("multipoint", "polygon", 6), ("multiline", "polygon", 6), ("multiline", "multipoint", 4),
             ("long-line", "point", 4), ("long-line", "polygon", 4), ("long-polygon", "point", 4), ("long-polygon", "long-polygon", 4)]
    for first, second, times in usual:
        for _ in range(times):
            yield beside(first, second, spot(rng))
    for label, where in ((" at 65 north", lambda: (rng.uniform(60, 120), 65)), (" at 40 south", lambda: (rng.uniform(145, 175), -40))):
        for first, second in (("point", "point"), ("point", "line"), ("point", "polygon"), ("line", "polygon"), ("polygon", "polygon"), ("polygon", "multipolygon")):
            yield beside(first, second, where(), label)
    for n, (first, second) in enumerate([("point", "point"), ("point", "line"), ("point", "polygon"), ("line", "polygon"), ("polygon", "polygon"), ("multipolygon", "polygon")] * 2):
        yield beside(first, second, (179.9995 if n < 6 else -179.9995, -16.2 if n % 2 else 41.0), " near the antimeridian", least=20 + 60 * n)
    yield "across the antimeridian, points", point(179.9995, -16.2), point(-179.9995, -16.2)
    yield "across the antimeridian, point and line", point(179.9995, -16.2), {"type": "LineString", "coordinates": [[-179.9995, -16.21], [-179.9990, -16.19]]}
    yield "a line over the antimeridian, a point west of it", {"type": "LineString", "coordinates": [[179.99, -16.2], [-179.99, -16.201]]}, point(179.995, -16.21)
    yield "a line over the antimeridian, a point east of it", {"type": "LineString", "coordinates": [[179.99, -16.2], [-179.99, -16.201]]}, point(-179.995, -16.19)

    for n in range(14):  # an edge's own length against its own separation: very near and very far
        at = spot(rng)
        a = line(rng, *at, 2500, 2)
        middle = Edge(*a["coordinates"]).at(2500 * rng.uniform(0.3, 1.2))
        heading = EARTH.Inverse(a["coordinates"][0][1], a["coordinates"][0][0], middle[1], middle[0])["azi2"]
        yield f"point {10 ** (n % 7 * 0.7 - 0.2):.1f} m off the middle of a 5 km edge, {n}", a, point(*place(*middle, heading + 90, 10 ** (n % 7 * 0.7 - 0.2)))

    for n in range(10):
        at, r = spot(rng), size()
        yield f"point inside polygon {n}", polygon(rng, *at, r, corners()), point(*place(*at, rng.uniform(0, 360), r * 0.3))
    for n in range(10):
        at, r = spot(rng), size()
        yield f"polygon inside polygon {n}", polygon(rng, *at, r, corners()), polygon(rng, *at, r * 0.25, 6)
    for n in range(5):
        at, r = spot(rng), size()
        yield f"line inside polygon {n}", polygon(rng, *at, r, 12), line(rng, *at, r * 0.1, 4)
    for n in range(14):
        at, r = spot(rng), size()
        yield f"point in a hole {n}", polygon(rng, *at, r, 12, 1), point(*place(*at, rng.uniform(0, 360), r * 0.15 * rng.random()))
    for n in range(8):
        at, r = spot(rng), size()
        yield f"polygon in a hole {n}", polygon(rng, *at, r, 12, 1), polygon(rng, *at, r * 0.12, 7)
    for n in range(3):
        at, r = spot(rng), size()
        yield f"line in a hole {n}", polygon(rng, *at, r, 12, 1), line(rng, *at, r * 0.08, 3)
    for n in range(4):
        at, r = spot(rng), size()
        yield f"polygon over a hole's edge {n}", polygon(rng, *at, r, 12, 1), polygon(rng, *at, r * 0.62, 12)
    for n in range(6):
        at, r = spot(rng), size()
        yield f"overlapping polygons {n}", polygon(rng, *at, r, corners()), polygon(rng, *place(*at, rng.uniform(0, 360), r), r, 8)
    for n in range(5):
        at, r = spot(rng), size()
        yield f"line through a polygon, no vertex inside {n}", polygon(rng, *at, r, 8), {"type": "LineString", "coordinates": [place(*at, 30 + n, 2 * r), place(*at, 209 + n, 3 * r)]}
    for n in range(4):
        at, r = spot(rng), size()
        yield f"crossing lines {n}", {"type": "LineString", "coordinates": [place(*at, 10, r), place(*at, 190, r)]}, {"type": "LineString", "coordinates": [place(*at, 80, r), place(*at, 300, r)]}
    for n in range(4):
        at, r = spot(rng), size()
        a, b = polygon(rng, *at, r, 7), polygon(rng, *place(*at, 90, 2.2 * r), r, 7)
        b["coordinates"][0][2] = a["coordinates"][0][1]
        yield f"polygons that share a vertex {n}", a, b if shape(b).is_valid else multi("Point", [point(*a["coordinates"][0][1])])
    for n in range(4):
        at, r = spot(rng), size()
        ring = [place(*at, z, r) for z in (225, 135, 45, 315)]
        yield f"polygons that share an edge {n}", {"type": "Polygon", "coordinates": [ring + ring[:1]]}, {"type": "Polygon", "coordinates": [[ring[1], place(*ring[1], 90, r), place(*ring[2], 90, r), ring[2], ring[1]]]}
    at = spot(rng)
    a = polygon(rng, *at, 300, 7)
    yield "a point on a vertex", a, point(*a["coordinates"][0][3])
    yield "a line from a vertex outward", a, {"type": "LineString", "coordinates": [a["coordinates"][0][3], place(*at, 0, 5000)]}
    yield "a shape and itself", a, a
    yield "a point and itself", point(*at), point(*at)
    yield "one millimetre or so", point(117.5, 39.6), point(117.5, 39.60000001)
    yield "a point in the gap of a multipolygon", multi("Polygon", [polygon(rng, *place(*at, 90 * k, 400), 250, 8) for k in range(4)]), point(*at)


def make_distances(pg, rng):
    cases = list(pairs(rng))
    answers = pg.each("ST_Distance(a,b,true)", [(a, b) for _, a, b in cases])
    rows, divergent = [], []
    for (name, a, b), (postgis,) in zip(cases, answers):
        if a["type"] == b["type"] == "Point":
            metres = apart(a["coordinates"], b["coordinates"])
        else:
            metres = distance(a, b)
        rows.append({"name": name, "a": a, "b": b, "distance_m": round(metres, 6), "postgis_m": round(postgis, 6)})
        off = postgis - metres
        if abs(off) > max(0.002, 1e-6 * metres):
            model = sphere_distance(a, b)
            explained = abs(model - postgis) < 1e-4 + 1e-8 * metres
            divergent.append((name, metres, postgis, off, "sphere" if explained else "UNEXPLAINED"))
    return rows, divergent


# --- areas ------------------------------------------------------------------------------------------------------

def make_areas(pg, rng):
    cases = []
    for n in range(120):
        at = spot(rng) if n < 104 else (rng.uniform(60, 120), 65) if n < 112 else (rng.uniform(145, 175), -40)
        r, corners = 10 ** rng.uniform(0.5, 3.4 if n % 10 else 4.0), rng.choice([3, 4, 4, 5, 6, 8, 12, 20, 40, 60])
        kind = ("polygon", "polygon", "polygon", "holed", "line", "multipolygon", "multiline", "clockwise")[n % 8]
        if kind == "line":
            g = line(rng, *at, r, rng.randint(2, 20))
        elif kind == "multiline":
            g = multi("LineString", [line(rng, *place(*at, 120 * k, r), r / 3, 5) for k in range(3)])
        elif kind == "multipolygon":
            g = multi("Polygon", [polygon(rng, *place(*at, 120 * k + 10, r * 0.55), r * 0.4, 9, k % 2) for k in range(3)])
        else:
            g = polygon(rng, *at, r, max(corners, 8) if kind == "holed" else corners, rng.randint(1, 3) if kind == "holed" else 0)
            if kind == "clockwise":
                g["coordinates"] = [ring[::-1] for ring in g["coordinates"]]
        cases.append((f"{n:03} {kind}", g))
    cases.append(("over the antimeridian", {"type": "Polygon", "coordinates": [[[179.999, -16.201], [-179.999, -16.201], [-179.999, -16.199], [179.999, -16.199], [179.999, -16.201]]]}))
    answers = pg.each("ST_Area(a,true), CASE WHEN ST_Dimension(a::geometry) = 2 THEN ST_Perimeter(a,true) ELSE ST_Length(a,true) END", [(g,) for _, g in cases])
    rows = []
    for (name, g), (there, around) in zip(cases, answers):
        assert "Polygon" not in g["type"] or name.startswith("over") or shape(g).is_valid, name
        rows.append({"name": name, "geometry": g, "area_m2": round(area(g), 6), "length_m": round(length(g), 6),
                     "postgis_area_m2": round(there, 6), "postgis_length_m": round(around, 6)})
    return rows


# --- nasty ------------------------------------------------------------------------------------------------------

def make_nasty():
    """A gate refuses what cannot be placed or has no extent left, repairs what has one meaning, accepts the rest."""
    lon, lat, d = 117.5, 39.6, 0.001

    def ring(*xy):
        return [[round(lon + x * d, DECIMALS), round(lat + y * d, DECIMALS)] for x, y in xy]

    def poly(*rings):
        return {"type": "Polygon", "coordinates": [ring(*r) for r in rings]}

    def path(*xy):
        return {"type": "LineString", "coordinates": ring(*xy)}

    square = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]
    cases = [
        ("a plain square", "accept", poly(square)),
        ("a square wound clockwise", "accept", poly(square[::-1])),
        ("a hole wound like the shell", "accept", poly(square, [(1, 1), (3, 1), (3, 3), (1, 3), (1, 1)])),
        ("duplicate points in a row", "accept", poly([(0, 0), (4, 0), (4, 0), (4, 0), (4, 4), (0, 4), (0, 0)])),
        ("collinear points on an edge", "accept", poly([(0, 0), (1, 0), (2, 0), (4, 0), (4, 4), (0, 4), (0, 0)])),
        ("a hole that touches the shell at one point", "accept", poly(square, [(0, 2), (1, 1), (1, 3), (0, 2)])),
        ("a plain line", "accept", path((0, 0), (3, 1))),
        ("a line that crosses itself", "accept", path((0, 0), (4, 4), (4, 0), (0, 4))),
        ("a plain point", "accept", {"type": "Point", "coordinates": [lon, lat]}),
        ("a point with a height", "accept", {"type": "Point", "coordinates": [lon, lat, 35.5]}),
        ("multipolygon parts that touch at a point", "accept", {"type": "MultiPolygon", "coordinates": [[ring(*square)], [ring((4, 4), (6, 4), (6, 6), (4, 6), (4, 4))]]}),
        ("a bowtie", "repair", poly([(0, 0), (4, 4), (4, 0), (0, 4), (0, 0)])),
        ("an uneven bowtie", "repair", poly([(0, 0), (6, 6), (6, 0), (0, 2), (0, 0)])),
        ("a spike outward", "repair", poly([(0, 0), (4, 0), (4, 4), (2, 4), (2, 9), (2, 4), (0, 4), (0, 0)])),
        ("a spike inward", "repair", poly([(0, 0), (4, 0), (4, 4), (2, 4), (2, 1), (2, 4), (0, 4), (0, 0)])),
        ("an unclosed ring", "repair", poly(square[:-1])),
        ("a ring that touches itself and leaves a hole", "repair", poly([(0, 0), (4, 0), (4, 4), (2, 4), (3, 2), (1, 2), (2, 4), (0, 4), (0, 0)])),
        ("a ring walked twice in part", "repair", poly([(0, 0), (4, 0), (4, 4), (4, 2), (4, 4), (0, 4), (0, 0)])),
        ("a hole outside the shell", "repair", poly(square, [(6, 1), (8, 1), (8, 3), (6, 3), (6, 1)])),
        ("a hole over the shell's edge", "repair", poly(square, [(3, 1), (6, 1), (6, 3), (3, 3), (3, 1)])),
        ("two holes that overlap", "repair", poly(square, [(1, 1), (2.5, 1), (2.5, 3), (1, 3), (1, 1)], [(2, 1.5), (3.5, 1.5), (3.5, 2.5), (2, 2.5), (2, 1.5)])),
        ("overlapping multipolygon parts", "repair", {"type": "MultiPolygon", "coordinates": [[ring(*square)], [ring((2, 2), (6, 2), (6, 6), (2, 6), (2, 2))]]}),
        ("a multipolygon part inside another", "repair", {"type": "MultiPolygon", "coordinates": [[ring(*square)], [ring((1, 1), (2, 1), (2, 2), (1, 2), (1, 1))]]}),
        ("a multipolygon part with an edge in common", "repair", {"type": "MultiPolygon", "coordinates": [[ring(*square)], [ring((4, 0), (6, 0), (6, 4), (4, 4), (4, 0))]]}),
        ("a multipolygon with one part of zero area", "repair", {"type": "MultiPolygon", "coordinates": [[ring(*square)], [ring((6, 0), (7, 0), (8, 0), (6, 0))]]}),
        ("a pentagram", "repair", poly([(0, 3), (6, 3), (1, 0), (3, 5), (5, 0), (0, 3)])),
        ("a ring of two points", "refuse", poly([(0, 0), (4, 0)])),
        ("a ring of two points, closed", "refuse", poly([(0, 0), (4, 0), (0, 0)])),
        ("a ring of one point", "refuse", poly([(0, 0)])),
        ("a polygon of zero area", "refuse", poly([(0, 0), (2, 0), (4, 0), (0, 0)])),
        ("a polygon of one point four times", "refuse", poly([(1, 1)] * 4)),
        ("an empty polygon", "refuse", {"type": "Polygon", "coordinates": []}),
        ("an empty multipolygon", "refuse", {"type": "MultiPolygon", "coordinates": []}),
        ("a polygon with an empty ring", "refuse", {"type": "Polygon", "coordinates": [[]]}),
        ("an empty line", "refuse", {"type": "LineString", "coordinates": []}),
        ("a line of one point", "refuse", path((0, 0))),
        ("a line of zero length", "refuse", path((1, 1), (1, 1))),
        ("an empty collection", "refuse", {"type": "GeometryCollection", "geometries": []}),
        ("no geometry", "refuse", None),
        ("a point without a number", "refuse", {"type": "Point", "coordinates": [None, lat]}),
        ("a polygon with one vertex without a number", "refuse", {"type": "Polygon", "coordinates": [ring(*square[:2]) + [[lon, None]] + ring(*square[3:])]}),
        ("a latitude past the pole", "refuse", {"type": "Point", "coordinates": [lon, 91.0]}),
        ("latitude and longitude swapped", "refuse", {"type": "Point", "coordinates": [lat, lon]}),
        ("metres for degrees", "refuse", {"type": "Point", "coordinates": [39457210.0, 4384531.0]}),
        ("the largest number there is", "refuse", {"type": "Polygon", "coordinates": [[[1.7976931348623157e308, lat], [lon, lat], [lon, lat + d], [1.7976931348623157e308, lat]]]}),
    ]
    rows = []
    for name, expect, g in cases:
        row = {"name": name, "geometry": g, "expect": expect}
        if expect != "refuse":
            closed = {**g, "coordinates": [r if r[0] == r[-1] else r + r[:1] for r in g["coordinates"]]} if g["type"] == "Polygon" else g
            there = shape(closed)
            if expect == "accept" and "Line" not in g["type"]:
                assert there.is_valid, name
            if expect == "repair":
                assert not there.is_valid or closed != g, name
            row["area_m2"] = round(area(json.loads(shapely.to_geojson(shapely.force_2d(shapely.make_valid(there))))), 3)
            other = round(area(json.loads(shapely.to_geojson(shapely.force_2d(shapely.make_valid(there, method="structure", keep_collapsed=False))))), 3)
            if abs(other - row["area_m2"]) > 0.01:  # linework counts crossings (even-odd), structure keeps shells and holes apart
                row["area_structure_m2"] = other
        rows.append(row)
    return rows


# --- the town ---------------------------------------------------------------------------------------------------

TOWN = (117.5, 39.6)


def town(rng):
    """Twelve villages that share their borders, and what stands in them; metres east and north of TOWN, then placed."""
    def put(x, y):
        return place(*TOWN, math.degrees(math.atan2(x, y)), math.hypot(x, y))

    def blob(x, y, radius, corners):
        ring = star(rng, *put(x, y), radius, corners)
        return {"type": "Polygon", "coordinates": [ring]}

    columns, rows, wide, high = 4, 3, 1300, 1100

    def corner(i, k):
        return ((i - columns / 2) * wide + shift[i, k][0], (k - rows / 2) * high + shift[i, k][1])

    shift = {(i, k): (rng.uniform(-180, 180), rng.uniform(-160, 160)) for i in range(columns + 1) for k in range(rows + 1)}
    borders = {}

    def border(a, b):
        """The way from corner a to corner b: made once, walked from both sides."""
        key = (min(a, b), max(a, b))
        if key not in borders:
            (x0, y0), (x1, y1) = corner(*key[0]), corner(*key[1])
            cuts = rng.randint(2, 5)
            inner = [(x0 + (x1 - x0) * t / cuts + rng.uniform(-60, 60), y0 + (y1 - y0) * t / cuts + rng.uniform(-60, 60)) for t in range(1, cuts)]
            borders[key] = [put(*p) for p in [(x0, y0), *inner, (x1, y1)]]
        way = borders[key]
        return way if key == (a, b) else way[::-1]

    layers = {name: [] for name in ("villages", "farms", "schools", "ponds", "toilets", "waste-points", "households")}

    def add(layer, prefix, geometry, **properties):
        ident = f"{prefix}-{len(layers[layer]) + 1:03}"
        layers[layer].append({"type": "Feature", "id": ident, "properties": {"id": ident, **properties}, "geometry": geometry})

    for k in range(rows):
        for i in range(columns):
            ring = [p for a, b in (((i, k), (i + 1, k)), ((i + 1, k), (i + 1, k + 1)), ((i + 1, k + 1), (i, k + 1)), ((i, k + 1), (i, k))) for p in border(a, b)[:-1]]
            n = len(layers["villages"])
            add("villages", "v", {"type": "Polygon", "coordinates": [ring + ring[:1]]}, name=f"第{n + 1}村", code=f"130000000{n + 1:03}", households=rng.randint(80, 400))

    def anywhere(margin=150):
        return rng.uniform(-columns / 2 * wide + margin, columns / 2 * wide - margin), rng.uniform(-rows / 2 * high + margin, rows / 2 * high - margin)

    schools = [anywhere(400) for _ in range(8)]
    schools[7] = (schools[2][0] + 30, schools[2][1] + 10)  # neighbours: one farm lies over both
    for n, (x, y) in enumerate(schools):
        add("schools", "s", blob(x, y, rng.uniform(40, 90), rng.randint(5, 9)) if n in (0, 1, 4, 5) else {"type": "Point", "coordinates": put(x, y)}, name=f"第{n + 1}小学")
    for n in range(60):
        near = rng.choice(schools)
        x, y = (near[0] + rng.gauss(0, 420), near[1] + rng.gauss(0, 420)) if n % 2 else anywhere()
        status = "demolished" if n % 10 == 3 else "relocated" if n % 20 == 7 else "active"
        add("farms", "f", blob(x, y, rng.uniform(10, 70), rng.randint(4, 12)), name=f"养殖户{n + 1}", species=rng.choice(["pig", "cattle", "sheep", "poultry"]), head=rng.randint(5, 900), status=status)
    farm = layers["farms"]
    farm[0]["geometry"], farm[0]["properties"]["status"] = blob(schools[2][0] + 15, schools[2][1] + 5, 90, 8), "active"
    for which, school, wanted, azimuth in ((10, 3, 499.7, 180), (11, 6, 500.3, 270), (20, 0, 499.98, 0), (21, 1, 500.02, 180)):  # either side of the threshold
        farm[which]["properties"]["status"], state = "active", rng.getstate()
        away = 600.0
        for _ in range(12):
            rng.setstate(state)
            centre = place(*put(*schools[school]), azimuth, away)
            farm[which]["geometry"] = {"type": "Polygon", "coordinates": [star(rng, *centre, 35, 7)]}
            off = distance(farm[which]["geometry"], layers["schools"][school]["geometry"]) - wanted
            if abs(off) < 0.002:
                break
            away -= off

    for n in range(60):
        x, y = anywhere()
        condition = ("good", "poor", "black", "unknown")[n * 7 % 4] if n % 5 else "black"
        days = {2: 30, 5: 31, 10: 29, 15: 32, 20: 0}.get(n, rng.randint(0, 200))
        cleaned = None if n % 6 == 1 else str(AS_OF - datetime.timedelta(days=days))
        if n in (2, 5, 10, 15, 20):
            condition = "poor"
        add("ponds", "p", blob(x, y, rng.uniform(8, 75), rng.randint(4, 20)), name=f"坑塘{n + 1}", condition=condition, cleaned=cleaned)
    for n in range(25):  # the south-west well served, the north-east hardly
        x, y = (rng.uniform(-2500, -200), rng.uniform(-1600, 800)) if n < 19 else anywhere()
        add("toilets", "t", {"type": "Point", "coordinates": put(x, y)}, name=f"公厕{n + 1}")
    for n in range(12):
        add("waste-points", "w", {"type": "Point", "coordinates": put(*anywhere())}, name=f"垃圾点{n + 1}")
    for n in range(150):
        add("households", "h", {"type": "Point", "coordinates": put(*anywhere())}, name=f"{n + 1}号")
    rng.shuffle(layers["schools"])  # an answer must not hang on the order of the file
    return layers


def matrix(pg, subjects, others, reach):
    """Distances between two layers in both ways: brute force where near enough to matter, PostGIS for all, held together."""
    rows = [(s, o) for s in subjects for o in others]
    postgis = [x for x, in pg.each("ST_Distance(a,b,true)", [(s["geometry"], o["geometry"]) for s, o in rows])]
    found = {}
    for (s, o), metres in zip(rows, postgis):
        if metres <= reach * 1.5 + 10:
            mine = distance(s["geometry"], o["geometry"])
            assert abs(mine - metres) < 0.002 + 1e-5 * mine, (s["id"], o["id"], mine, metres)
            assert abs(mine - reach) > 0.005, ("too near the threshold to be an answer", s["id"], o["id"], mine)
            metres = mine
        found[s["id"], o["id"]] = metres
    return found


def make_analyses(pg, rng):
    layers = town(rng)
    layer = {name: {f["id"]: f for f in features} for name, features in layers.items()}
    there = [f for f in layers["farms"] if f["properties"]["status"] not in ("demolished", "relocated")]
    answers = {}

    reach, rows = 500, []
    metres = matrix(pg, there, layers["schools"], reach)
    for f in there:
        near = sorted((round(metres[f["id"], s["id"]], 6), s["id"]) for s in layers["schools"])
        within = [x for x in near if x[0] <= reach]
        if within:
            rows.append({"farm": f["id"], "school_id": within[0][1], "distance_m": round(within[0][0], 4), "schools_within": len(within)})
    assert {"f-011", "f-021"} <= {r["farm"] for r in rows} and not {"f-012", "f-022"} & {r["farm"] for r in rows}
    answers["farms-near-schools"] = ({"distance": reach}, sorted(rows, key=lambda r: r["farm"]))

    rows, reach, days = [], 200, 30
    sources = there + layers["toilets"] + layers["waste-points"]
    listed = []
    for p in layers["ponds"]:
        cleaned = p["properties"]["cleaned"]
        since = None if cleaned is None else (AS_OF - datetime.date.fromisoformat(cleaned)).days
        if p["properties"]["condition"] in ("poor", "black", "unknown") and (since is None or since > days):
            listed.append((p, cleaned, since))
    metres = matrix(pg, [p for p, _, _ in listed], sources, reach)
    for p, cleaned, since in listed:
        rows.append({"pond": p["id"], "last_cleaned": cleaned, "days_since": since, "area_m2": round(area(p["geometry"]), 4),
                     "sources": sum(metres[p["id"], s["id"]] <= reach for s in sources)})
    assert {"p-006"} <= {r["pond"] for r in rows} and "p-003" not in {r["pond"] for r in rows}
    answers["uncleaned-waterbodies"] = ({"as_of": str(AS_OF), "days": days, "condition": ["poor", "black", "unknown"], "source_distance": reach}, rows)

    reach, corners = 500, 720
    plane = pyproj.Proj(proj="aeqd", lon_0=TOWN[0], lat_0=TOWN[1], ellps="WGS84")
    # the corners stand as far out as gives the many-cornered disc the round one's area
    out = reach * math.sqrt(2 * math.pi / corners / math.sin(2 * math.pi / corners))
    discs = []
    for t in layers["toilets"]:
        lon, lat = t["geometry"]["coordinates"]
        ring = [EARTH.Direct(lat, lon, 360 * k / corners, out) for k in range(corners)]
        discs.append(shapely.Polygon([plane(p["lon2"], p["lat2"]) for p in ring]))
    served = shapely.union_all(discs)
    metres = matrix(pg, layers["households"], layers["toilets"], reach)
    nearest = {h["id"]: min(metres[h["id"], t["id"]] for t in layers["toilets"]) for h in layers["households"]}
    far = {h: m for h, m in nearest.items() if m > reach}
    rows, seats = [], {}
    for v in layers["villages"]:
        ground = flat(v["geometry"], plane)
        left = ground.difference(served)
        bare = area(mapping(shapely.transform(left, lambda x, y: plane(x, y, inverse=True), interleaved=False)))
        inside = [h["id"] for h in layers["households"] if ground.contains(shapely.Point(plane(*h["geometry"]["coordinates"])))]
        seats.update(dict.fromkeys(inside, v["id"]))
        whole = area(v["geometry"])
        rows.append({"village": v["id"], "area_m2": round(whole, 3), "uncovered_m2": round(bare, 1), "uncovered_share": round(bare / whole, 6),
                     "households": len(inside), "uncovered_households": sum(h in far for h in inside)})
    answers["coverage-gaps"] = ({"facility": "toilets", "reach": reach, "measure": "straight", "demand": "villages"}, rows)
    answers["coverage-gaps-households"] = ({"facility": "toilets", "reach": reach, "measure": "straight", "demand": "households"},
                                           [{"household": h, "nearest_m": round(m, 4), "village": seats.get(h)} for h, m in sorted(far.items())])
    assert layer["villages"]
    return layers, answers


# --- out --------------------------------------------------------------------------------------------------------

def main():
    out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
    (out / "analyses").mkdir(parents=True, exist_ok=True)
    with PostGIS() as pg:
        postgis = pg.sql("SELECT split_part(version(), ' (', 1) || ', PostGIS ' || PostGIS_Lib_Version() || ', PROJ ' || split_part(PostGIS_PROJ_Version(), ' ', 1)")[0]
        head = {"about": None, "command": "python3 tests/oracle/make.py", "ellipsoid": "WGS84", "edges": "geodesics", "seed": SEED,
                "versions": f"{postgis}, GeographicLib (Python) {geographiclib.__version__}, Shapely {shapely.__version__}, GEOS {shapely.geos_version_string}, pyproj {pyproj.__version__}, numpy {np.__version__}"}

        def write(name, about, rows, **more):
            lines = [json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in [{**head, "about": about, **more}, *rows]]
            (out / name).write_text("\n".join(lines) + "\n")
            print(f"{name:45} {len(rows):>5}")

        rows, divergent = make_distances(pg, random.Random(SEED))
        write("distances.jsonl", "least distance between two shapes: ours by brute force (the authority), PostGIS beside it", rows)
        text = [f"# Where PostGIS geography is more than 2 mm and more than 1e-6 of the distance off the brute force ({len(divergent)} of {len(rows)} pairs).",
                f"# {head['versions']}", f"# {head['command']}",
                "# sphere: PostGIS seeks the nearest points on a sphere, with geodetic latitudes for spherical ones and great circles for edges, and then",
                "# measures between those two points on the ellipsoid. Doing just that gives its figure (to 0.1 mm and 1e-8). It is too long where",
                "# the sphere's foot or edge is not the ellipsoid's, and off either way beside long edges, where great circles are not geodesics.",
                f"# {'name':<56} {'brute_force_m':>15} {'postgis_m':>15} {'off_m':>10} why"]
        text += [f"{name:<58} {m:15.6f} {p:15.6f} {o:10.6f} {why}" for name, m, p, o, why in divergent]
        (out / "divergences.txt").write_text("\n".join(text) + "\n")
        print(f"{'divergences.txt':45} {len(divergent):>5}")
        write("areas.jsonl", "geodesic area and the length of all rings or lines: GeographicLib (the authority), PostGIS beside it", make_areas(pg, random.Random(SEED + 1)))
        write("nasty.jsonl", "what a gate should do; area_m2 after Shapely's make_valid (linework), area_structure_m2 by its other method where that differs", make_nasty())
        layers, answers = make_analyses(pg, random.Random(SEED + 2))
    for name, features in layers.items():
        lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
        (out / "analyses" / f"{name}.geojson").write_text('{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n")
    for name, (parameters, rows) in answers.items():
        write(f"analyses/{name}.jsonl", "an analysis' answer over the town beside this file", rows, parameters=parameters)


if __name__ == "__main__":
    main()
