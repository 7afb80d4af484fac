#!/usr/bin/env python3
"""Make the frozen answers that hotspots, densities and clusters are held against.

    pip install esda==2.9.0 libpysal==4.14.1 scikit-learn==1.9.1 statsmodels==0.15.0 shapely pyproj
    python3 tests/oracle/hotspots/make.py [OUT_DIR]

A made-up town: villages, issues (points, with days and states), farms (areas). Cells are laid here with PROJ's transverse
Mercator and Shapely's intersections, neighbours found by libpysal or by sorting all distances, Gi* is esda's `G_Local`, the
false discovery rate statsmodels', densities scikit-learn's `KernelDensity` (the quartic one a plain sum), clusters
scikit-learn's `DBSCAN` over geodesic distances (of areas: Shapely's, edge to edge). No place lies within half a metre of a
border and no cell holds less than 5 m² of a village, so that the last digit of a projection decides nothing. Same versions,
same bytes.
"""
import datetime
import json
import math
import pathlib
import random
import sys
import warnings

import numpy as np
import pyproj
import shapely
from esda.getisord import G_Local
from libpysal.weights import KNN, DistanceBand, W
from scipy.stats import norm
from shapely.geometry import mapping
from sklearn.cluster import DBSCAN
from sklearn.neighbors import KernelDensity
from statsmodels.stats.multitest import multipletests

warnings.filterwarnings("ignore")
SEED = 20261101
AS_OF = datetime.date(2026, 10, 31)
ORIGIN = (117.4, 39.6)
PLANE = pyproj.Transformer.from_crs(
    "+proj=longlat +ellps=WGS84", f"+proj=tmerc +lon_0={ORIGIN[0]} +lat_0={ORIGIN[1]} +k=1 +ellps=WGS84", always_xy=True)
GEOD = pyproj.Geod(ellps="WGS84")
SIZES = [("square", 500.0), ("hexagon", 500.0), ("hexagon", 350.0), ("square", 250.0)]
OUT = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent


def lnglat(x, y):
    lng, lat = PLANE.transform(x, y, direction="INVERSE")
    return [round(lng, 8), round(lat, 8)]


def to_plane(geometry):
    return shapely.transform(geometry, lambda c: np.column_stack(PLANE.transform(c[:, 0], c[:, 1])))


# --- the town -----------------------------------------------------------------------------------------------------

def town():
    rng = random.Random(SEED)
    side, nx, ny, west, south = 1130.0, 7, 6, -4210.0, -3120.0
    corner = {}
    for i in range(nx + 1):
        for j in range(ny + 1):
            shift = lambda k, n: 0 if k in (0, n) else rng.uniform(-260, 260)
            corner[i, j] = lnglat(west + i * side + shift(i, nx), south + j * side + shift(j, ny))
    villages = []
    for j in range(ny):
        for i in range(nx):
            ring = [corner[i, j], corner[i + 1, j], corner[i + 1, j + 1], corner[i, j + 1], corner[i, j]]
            villages.append((f"v-{j * nx + i + 1:02}", shapely.Polygon(ring)))
    hearts = [(rng.uniform(-3600, 3100), rng.uniform(-2600, 3000), rng.uniform(90, 420), n) for n in (60, 45, 35, 30, 24)]
    spots = [(rng.gauss(x, s), rng.gauss(y, s)) for x, y, s, n in hearts for _ in range(n)]
    spots += [(rng.uniform(-4300, 3800), rng.uniform(-3200, 3750)) for _ in range(150)]
    issues = []
    for x, y in spots:
        at = lnglat(x, y)
        x, y = PLANE.transform(*at)
        if min(border(form, size, x, y) for form, size in SIZES) < 0.5:
            continue
        days = rng.randrange(0, 130)
        status = rng.choices(["found", "assigned", "in_progress", "rectified", "closed", "rejected"], [3, 3, 3, 2, 3, 1])[0]
        issues.append({
            "id": f"i-{len(issues) + 1:03}", "at": at, "xy": (x, y), "type": rng.choice(["rubbish", "clutter", "manure"]),
            "found_on": AS_OF - datetime.timedelta(days), "status": status})
    farms = []
    for k in range(90):
        x, y = (rng.gauss(-1200, 500), rng.gauss(900, 450)) if k < 50 else (rng.uniform(-4000, 3500), rng.uniform(-3000, 3500))
        r, turn = rng.uniform(12, 55), rng.uniform(0, 90)
        ring = [(x + r * math.cos(math.radians(turn + a)), y + rng.uniform(0.6, 1) * r * math.sin(math.radians(turn + a)))
                for a in range(0, 360, 60)]
        polygon = shapely.Polygon([lnglat(*p) for p in ring])
        farms.append((f"f-{k + 1:02}", polygon))
    return villages, issues, farms


# --- cells --------------------------------------------------------------------------------------------------------

def centre(form, size, cell):
    c, r = cell
    if form == "square":
        return ((c + 0.5) * size, (r + 0.5) * size)
    return ((c + 0.5 * (r % 2)) * size, r * size * math.sqrt(3) / 2)


def cell_of(form, size, x, y):
    if form == "square":
        return (math.floor(x / size), math.floor(y / size))
    row = round(y / (size * math.sqrt(3) / 2))
    near = [(math.floor(x / size) + dc, row + dr) for dc in (-1, 0, 1) for dr in (-1, 0, 1)]
    return min(near, key=lambda cell: math.dist(centre(form, size, cell), (x, y)))


def outline(form, size, cell):
    x, y = centre(form, size, cell)
    if form == "square":
        return shapely.box(x - size / 2, y - size / 2, x + size / 2, y + size / 2)
    r = size / math.sqrt(3)
    return shapely.Polygon([(x + r * math.cos(math.radians(30 + 60 * k)), y + r * math.sin(math.radians(30 + 60 * k))) for k in range(6)])


def border(form, size, x, y):
    return outline(form, size, cell_of(form, size, x, y)).exterior.distance(shapely.Point(x, y))


def cells(form, size, ground):
    w, s, e, n = ground.bounds
    (c0, r0), (c1, r1) = cell_of(form, size, w, s), cell_of(form, size, e, n)
    found = []
    for r in range(r0 - 1, r1 + 2):
        for c in range(c0 - 1, c1 + 2):
            shared = outline(form, size, (c, r)).intersection(ground).area
            assert shared == 0 or shared > 5, f"{form} {size} {(c, r)} shares {shared} m² with the ground"
            if shared > 0:
                found.append((c, r))
    return found


# --- answers ------------------------------------------------------------------------------------------------------

def gi(counts, neighbours, transform, fdr):
    ids = list(range(len(counts)))
    w = W({i: sorted(neighbours[i]) for i in ids}, id_order=ids, silence_warnings=True)
    w.transform = "B"
    local = G_Local(np.array(counts, dtype=float), w, transform=transform, permutations=0, star=True)
    p = 2 * norm.sf(np.abs(local.Zs))
    assert np.allclose(p, 2 * local.p_norm, rtol=1e-12, atol=0)
    significant, q, _, _ = multipletests(p, alpha=fdr, method="fdr_bh")
    return local.Zs, p, q, significant


def neighbours(form, size, units, rule):
    points = np.array([centre(form, size, cell) for cell in units])
    kind, value = rule
    if kind == "band":
        w = DistanceBand(points, threshold=value * (1 + 1e-9), binary=True, silence_warnings=True)
        return {i: list(w.neighbors[i]) for i in range(len(units))}
    # Of equally near cells the southern, then the western: libpysal leaves open which it takes.
    found = {}
    for i, p in enumerate(points):
        order = sorted((round(math.dist(p, q) / size, 9), units[j][1], centre(form, size, units[j])[0], j) for j, q in enumerate(points) if j != i)
        found[i] = [j for *_, j in order[:value]]
    return found


def village_neighbours(middles, rule):
    kind, value = rule
    far = [[GEOD.inv(*a, *b)[2] if a != b else 0.0 for b in middles] for a in middles]
    if kind == "band":
        value = value or math.ceil(max(min(d for j, d in enumerate(row) if j != i) for i, row in enumerate(far)))
        return {i: [j for j, d in enumerate(row) if j != i and d <= value] for i, row in enumerate(far)}
    found = {i: sorted((d, j) for j, d in enumerate(row) if j != i)[:value] for i, row in enumerate(far)}
    xyz = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True).transform(*zip(*[(*m, 0.0) for m in middles]))
    libpysal = KNN(np.column_stack(xyz), k=value)
    assert all(set(libpysal.neighbors[i]) == {j for _, j in found[i]} for i in found)
    return {i: [j for _, j in found[i]] for i in found}


def open_on(issue):
    return issue["status"] not in ("closed", "rejected") and issue["found_on"] <= AS_OF


def main():
    villages, issues, farms = town()
    ground = shapely.union_all([to_plane(polygon) for _, polygon in villages])
    versions = {m: __import__(m).__version__ for m in ("esda", "libpysal", "sklearn", "statsmodels", "shapely", "pyproj", "numpy")}

    def layer(name, features):
        text = ",\n".join(json.dumps({"type": "Feature", "id": i, "properties": {"id": i, **p}, "geometry": g}, ensure_ascii=False) for i, p, g in features)
        (OUT / f"{name}.geojson").write_text(f'{{"type": "FeatureCollection", "features": [\n{text}\n]}}\n')

    def freeze(name, question, rows):
        header = {"about": "an answer over the town beside this file", "question": question, "seed": SEED, "versions": " ".join(f"{k} {v}" for k, v in versions.items())}
        (OUT / f"{name}.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in [header, *rows]))

    # What each issue weighs, where it says so: from a stream of its own, so that the town stays what it was.
    rng = random.Random(SEED + 1)
    for one in issues:
        one["volume_m3"] = None if rng.random() < 0.06 else round(rng.lognormvariate(0.5, 1.1), 3)

    layer("villages", [(i, {"name": i.replace("v-", "村")}, mapping(p)) for i, p in villages])
    layer("issues", [(one["id"], {"number": one["id"], "type": one["type"], "status": one["status"], "found_on": one["found_on"].isoformat(), "volume_m3": one["volume_m3"]}, {"type": "Point", "coordinates": one["at"]}) for one in issues])
    layer("farms", [(i, {"name": i}, mapping(p)) for i, p in farms])

    # --- hotspots over cells
    def question(name, form, size, rule, transform, fdr, counted, extra, before=None, value=None):
        units = cells(form, size, ground)
        place = {cell: k for k, cell in enumerate(units)}

        def counts(points, value=None):
            all = [0] * len(units)
            for n, (x, y) in enumerate(points):
                k = place.get(cell_of(form, size, x, y))
                if k is not None:
                    all[k] += 1 if value is None else value[n]
            return all

        number = counts(counted)
        now = number if value is None else counts(counted, value)
        near = neighbours(form, size, units, rule)
        z, p, q, significant = gi(now, near, transform, fdr)
        then = counts(before) if before is not None else None
        letter = "s" if form == "square" else "h"
        rows = []
        for k, (c, r) in enumerate(units):
            row = {"id": f"{letter}{size:g}:{c}:{r}", "count": number[k], **({} if value is None else {"sum": now[k]}), "gi_z": z[k], "p": p[k], "q": q[k], "significant": bool(significant[k])}
            if then is not None:
                row |= {"count_before": then[k], "change": now[k] - then[k]}
            rows.append(row)
        if then is not None:
            z0, _, _, significant0 = gi(then, near, transform, fdr)
            for k, row in enumerate(rows):
                a, b = (now[k] + sum(now[j] for j in near[k]), then[k] + sum(then[j] for j in near[k]))
                hot, was = bool(significant[k]) and z[k] > 0, bool(significant0[k]) and z0[k] > 0
                moved = abs(a - b) > 1.96 * math.sqrt(a + b)
                row["trend"] = None if not hot and not was else "new" if not was else "diminishing" if not hot or (moved and a < b) else "intensifying" if moved else "persistent"
        freeze(name, [*extra, "--fdr", f"{fdr:g}"], rows)

    opened = [one["xy"] for one in issues if open_on(one)]
    ask = lambda *more: ["hotspots", *more]
    question("square-band", "square", 500.0, ("band", 750.0), "B", 0.05, opened, ask())
    question("square-band-row", "square", 500.0, ("band", 750.0), "R", 0.05, opened, ask("--weights", "row"))
    question("square-band-wide", "square", 250.0, ("band", 1000.0), "B", 0.1, opened, ask("--cell", "250", "--band", "1000"))
    question("square-nearest", "square", 500.0, ("nearest", 7), "B", 0.05, opened, ask("--neighbours", "nearest", "--k", "7"))
    question("square-nearest-row", "square", 250.0, ("nearest", 12), "R", 0.2, opened, ask("--cell", "250", "--neighbours", "nearest", "--k", "12", "--weights", "row"))
    question("square-islands", "square", 500.0, ("band", 300.0), "B", 0.05, opened, ask("--band", "300"))
    question("hexagon-band", "hexagon", 500.0, ("band", 750.0), "B", 0.05, opened, ask("--cells", "hexagon"))
    question("hexagon-nearest", "hexagon", 350.0, ("nearest", 9), "B", 0.05, opened, ask("--cells", "hexagon", "--cell", "350", "--neighbours", "nearest", "--k", "9"))
    rubbish = [one["xy"] for one in issues if open_on(one) and one["type"] == "rubbish"]
    question("square-where", "square", 500.0, ("band", 750.0), "B", 0.05, rubbish, ask("--where", "type = 'rubbish'"))
    said = [one for one in issues if open_on(one) and one["volume_m3"] is not None]
    weighed, weights = [one["xy"] for one in said], [one["volume_m3"] for one in said]
    question("square-value", "square", 500.0, ("band", 750.0), "B", 0.05, weighed, ask("--value", "volume_m3"), value=weights)
    question("hexagon-value-row", "hexagon", 350.0, ("nearest", 9), "R", 0.2, weighed, ask("--value", "volume_m3", "--cells", "hexagon", "--cell", "350", "--neighbours", "nearest", "--k", "9", "--weights", "row"), value=weights)
    first = datetime.date(2026, 9, 11)
    days = (AS_OF - first).days + 1
    found = [one for one in issues if one["status"] != "rejected"]
    now = [one["xy"] for one in found if first <= one["found_on"] <= AS_OF]
    before = [one["xy"] for one in found if first - datetime.timedelta(days) <= one["found_on"] < first]
    question("square-emerging", "square", 500.0, ("band", 1000.0), "B", 0.1, now, ask("--from", first.isoformat(), "--band", "1000"), before)

    # --- hotspots over villages
    middles = [tuple(polygon.centroid.coords[0]) for _, polygon in villages]
    in_village = [sum(polygon.contains(shapely.Point(one["at"])) for one in issues if open_on(one)) for _, polygon in villages]
    for name, rule, transform, extra in [
        ("village-band", ("band", None), "B", []),
        ("village-band-row", ("band", 2000.0), "R", ["--band", "2000", "--weights", "row"]),
        ("village-nearest", ("nearest", 5), "B", ["--neighbours", "nearest", "--k", "5"]),
    ]:
        z, p, q, significant = gi(in_village, village_neighbours(middles, rule), transform, 0.2)
        freeze(name, ["hotspots", "--cells", "village", "--fdr", "0.2", *extra], [
            {"id": i, "count": in_village[k], "gi_z": z[k], "p": p[k], "q": q[k], "significant": bool(significant[k])} for k, (i, _) in enumerate(villages)])

    # --- densities
    xy = np.array(opened)
    w, s = xy.min(axis=0) - 2000
    e, n = xy.max(axis=0) + 2000
    for name, size, kernel, h in [("density-gaussian", 200.0, "gaussian", 300.0), ("density-quartic", 150.0, "quartic", 700.0)]:
        at = [(c, r) for r in range(math.floor(s / size), math.ceil(n / size)) for c in range(math.floor(w / size), math.ceil(e / size))]
        middle = np.array([centre("square", size, cell) for cell in at])
        if kernel == "gaussian":
            fitted = KernelDensity(bandwidth=h, kernel="gaussian", atol=0, rtol=0).fit(xy)
            density = np.exp(fitted.score_samples(middle)) * len(xy) * 1e6
        else:
            d2 = ((middle[:, None, :] - xy[None, :, :]) ** 2).sum(axis=2) / h**2
            density = (3 / (math.pi * h**2) * np.where(d2 < 1, 1 - d2, 0) ** 2).sum(axis=1) * 1e6
        peak = density.max()
        freeze(name, ["density", "--kernel", kernel, "--bandwidth", f"{h:g}", "--cell", f"{size:g}"], [
            {"id": f"s{size:g}:{c}:{r}", "density_km2": d} for (c, r), d in zip(at, density) if d >= 0.011 * peak])

    at = [(c, r) for r in range(math.floor(s / 200), math.ceil(n / 200)) for c in range(math.floor(w / 200), math.ceil(e / 200))]
    middle = np.array([centre("square", 200.0, cell) for cell in at])
    fitted = KernelDensity(bandwidth=300.0, kernel="gaussian", atol=0, rtol=0).fit(np.array(weighed), sample_weight=weights)
    density = np.exp(fitted.score_samples(middle)) * sum(weights) * 1e6
    freeze("density-value", ["density", "--kernel", "gaussian", "--bandwidth", "300", "--cell", "200", "--value", "volume_m3"], [
        {"id": f"s200:{c}:{r}", "density_km2": d} for (c, r), d in zip(at, density) if d >= 0.011 * density.max()])

    # --- clusters
    points = [one for one in issues if open_on(one)]
    far = np.array([[GEOD.inv(*a["at"], *b["at"])[2] for b in points] for a in points])
    plane = [to_plane(polygon) for _, polygon in farms]
    apart = np.array([[a.distance(b) for b in plane] for a in plane])
    for name, ids, matrix, eps, least, extra in [
        ("clusters-points", [one["id"] for one in points], far, 200.0, 5, []),
        ("clusters-points-edges", [one["id"] for one in points], far, 180.0, 6, []),
        ("clusters-points-pairs", [one["id"] for one in points], far, 60.0, 2, []),
        ("clusters-areas", [i for i, _ in farms], apart, 100.0, 5, ["--of", "farms"]),
    ]:
        off = matrix[np.triu_indices(len(ids), 1)]
        assert np.abs(off - eps).min() > 1e-3, "no distance is so near to eps that a measure's last digits decide"
        fitted = DBSCAN(eps=eps, min_samples=least, metric="precomputed").fit(matrix)
        core = set(fitted.core_sample_indices_)
        rows = []
        for k, i in enumerate(ids):
            reach = sorted({int(fitted.labels_[j]) for j in core if matrix[k, j] <= eps})
            rows.append({"id": i, "label": int(fitted.labels_[k]), "role": "core" if k in core else "border" if fitted.labels_[k] >= 0 else "alone", "in_reach_of": reach})
        freeze(name, ["clusters", "--eps", f"{eps:g}", "--min_points", str(least), "--show", "things", *extra], rows)


if __name__ == "__main__":
    main()
