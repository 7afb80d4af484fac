"""Service areas and many-to-many ways on a made province's roads, beside pgRouting, SciPy and networkx.

    pip install networkx scipy pandas
    apt-get install postgresql-15-postgis-3 postgresql-15-pgrouting
    python3 bench/analyses/roads.py [--pieces 100000] [--runs 3] [--without networkx] target/release/xiangtu

`xiangtu bench --roads --out` makes the network and writes it; the peers get the same edges, already cut, with each place as a
node of its own. What is asked: how many metres of road lie within 5 km of any of 2000 facilities, and the ways from 1000 places
to 200 sites. Each peer answers both; sums that do not agree are named. One row a question: seconds (best of the runs) and ratios.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import pandas

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tests" / "oracle"))
from cluster import Cluster  # noqa: E402

REACH_M = 5_000.0


def load(folder):
    """Edges with places spliced in, and the nodes of the places."""
    edges = pandas.read_csv(folder / "edges.csv")
    node = int(edges[["source", "target"]].to_numpy().max()) + 1
    places, cuts = {}, {}
    for name in ("facilities", "places", "sites"):
        places[name] = []
        for edge, along in pandas.read_csv(folder / f"{name}.csv").itertuples(index=False):
            cuts.setdefault(int(edge), []).append((along, node))
            places[name].append(node)
            node += 1
    rows = []
    for edge in edges.itertuples(index=False):
        stops = [(0.0, edge.source), *sorted(cuts.get(edge.id, [])), (edge.metres, edge.target)]
        rows += [(u, v, b - a) for (a, u), (b, v) in zip(stops, stops[1:])]
    return pandas.DataFrame(rows, columns=["source", "target", "metres"]), places, node


def reached_m(edges, distance):
    """Metres of the edges within reach, from the distances of their ends."""
    import numpy

    rest = numpy.clip(REACH_M - distance, 0.0, None)
    both = rest[edges.source.to_numpy()] + rest[edges.target.to_numpy()]
    return float(numpy.minimum(both, edges.metres.to_numpy()).sum())


def best(runs, ask):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        answer = ask()
        times.append(time.perf_counter() - start)
    return min(times), answer


def scipy_peer(edges, places, count, runs):
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    shortest = edges.groupby(["source", "target"], as_index=False).metres.min()
    # Places in one spot are joined by nothing: SciPy takes 0 for no edge.
    metres = shortest.metres.clip(lower=1e-9)
    graph = coo_array((metres, (shortest.source, shortest.target)), shape=(count, count)).tocsr()
    areas = best(runs, lambda: reached_m(edges, dijkstra(graph, False, places["facilities"], limit=REACH_M, min_only=True)))
    sites = places["sites"]
    many = best(runs, lambda: float(dijkstra(graph, False, sites)[:, places["places"]].sum() / 1000))
    return areas, many


def networkx_peer(edges, places, count, runs):
    import networkx
    import numpy

    graph = networkx.Graph()
    for u, v, m in edges.sort_values("metres", ascending=False).itertuples(index=False):
        graph.add_edge(u, v, weight=m)

    def areas():
        found = networkx.multi_source_dijkstra_path_length(graph, set(places["facilities"]), cutoff=REACH_M)
        distance = numpy.full(count, numpy.inf)
        distance[list(found)] = list(found.values())
        return reached_m(edges, distance)

    def many():
        total = 0.0
        for site in places["sites"]:
            found = networkx.single_source_dijkstra_path_length(graph, site)
            total += sum(found[place] for place in places["places"] if place in found)
        return total / 1000

    return best(runs, areas), best(1, many)


def pgrouting_peer(edges, places, count, runs):
    import numpy

    with Cluster("shared_buffers=256MB", "work_mem=256MB") as db:
        db.sql("CREATE EXTENSION pgrouting; CREATE TABLE e (id serial, source int, target int, cost float8)")
        with tempfile.NamedTemporaryFile("w", suffix=".csv", dir=db.root, delete=False) as out:
            edges.to_csv(out, index=False, header=False)
        pathlib.Path(out.name).chmod(0o644)
        db.sql(f"COPY e (source, target, cost) FROM '{out.name}' CSV; ANALYZE e")
        edge_sql = "SELECT id, source, target, cost, cost AS reverse_cost FROM e"
        array = lambda name: f"ARRAY[{','.join(map(str, places[name]))}]::bigint[]"  # noqa: E731

        def areas(equicost="true"):
            rows = db.sql(f"SELECT node, min(agg_cost) FROM pgr_drivingDistance('{edge_sql}', {array('facilities')}, {REACH_M}, false, {equicost}) GROUP BY 1")
            distance = numpy.full(count, numpy.inf)
            for row in rows:
                node, cost = row.split("|")
                distance[int(node)] = float(cost)
            return reached_m(edges, distance)

        many = f"SELECT sum(agg_cost) / 1000 FROM pgr_dijkstraCost('{edge_sql}', {array('sites')}, {array('places')}, false)"
        # Its quick way of many sources (equicost) is what is timed, but 3.4 loses nodes in it that another source reaches; the slow
        # way finds them, and is what the sums are held against.
        seconds, quick = best(runs, areas)
        whole = areas("false")
        if abs(whole - quick) > 1:
            print(f"pgRouting with equicost finds {quick:.1f} m of road, without it {whole:.1f} m\n")
        return (seconds, whole), best(1, lambda: float(db.sql(many)[0]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("xiangtu", type=pathlib.Path)
    parser.add_argument("--pieces", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--without", nargs="*", default=[])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [args.xiangtu, "bench", "--roads", "--features", str(args.pieces), "--runs", str(args.runs), "--out", folder]
        lines = [json.loads(line) for line in subprocess.check_output(command, text=True).splitlines()]
        edges, places, count = load(pathlib.Path(folder))
        build = next(line["build_s"] for line in lines if "build_s" in line)
        ours = {line["query"]: (line["best_s"], line["sum"]) for line in lines if "query" in line}
        peers = {}
        for name, ask in (("pgRouting", pgrouting_peer), ("SciPy", scipy_peer), ("networkx", networkx_peer)):
            if name not in args.without:
                peers[name] = ask(edges, places, count, args.runs)
    print(f"network of {count:,} nodes and {len(edges):,} edges; ours is cut out of the lines in {build} s\n")
    print("| question | xiangtu s | " + " | ".join(f"{name} s" for name in peers) + " | " + " | ".join(f"× {name}" for name in peers) + " |")
    print("|---|" + "---|" * (1 + 2 * len(peers)))
    differing = []
    for k, query in enumerate(("service-areas", "many-to-many")):
        seconds, total = ours[query]
        for name, answers in peers.items():
            there = answers[k][1]
            if abs(there - total) > 1 + 1e-6 * total:
                differing.append(f"{query}: {name} says {there:.1f}, xiangtu {total:.1f}")
        theirs = [answers[k][0] for answers in peers.values()]
        print(f"| {query} | {seconds} | " + " | ".join(f"{t:.4f}" for t in theirs) + " | " + " | ".join(f"{t / max(seconds, 1e-4):.1f} ×" for t in theirs) + " |")
    # A ratio beside another answer is worth less: whoever reads the table is told.
    print("\n" + ("sums that differ: " + "; ".join(differing) if differing else "all sums agree"))


if __name__ == "__main__":
    main()
