#!/usr/bin/env python3
"""Freeze what spopt with CBC makes of seeded location problems.

    pip install spopt==0.7.0 pulp==3.3.2 numpy
    python3 tests/oracle/siting/make.py > tests/oracle/siting/optima.jsonl

One problem a line. Places are whole metres in a plane and weights whole numbers, so that distances (hypot) are the same on both
sides; `existing` says how many of the sites, the first ones, are open already. spopt counts those among its `p`; `n` here is how
many are added. Problems with a capacity are written out for CBC as spopt's own formulations have it, with clients that may be
divided between sites. Optimal values are what is compared: several choices may have the same.
"""
import json
import math
import random

import numpy as np
import pulp
from spopt.locate import LSCP, MCLP, PCenter, PMedian

SOLVER = pulp.PULP_CBC_CMD(msg=False, gapRel=0.0)


def made(rng, clients, sites, existing, clustered):
    centres = [(rng.randint(1500, 8500), rng.randint(1500, 8500)) for _ in range(6)]

    def place():
        if clustered:
            x, y = rng.choice(centres)
            return [int(rng.gauss(x, 600)), int(rng.gauss(y, 600))]
        return [rng.randint(0, 10000), rng.randint(0, 10000)]

    return {
        "clients": [place() + [rng.randint(1, 40)] for _ in range(clients)],
        "sites": [place() for _ in range(sites)],
        "existing": existing,
    }


def ways(problem):
    return np.array([[math.hypot(c[0] - s[0], c[1] - s[1]) for s in problem["sites"]] for c in problem["clients"]])


def solved(model):
    model.solve(SOLVER)
    assert model.problem.status == pulp.LpStatusOptimal
    return model


def uncapacitated(problem, kind, n, reach):
    far = ways(problem)
    weights = np.array([c[2] for c in problem["clients"]])
    existing = problem["existing"]
    given = np.array([1 if s < existing else 0 for s in range(far.shape[1])]) if existing else None
    if kind == "mclp":
        model = MCLP.from_cost_matrix(far, weights, reach, n + existing, predefined_facilities_arr=given)
        return pulp.value(solved(model).problem.objective)
    if kind == "lscp":
        near = far[(far <= reach).any(axis=1)]
        model = LSCP.from_cost_matrix(near, reach, predefined_facilities_arr=given)
        return pulp.value(solved(model).problem.objective) - existing
    if kind == "p-median":
        model = PMedian.from_cost_matrix(far, weights, n + existing, predefined_facilities_arr=given)
        return pulp.value(solved(model).problem.objective)
    model = solved(PCenter.from_cost_matrix(far, n + existing, predefined_facilities_arr=given))
    # CBC prints four places: the distance is read off the choice.
    chosen = [s for s, variable in enumerate(model.fac_vars) if variable.value() > 0.5]
    return far[:, chosen].min(axis=1).max()


def capacitated(problem, kind, n, reach, capacity):
    far = ways(problem)
    weights = [c[2] for c in problem["clients"]]
    existing, (clients, sites) = problem["existing"], far.shape
    model = pulp.LpProblem("capacitated", pulp.LpMaximize if kind == "mclp" else pulp.LpMinimize)
    x = [pulp.LpVariable(f"x{s}", cat="Binary") for s in range(sites)]
    near = lambda c, s: kind == "p-median" or far[c][s] <= reach
    f = {(c, s): pulp.LpVariable(f"f{c}_{s}", 0) for c in range(clients) for s in range(sites) if near(c, s)}
    flow = pulp.lpSum(f.values())
    cost = pulp.lpSum(far[c][s] * v for (c, s), v in f.items())
    model += {"mclp": flow, "lscp": pulp.lpSum(x) - existing, "p-median": cost}[kind]
    for c in range(clients):
        out = pulp.lpSum(v for (k, _), v in f.items() if k == c)
        reachable = any(k == c for k, _ in f)
        model += out <= weights[c] if kind == "mclp" or not reachable else out == weights[c]
    for s in range(sites):
        model += pulp.lpSum(v for (_, k), v in f.items() if k == s) <= capacity * x[s]
        if s < existing:
            model += x[s] == 1
    for (c, s), v in f.items():
        model += v <= weights[c] * x[s]
    if kind != "lscp":
        model += pulp.lpSum(x) <= n + existing
    model.solve(SOLVER)
    return pulp.value(model.objective) if model.status == pulp.LpStatusOptimal else None


def main():
    rng = random.Random(20261127)
    for at in range(12):
        problem = made(rng, clients=40 + 10 * (at % 3), sites=18 + 4 * (at % 4), existing=[0, 2, 0, 3][at % 4], clustered=at % 2 == 1)
        line = dict(problem, questions=[])
        for kind in ("mclp", "lscp", "p-median", "p-centre"):
            n, reach = rng.choice([1, 2, 3, 5, 7]), rng.choice([600, 1000, 1700, 2500])
            value = uncapacitated(problem, kind, n, reach)
            line["questions"].append({"model": kind, "n": n, "reach": reach, "value": value})
        if at % 2 == 0:
            total = sum(c[2] for c in problem["clients"])
            for kind in ("mclp", "lscp", "p-median"):
                n, reach = rng.choice([3, 5]), rng.choice([1700, 2500])
                capacity = math.ceil(total / (n + problem["existing"]) * rng.choice([0.6, 1.1, 1.5]))
                value = capacitated(problem, kind, n, reach, capacity)
                line["questions"].append({"model": kind, "n": n, "reach": reach, "capacity": capacity, "value": value})
        print(json.dumps(line, separators=(",", ":")))


if __name__ == "__main__":
    main()
