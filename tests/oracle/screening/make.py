#!/usr/bin/env python3
"""Make the frozen answers that screening and farmland-overlap are held against: PostGIS, and the rule packs as they stand.

    apt-get install postgresql-15 postgresql-15-postgis-3
    python3 tests/oracle/screening/make.py          # over the frozen files beside this one

A made-up place four kilometres wide, nobody's: layers of most kinds that rules speak of, shapes with holes, parcels that overlap
each other, points and polygons mixed, some things demolished. Every rule of maps/rules that binds a layer is put to PostGIS: its
CQL2 conditions are SQL as they stand; distances and reaches are of `geography` (ST_Distance, ST_DWithin), overlaps are cut in a
transverse Mercator about the place and their area taken as `geography`. Coordinates are rounded before anything is computed.

    <layer>.geojson       the place
    screening.jsonl       a line for each subject that hits a rule
    farmland.jsonl        a line for each farm: ground in common with parcels, and with settlements
"""
import json
import math
import pathlib
import random
import sys
import tomllib

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(HERE.parent))
from cluster import Cluster  # noqa: E402

SEED = 20261101
AS_OF = "2026-11-01"
MIDDLE = (117.5, 39.6)
GONE = {"withdrawn", "demolished", "relocated"}
SLIVER_M2 = 1.0
KIND = {
    "farms": "farm", "schools": "school", "kindergartens": "school", "no-farm-zones": "no_farm_zone",
    "protected-areas": "protected_area", "basic-farmland": "basic_farmland", "settlements": "settlement",
    "sensitive-sites": "sensitive_site", "roads": "road", "ponds": "waterbody", "villages": "village",
    "toilets": "toilet", "waste-points": "waste_point",
}


def place(x, y):
    """Metres east and north of the middle, as longitude and latitude: near enough for making things up."""
    lat = MIDDLE[1] + y / 111_020
    return [round(MIDDLE[0] + x / (111_320 * math.cos(math.radians(MIDDLE[1]))), 8), round(lat, 8)]


def star(rng, x, y, radius, corners, low=0.6):
    turn = 2 * math.pi / corners
    ring = []
    for k in range(corners):
        a, r = turn * (k + rng.uniform(-0.35, 0.35)), radius * rng.uniform(low, 1)
        ring.append(place(x + r * math.cos(a), y + r * math.sin(a)))
    return ring + ring[:1]


def box(x, y, w, h):
    ring = [place(x, y), place(x + w, y), place(x + w, y + h), place(x, y + h)]
    return ring + ring[:1]


def polygon(*rings):
    """The shell as it runs, holes the other way round."""
    return {"type": "Polygon", "coordinates": [rings[0]] + [ring[::-1] for ring in rings[1:]]}


def point(x, y):
    return {"type": "Point", "coordinates": place(x, y)}


def make():
    rng = random.Random(SEED)
    at = lambda reach=1900: (rng.uniform(-reach, reach), rng.uniform(-reach, reach))  # noqa: E731
    layers = {name: [] for name in KIND}

    def add(layer, geometry, **properties):
        number = len(layers[layer]) + 1
        layers[layer].append({"type": "Feature", "properties": {"id": f"{layer[:2]}-{number:03}", **properties}, "geometry": geometry})

    for n in range(120):
        x, y = at()
        shape = point(x, y) if n % 4 == 3 else polygon(star(rng, x, y, rng.uniform(12, 70), rng.randint(4, 9)))
        species = rng.choice(["pig", "beef", "dairy", "sheep", "layer", "broiler", "duck"])
        add("farms", shape, name=f"养殖户{n}", species=species, head=rng.choice([None, 12, 150, 4000]),
            yearly_output=rng.choice([None, 30, 800, 40000]), status=rng.choice(["active"] * 6 + ["closed", "demolished", "relocated"]),
            in_village=rng.choice([True, False, None]), on_basic_farmland=rng.choice([True, False, False, None]))
    for n in range(3):
        add("schools", polygon(star(rng, *at(), rng.uniform(40, 90), 6)), name=f"小学{n}", level="primary")
    for n in range(2):
        add("kindergartens", point(*at()), name=f"幼儿园{n}", level="kindergarten")
    add("no-farm-zones", polygon(star(rng, -500, 300, 900, 12, 0.8), star(rng, -500, 300, 350, 7)), name="禁养区甲", **{"class": "forbidden"})
    add("no-farm-zones", polygon(star(rng, 1200, -1200, 400, 9)), name="禁养区乙", **{"class": "forbidden"})
    add("no-farm-zones", polygon(star(rng, 900, 900, 700, 9)), name="限养区", **{"class": "limited"})
    for n, (what, x, y, r) in enumerate([("source_1", 1000, 400, 250), ("source_2", 1000, 400, 600), ("scenic", -1300, -1200, 500), ("population", 0, -300, 450), ("reserve_outer", -1200, 1300, 500)]):
        add("protected-areas", polygon(star(rng, x, y, r, 11, 0.8)), name=f"保护区{n}", **{"class": what})
    for i in range(7):
        for j in range(7):
            if rng.random() < 0.55:
                # Parcels overlap their neighbours by up to 40 m: ground that counts once.
                add("basic-farmland", polygon(box(-2000 + i * 560 - rng.uniform(0, 40), -2000 + j * 560 - rng.uniform(0, 40), 470 + rng.uniform(0, 60), 470 + rng.uniform(0, 60))), number=f"{i}{j}")
    for n, what in enumerate(["village", "village", "town", "village"]):
        add("settlements", polygon(star(rng, *at(1300), rng.uniform(250, 480), 10)), name=f"居民点{n}", **{"class": what})
    for n, what in enumerate(["market", "slaughterhouse", "water_intake", "animal_clinic", "quarry", "carcass_disposal", "breeding_farm", "water_tank"]):
        add("sensitive-sites", point(*at()), name=f"场所{n}", **{"class": what}, status="demolished" if n == 7 else "active")
    for n, (what, width) in enumerate([("national", 14), ("county", None), ("village", 5), ("township", None)]):
        y = -1500 + n * 950
        line = [place(-2000 + k * 400, y + rng.uniform(-60, 60)) for k in range(11)]
        add("roads", {"type": "LineString", "coordinates": line}, name=f"路{n}", width_m=width, **{"class": what})
    for n, what in enumerate(["river", "pond", "pond", "reservoir"]):
        add("ponds", polygon(star(rng, *at(), rng.uniform(40, 160), 14)), name=f"水体{n}", type=what)
    for i in range(2):
        for j in range(2):
            add("villages", polygon(box(-2000 + i * 2000, -2000 + j * 2000, 2000, 2000)), name=f"村{i}{j}", households=[120, 300, 299, 640][2 * i + j])
    for n in range(6):
        add("toilets", point(*at(1700)), name=f"公厕{n}", access="public" if n % 3 else "closed")
    add("toilets", point(*at(1700)), name="公厕近水", access="public")
    for n in range(9):
        add("waste-points", point(*at()), name=f"垃圾点{n}", type=["collection", "dump", "transfer"][n % 3])
    return layers


def packs():
    read = {}
    for file in sorted((ROOT / "maps/rules").glob("*.toml")):
        pack = tomllib.loads(file.read_text())
        if "title" in pack:
            read[pack["id"]] = pack
    return read


def force(rule):
    if rule.get("valid_from", "") > AS_OF:
        return None
    return "suspended" if rule.get("valid_to", "9999") < AS_OF else rule["force"]


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else "'" + str(value).replace("'", "''") + "'"


def load(pg, layers):
    pg.sql("INSERT INTO spatial_ref_sys (srid, proj4text) VALUES (900900, '+proj=tmerc +lat_0=39.6 +lon_0=117.5 +k=1 +ellps=WGS84 +units=m')")
    for kind in sorted(set(KIND.values())):
        names = [name for name in KIND if KIND[name] == kind]
        fields = {}
        for name in names:
            for feature in layers[name]:
                for key, value in feature["properties"].items():
                    if value is not None:
                        fields[key] = "boolean" if isinstance(value, bool) else "float8" if isinstance(value, (int, float)) else "text"
        columns = ", ".join(f'"{key}" {of}' for key, of in fields.items())
        pg.sql(f"CREATE TABLE {kind} (layer text, {columns}, geom geometry(Geometry, 4326), plane geometry, geog geography)")
        for name in names:
            for feature in layers[name]:
                values = [literal(name), *(literal(feature["properties"].get(key)) for key in fields)]
                geometry = literal(json.dumps(feature["geometry"]))
                pg.sql(f"INSERT INTO {kind} VALUES ({', '.join(values)}, ST_SetSRID(ST_GeomFromGeoJSON({geometry}), 4326))")
        gone = f"DELETE FROM {kind} WHERE status IN ('withdrawn', 'demolished', 'relocated')" if "status" in fields and kind != "farm" else ""
        pg.sql(f"UPDATE {kind} SET plane = ST_Transform(geom, 900900), geog = geom::geography; {gone}")
        if kind == "farm":
            pg.sql("CREATE TABLE farm_all AS SELECT * FROM farm; DELETE FROM farm WHERE status IN ('withdrawn', 'demolished', 'relocated')")


def rows(pg, sql):
    return [line.split("|") for line in pg.sql(sql)]


def screen(pg, layers):
    read = packs()
    lands = {land["class"]: land for land in read["highway"]["road_land"]}
    rules = [rule for pack in read.values() for rule in pack.get("rule", [])]
    order = {name: at for at, name in enumerate(KIND)}
    out = []
    for rule in rules:
        to = rule["to"]
        if not any(KIND[name] == to for name in KIND):
            continue
        for of in rule["from"]:
            if of not in KIND.values() or force(rule) is None:
                continue
            who = f"(SELECT * FROM {of} WHERE {rule.get('from_where', 'true')}) s"
            whom = f"(SELECT * FROM {to} WHERE {rule.get('to_where', 'true')}) t"
            other = "AND (s.layer, s.id) <> (t.layer, t.id)"
            found = {}
            if "distance_m" in rule:
                by_land = rule["measured_from"] in ("road-land", "control-zone")
                extra = "t.width_m, t.class" if by_land else "NULL, NULL"
                for s_layer, s, t_layer, t, metres, width, what in rows(pg, f"SELECT s.layer, s.id, t.layer, t.id, ST_Distance(s.geog, t.geog), {extra} FROM {who} JOIN {whom} ON ST_DWithin(s.geog, t.geog, {rule['distance_m'] + 200}) {other}"):
                    beyond = 0.0
                    if by_land:
                        land = lands[what]
                        beyond = (float(width) if width else land["width_m"]) / 2 + land["verge_m"] + rule.get("beyond_m", 0)
                    if float(metres) <= rule["distance_m"] + beyond:
                        found.setdefault((s_layer, s), []).append((max(0.0, float(metres) - beyond), order[t_layer], t, t_layer))
                for (s_layer, s), hits in found.items():
                    metres, _, t, t_layer = min(hits)
                    out.append({"layer": s_layer, "subject": s, "rule": rule["id"], "force": force(rule), "target": t, "target_layer": t_layer, "distance_m": metres, "within": len(hits)})
            elif rule.get("overlap"):
                area = "ST_Area(ST_Transform(ST_Intersection(s.plane, t.plane), 4326)::geography)"
                for s_layer, s, ground, t, square in rows(pg, f"SELECT s.layer, s.id, ST_Dimension(s.geom), t.id, {area} FROM {who} JOIN {whom} ON ST_DWithin(s.geog, t.geog, 0.001) {other}"):
                    if ground == "0" or float(square) >= SLIVER_M2:
                        found.setdefault((s_layer, s, ground), []).append((-float(square), t))
                for (s_layer, s, ground), hits in found.items():
                    case = {"layer": s_layer, "subject": s, "rule": rule["id"], "force": force(rule), "target": min(hits)[1], "distance_m": 0.0, "within": len(hits)}
                    if ground == "2":
                        ids = ", ".join(literal(t) for _, t in hits)
                        [[square]] = rows(pg, f"SELECT ST_Area(ST_Transform(ST_Intersection(s.plane, (SELECT ST_Union(plane) FROM {to} WHERE id IN ({ids}))), 4326)::geography) FROM {of} s WHERE id = {literal(s)}")
                        case["overlap_m2"] = float(square)
                    out.append(case)
            else:
                reach = max(rule["within_m"], 0.001)
                for s_layer, s in rows(pg, f"SELECT s.layer, s.id FROM {who} WHERE NOT EXISTS (SELECT 1 FROM {whom} WHERE ST_DWithin(s.geog, t.geog, {reach}))"):
                    [[t, metres]] = rows(pg, f"SELECT t.id, ST_Distance(s.geog, t.geog) d FROM {who}, {whom} WHERE s.id = {literal(s)} ORDER BY d, t.id LIMIT 1")
                    out.append({"layer": s_layer, "subject": s, "rule": rule["id"], "force": force(rule), "target": t, "distance_m": float(metres), "within": 0})
    return sorted(out, key=lambda case: (case["layer"], case["subject"], case["rule"]))


def farmland(pg):
    out = []
    area = lambda of: f"(SELECT ST_Area(ST_Transform(ST_Intersection(s.plane, ST_Union(t.plane)), 4326)::geography) FROM {of} t WHERE ST_Intersects(s.plane, t.plane))"  # noqa: E731
    for s, ground, farm, on, village, touches, inside in rows(pg, f"SELECT s.id, ST_Dimension(s.geom), ST_Area(s.geog), {area('basic_farmland')}, {area('settlement')}, EXISTS (SELECT 1 FROM basic_farmland t WHERE ST_DWithin(s.geog, t.geog, 0.001)), EXISTS (SELECT 1 FROM settlement t WHERE ST_DWithin(s.geog, t.geog, 0.001)) FROM farm s ORDER BY s.id"):
        case = {"farm": s}
        if ground == "2":
            case |= {"farm_m2": float(farm), "overlap_m2": float(on or 0), "in_village": float(village or 0) / float(farm) >= 0.5, "on_farmland": float(on or 0) >= SLIVER_M2}
        else:
            case |= {"in_village": inside == "t", "on_farmland": touches == "t"}
        out.append(case)
    return out


def main():
    layers = make()
    for name, features in layers.items():
        lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
        (HERE / f"{name}.geojson").write_text('{"type": "FeatureCollection", "features": [\n' + lines + "\n]}\n")
    with Cluster() as pg:
        versions = pg.sql("SELECT 'PostGIS ' || PostGIS_Lib_Version() || ', GEOS ' || PostGIS_GEOS_Version()")[0]
        load(pg, layers)
        for name, cases in (("screening", screen(pg, layers)), ("farmland", farmland(pg))):
            head = json.dumps({"versions": versions, "as_of": AS_OF, "made_by": "tests/oracle/screening/make.py"})
            (HERE / f"{name}.jsonl").write_text("\n".join([head, *(json.dumps(case) for case in cases)]) + "\n")
            print(name, len(cases))


if __name__ == "__main__":
    main()
