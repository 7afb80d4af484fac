#!/usr/bin/env python3
"""Siting beside spopt with CBC: the same seeded problems, in the same run.

    cargo build --release --example bench-siting
    pip install spopt==0.7.0 pulp==3.3.2 numpy
    python3 bench/analyses/siting.py [--scale 1] [--limit SECONDS] [--even 3]

Prints one markdown table row a question. spopt's time is building the model and solving it, from a matrix of distances that it is
given; ours includes measuring the distances. Where CBC reaches the limit, its row says so and the ratio is a lower bound.
"""
import argparse
import json
import pathlib
import random
import subprocess
import tempfile
import time

import numpy as np
import pulp
from spopt.locate import LSCP, MCLP, PCenter, PMedian

ROOT = pathlib.Path(__file__).resolve().parents[2]


def made(clients, sites, seed, evenly):
    rng = random.Random(seed)
    anywhere = lambda: [rng.randint(0, 20_000), rng.randint(0, 20_000)]
    if evenly:
        # Without clusters the linear relaxation says least.
        return {"clients": [anywhere() + [rng.randint(1, 9)] for _ in range(clients)], "sites": [anywhere() for _ in range(sites)]}
    centres = [(rng.uniform(0, 20_000), rng.uniform(0, 20_000)) for _ in range(max(8, clients // 60))]

    def near():
        x, y = rng.choice(centres)
        return [round(rng.gauss(x, 500)), round(rng.gauss(y, 500))]

    return {
        "clients": [near() + [rng.randint(1, 9)] for _ in range(clients)],
        "sites": [near() if rng.random() < 0.7 else anywhere() for _ in range(sites)],
    }


def peer(problem, limit):
    clients, sites = np.array(problem["clients"], float), np.array(problem["sites"], float)
    far = np.hypot(clients[:, None, 0] - sites[None, :, 0], clients[:, None, 1] - sites[None, :, 1])
    n, reach, model = problem["n"], problem["reach"], problem["model"]
    started = time.perf_counter()
    if model == "p-median":
        one = PMedian.from_cost_matrix(far, clients[:, 2], n)
    elif model == "p-centre":
        one = PCenter.from_cost_matrix(far, n)
    elif model == "mclp":
        one = MCLP.from_cost_matrix(far, clients[:, 2], reach, n)
    else:
        one = LSCP.from_cost_matrix(far[(far <= reach).any(axis=1)], reach)
    solver = pulp.PULP_CBC_CMD(msg=False, gapRel=0.0, timeLimit=limit)
    one.problem.solve(solver)
    seconds = time.perf_counter() - started
    return seconds, pulp.value(one.problem.objective), seconds < limit


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--scale", type=float, default=1)
    ask.add_argument("--limit", type=float, default=600)
    ask.add_argument("--even", type=int, default=3, help="how many p-medians without clusters")
    ask.add_argument("--binary", default=str(ROOT / "target/release/examples/bench-siting"))
    given = ask.parse_args()
    sized = lambda count: max(20, int(count * given.scale))
    questions = [
        ("p-median", 1000, 200, 15, 0, False),
        *[("p-median", 1000, 200, 15, 0, True)] * given.even,
        ("p-centre", 1000, 200, 15, 0, False),
        ("mclp", 10_000, 1000, 15, 800, False),
        ("lscp", 10_000, 1000, 0, 1500, False),
    ]
    print("| question | xiangtu | spopt + CBC | ratio | values |\n|---|---|---|---|---|")
    for at, (model, clients, sites, n, reach, evenly) in enumerate(questions):
        problem = dict(made(sized(clients), sized(sites), 20261127 + at, evenly), model=model, n=n, reach=reach)
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(problem, file)
            file.flush()
            best = min(
                (json.loads(subprocess.run([given.binary, file.name], capture_output=True, text=True, check=True).stdout) for _ in range(3)),
                key=lambda run: run["seconds"],
            )
        seconds, value, ended = peer(problem, given.limit)
        size = f"{len(problem['clients'])} × {len(problem['sites'])}" + (f", p = {n}" if n else "")
        theirs = f"{seconds:.2f} s" if ended else f"> {given.limit:.0f} s"
        told = f"{best['value']:.6g}{' proven' if best['proven'] else ''} / {value:.6g}{'' if ended else ' (stopped)'}"
        spread = ", evenly spread" if evenly else ""
        print(f"| {model} {size}{spread} | {best['seconds']:.3f} s | {theirs} | {'' if ended else '> '}{seconds / best['seconds']:.0f} × | {told} |", flush=True)


if __name__ == "__main__":
    main()
