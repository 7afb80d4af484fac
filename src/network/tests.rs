//! Networks worked out by hand, and random ones held against a search that knows no cleverness.

use super::*;
use crate::geo::frame::Frame;
use crate::geo::shape::{Geometries, ShapeKind};
use crate::kind::{Attribute, ValueType};
use crate::network::search::By;
use crate::table::{Builder, Value};

type Place = [f64; 2];

fn lnglat(metres: Place) -> Place {
    Frame::at([117.4, 39.6]).local_to_lnglat(metres)
}

/// Roads by id, one-way word and places in metres east and north of a point.
fn roads(lines: &[(&str, &str, &[Place])]) -> Table {
    let mut builder = Builder::new(vec![Attribute::foreign("oneway", ValueType::Text)]);
    for (id, oneway, line) in lines {
        builder.push(id, [if oneway.is_empty() { Value::Null } else { Value::Text(oneway) }]);
        builder.geometries.part(true);
        line.iter().for_each(|&m| builder.geometries.coord(lnglat(m)));
        builder.geometries.end_row(ShapeKind::Line);
    }
    builder.finish(Vec::new())
}

fn built(lines: &[(&str, &str, &[Place])]) -> Network {
    Network::build(&roads(lines), &Options { oneway: true, ..Options::default() })
}

fn point(metres: Place) -> Geometries {
    let mut one = Geometries::default();
    one.part(true);
    one.coord(lnglat(metres));
    one.end_row(ShapeKind::Point);
    one
}

fn snapped(network: &Network, metres: Place) -> Snap {
    network.snap(point(metres).shape(0), 100.0).unwrap()
}

fn way_m(network: &Network, from: Place, to: Place) -> Option<f64> {
    let (from, to) = (snapped(network, from), snapped(network, to));
    let by_path = network.path(&from, &to).map(|path| path.cost);
    let [all, core, hierarchy] = [By::All, By::Core, By::Hierarchy]
        .map(|by| network.matrix_by(by, &[network.by_snap(&from)], &[to], f64::INFINITY)[0].first().map(|(_, m)| *m));
    let by_reach = network.reach(&[to], Heading::To, f64::INFINITY).of(&from).map(|near| near.cost);
    let back = network.reach(&[from], Heading::From, f64::INFINITY).of(&to).map(|near| near.cost);
    for other in [all, core, hierarchy, by_reach, back] {
        assert_eq!(by_path.is_some(), other.is_some(), "{by_path:?} {other:?}");
        assert!((by_path.unwrap_or(0.0) - other.unwrap_or(0.0)).abs() < 1e-6, "{by_path:?} {other:?}");
    }
    by_path
}

fn near(a: Option<f64>, b: f64) -> bool {
    a.is_some_and(|a| (a - b).abs() < 1e-3)
}

#[test]
fn roads_meet_where_they_share_a_vertex_or_one_ends_on_the_other_and_not_at_a_bridge() {
    let main: (&str, &str, &[Place]) = ("main", "", &[[0.0, 0.0], [1000.0, 0.0]]);
    // Across the main road: with a vertex of both at the crossing, or without.
    let bridge = built(&[main, ("over", "", &[[500.0, -200.0], [500.0, 200.0]])]);
    assert_eq!(bridge.edges().len(), 2);
    assert_eq!(way_m(&bridge, [0.0, 0.0], [500.0, 200.0]), None);
    assert_ne!(bridge.component(0), bridge.component(1));
    let crossing = built(&[
        ("main", "", &[[0.0, 0.0], [500.0, 0.0], [1000.0, 0.0]]),
        ("over", "", &[[500.0, -200.0], [500.0, 0.0], [500.0, 200.0]]),
    ]);
    assert_eq!(crossing.edges().len(), 4);
    assert!(near(way_m(&crossing, [0.0, 0.0], [500.0, 200.0]), 700.0));
    // A road that ends on the main one, or up to a metre before or beyond it; a metre and a half is not there.
    for (short_m, joined) in [(0.0, true), (0.9, true), (-0.9, true), (1.5, false), (-1.5, false)] {
        let side = built(&[main, ("side", "", &[[300.0, 400.0], [300.0, short_m]])]);
        let way = way_m(&side, [0.0, 0.0], [300.0, 400.0]);
        assert_eq!(way.is_some(), joined, "{short_m}");
        assert!(!joined || near(way, 700.0 - short_m), "{short_m}: {way:?}");
        assert_eq!(side.edges().len(), if joined { 3 } else { 2 });
    }
    // Two ends half a metre apart are one place.
    let gap = built(&[main, ("on", "", &[[1000.5, 0.0], [1500.0, 0.0]])]);
    assert!(near(way_m(&gap, [0.0, 0.0], [1500.0, 0.0]), 1499.5));
    assert_eq!(gap.nodes().len(), 3);
}

#[test]
fn a_tolerance_reaches_as_far_as_it_says() {
    let lines: [(&str, &str, &[Place]); 2] =
        [("main", "", &[[0.0, 0.0], [1000.0, 0.0]]), ("side", "", &[[300.0, 400.0], [300.0, 4.9]])];
    let with = |join_m: f64| Network::build(&roads(&lines), &Options { join_m, oneway: false }).edges().len();
    assert_eq!((with(4.8), with(5.0)), (2, 3));
}

#[test]
fn rings_loops_and_roads_drawn_twice_are_what_they_are() {
    let square: &[Place] = &[[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0], [0.0, 0.0]];
    // A ring by itself is one edge from a node to itself.
    let ring = built(&[("ring", "", square)]);
    assert_eq!((ring.edges().len(), ring.nodes().len()), (1, 1));
    assert!(near(way_m(&ring, [50.0, 0.0], [0.0, 50.0]), 100.0));
    assert!(near(way_m(&ring, [100.0, 50.0], [0.0, 60.0]), 190.0));
    // One way around: anticlockwise as it was drawn, and the other way.
    let oneway = built(&[("ring", "yes", square)]);
    assert!(near(way_m(&oneway, [50.0, 0.0], [0.0, 50.0]), 300.0));
    assert!(near(way_m(&oneway, [0.0, 50.0], [50.0, 0.0]), 100.0));
    let reverse = built(&[("ring", "reverse", square)]);
    assert!(near(way_m(&reverse, [50.0, 0.0], [0.0, 50.0]), 100.0));
    // A stem that ends on the ring, and a line that ends on itself.
    let stem = built(&[("ring", "", square), ("stem", "", &[[300.0, 50.0], [100.3, 50.0]])]);
    assert!(near(way_m(&stem, [300.0, 50.0], [0.0, 50.0]), 199.7 + 200.0));
    let six = built(&[("six", "", &[[300.0, 50.0], [0.0, 50.0], [0.0, 0.0], [100.0, 0.0], [100.0, 49.5]])]);
    assert_eq!(six.edges().len(), 2);
    assert!(near(way_m(&six, [300.0, 50.0], [100.0, 40.0]), 209.5));
    // The same road twice: both are there, and neither changes a distance.
    let twice = built(&[("a", "", &[[0.0, 0.0], [100.0, 0.0]]), ("b", "", &[[0.0, 0.0], [100.0, 0.0]])]);
    assert_eq!((twice.edges().len(), twice.nodes().len()), (2, 2));
    assert!(near(way_m(&twice, [0.0, 0.0], [100.0, 0.0]), 100.0));
    // A place and no line.
    assert!(built(&[("dot", "", &[[0.0, 0.0], [0.0, 0.0]])]).edges().is_empty());
}

#[test]
fn a_place_is_on_the_nearest_road_up_to_the_limit_and_its_way_there_counts() {
    let network = built(&[("main", "", &[[0.0, 0.0], [1000.0, 0.0]]), ("far", "", &[[0.0, 300.0], [1000.0, 300.0]])]);
    let house = point([200.0, 80.0]);
    let snap = network.snap(house.shape(0), 100.0).unwrap();
    assert_eq!((snap.edge, network.edges()[snap.edge as usize].row), (1, 0));
    assert!((snap.offset_m - 80.0).abs() < 1e-3 && (snap.along_m - 200.0).abs() < 1e-3);
    assert!(network.snap(house.shape(0), snap.offset_m).is_some());
    assert!(network.snap(house.shape(0), snap.offset_m - 1e-6).is_none());
    assert!(near(way_m(&network, [200.0, 80.0], [700.0, -60.0]), 80.0 + 500.0 + 60.0));
    // A yard, from its border.
    let mut yard = Geometries::default();
    yard.part(true);
    for corner in [[400.0, 20.0], [430.0, 20.0], [430.0, 50.0], [400.0, 50.0], [400.0, 20.0]] {
        yard.coord(lnglat(corner));
    }
    yard.end_row(ShapeKind::Polygon);
    let snap = network.snap(yard.shape(0), 100.0).unwrap();
    assert!((snap.offset_m - 20.0).abs() < 1e-3 && (400.0..430.001).contains(&snap.along_m), "{snap:?}");
}

#[test]
fn stretches_are_cut_exactly_at_the_reach_and_at_the_reach_is_reached() {
    let network = built(&[("main", "", &[[0.0, 0.0], [400.0, 0.0], [1000.0, 0.0]])]);
    let source = snapped(&network, [500.0, 30.0]);
    let reach = network.reach(&[source], Heading::To, f64::INFINITY);
    let stretches = reach.stretches(0, 230.0);
    assert!(near(Some(stretches[0].0), 300.0) && near(Some(stretches[0].1), 700.0), "{stretches:?}");
    assert_eq!(reach.stretches(0, 29.9), []);
    let length_m = network.edges()[0].length_m;
    let [start, end] = [0.0, length_m].map(|along_m| reach.at(0, along_m).unwrap().cost);
    // To the very end when the reach is its distance, and not when it is a millimetre less.
    assert_eq!(reach.stretches(0, end.max(start))[0], (0.0, length_m));
    assert!(reach.stretches(0, end - 1e-3)[0].1 < length_m);
    // Two that reach exactly to each other leave nothing between them.
    let two = [snapped(&network, [200.0, 0.0]), snapped(&network, [700.0, 0.0])];
    let reach = network.reach(&two, Heading::To, f64::INFINITY);
    assert_eq!(reach.stretches(0, 250.0).len(), 1);
    assert_eq!(reach.stretches(0, 249.9).len(), 2);
    // Of two as near, the first.
    let middle = snapped(&network, [450.0, 0.0]);
    let same = [snapped(&network, [400.0, 0.0]), snapped(&network, [400.0, 0.0])];
    assert_eq!(network.reach(&same, Heading::To, f64::INFINITY).of(&middle).unwrap().source, 0);
}

#[test]
fn one_way_roads_reach_to_one_side() {
    let network = built(&[("main", "yes", &[[0.0, 0.0], [1000.0, 0.0]])]);
    let source = snapped(&network, [500.0, 0.0]);
    let to = network.reach(&[source], Heading::To, f64::INFINITY).stretches(0, 200.0);
    assert!(near(Some(to[0].0), 300.0) && near(Some(to[0].1), 500.0), "{to:?}");
    let from = network.reach(&[source], Heading::From, f64::INFINITY).stretches(0, 200.0);
    assert!(near(Some(from[0].0), 500.0) && near(Some(from[0].1), 700.0), "{from:?}");
}

/// splitmix64, as in `province`.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

/// Random roads over a grid whose crossings they may share, some of them one-way.
fn tangle(dice: &mut Dice) -> Vec<(String, &'static str, Vec<Place>)> {
    (0..30)
        .map(|n| {
            let mut at = [dice.below(7), dice.below(7)];
            let mut line = Vec::new();
            for _ in 0..2 + dice.below(4) {
                line.push([at[0] as f64 * 120.0, at[1] as f64 * 90.0]);
                let axis = dice.below(2) as usize;
                at[axis] = (at[axis] + 1 + dice.below(2)) % 7;
            }
            (format!("r{n:02}"), ["", "", "yes", "reverse"][dice.below(4) as usize], line)
        })
        .collect()
}

#[test]
fn random_networks_answer_as_brute_force_does_whatever_the_order_of_their_rows() {
    let mut dice = Dice(5);
    for round in 0..40 {
        let lines = tangle(&mut dice);
        let borrow = |lines: &[(String, &'static str, Vec<Place>)]| {
            let all: Vec<(&str, &str, &[Place])> =
                lines.iter().map(|(id, way, line)| (id.as_str(), *way, line.as_slice())).collect();
            built(&all)
        };
        // Every other one by the time that it takes, on roads of four speeds.
        let network = borrow(&lines);
        let timed = round % 2 == 1;
        let network = if timed { network.timed(|row| 3.6 * f64::from(1 + row % 4)) } else { network };
        let off = |place: &Snap| if timed { 0.0 } else { place.offset_m };
        let shuffled = borrow(&lines.iter().rev().cloned().collect::<Vec<_>>());
        let count = network.nodes().len();
        assert_eq!(network.nodes(), shuffled.nodes());
        // Floyd and Warshall.
        let mut least = vec![vec![f64::INFINITY; count]; count];
        (0..count).for_each(|n| least[n][n] = 0.0);
        for edge in network.edges() {
            let (a, b) = (edge.start as usize, edge.end as usize);
            if edge.open[0] {
                least[a][b] = least[a][b].min(edge.length_m * edge.pace);
            }
            if edge.open[1] {
                least[b][a] = least[b][a].min(edge.length_m * edge.pace);
            }
        }
        for k in 0..count {
            for a in 0..count {
                for b in 0..count {
                    least[a][b] = least[a][b].min(least[a][k] + least[k][b]);
                }
            }
        }
        let places: Vec<Snap> = (0..12)
            .map(|_| {
                let edge = dice.below(network.edges().len() as u64) as u32;
                let along_m = network.edges()[edge as usize].length_m * (dice.below(5) as f64) / 4.0;
                Snap { edge, along_m, offset_m: dice.below(30) as f64, at: [0.0, 0.0] }
            })
            .collect();
        let brute = |from: &Snap, to: &Snap| {
            let (e, f) = (&network.edges()[from.edge as usize], &network.edges()[to.edge as usize]);
            let mut best = f64::INFINITY;
            if from.edge == to.edge && (to.along_m == from.along_m || e.open[usize::from(to.along_m < from.along_m)]) {
                best = (to.along_m - from.along_m).abs() * e.pace;
            }
            let at_end = |m: f64, edge: &Edge| m >= edge.length_m;
            let out = [
                (e.start, from.along_m, e.open[1] || from.along_m <= 0.0),
                (e.end, e.length_m - from.along_m, e.open[0] || at_end(from.along_m, e)),
            ];
            let into = [
                (f.start, to.along_m, f.open[0] || to.along_m <= 0.0),
                (f.end, f.length_m - to.along_m, f.open[1] || at_end(to.along_m, f)),
            ];
            for (a, m, may) in out {
                for (b, k, also) in into {
                    if may && also {
                        best = best.min(m * e.pace + least[a as usize][b as usize] + k * f.pace);
                    }
                }
            }
            best + off(from) + off(to)
        };
        let accesses: Vec<Access> = places.iter().map(|place| network.by_snap(place)).collect();
        let matrix = network.matrix(&accesses, &places, f64::INFINITY);
        for by in [By::Core, By::Hierarchy] {
            let other = network.matrix_by(by, &accesses, &places, f64::INFINITY);
            for (a, b) in matrix.iter().zip(&other) {
                assert_eq!(a.len(), b.len(), "{by:?}");
                assert!(a.iter().zip(b).all(|(a, b)| a.0 == b.0 && (a.1 - b.1).abs() < 1e-6), "{by:?} {a:?} {b:?}");
            }
        }
        let fewer = network.matrix(&accesses, &places[..5], f64::INFINITY);
        for (all, some) in matrix.iter().zip(fewer) {
            let all: Vec<_> = all.iter().filter(|(target, _)| *target < 5).collect();
            assert_eq!(all.len(), some.len());
            assert!(all.iter().zip(&some).all(|(a, b)| a.0 == b.0 && (a.1 - b.1).abs() < 1e-6));
        }
        let limited = network.matrix(&accesses, &places, 400.0);
        let to_any = network.reach(&places[..4], Heading::To, f64::INFINITY);
        let from_any = network.reach(&places[..4], Heading::From, f64::INFINITY);
        for (n, from) in places.iter().enumerate() {
            let expected: Vec<f64> = places.iter().map(|to| brute(from, to)).collect();
            let mut found = vec![f64::INFINITY; places.len()];
            matrix[n].iter().for_each(|(t, m)| found[*t as usize] = *m);
            for (t, (e, f)) in expected.iter().zip(&found).enumerate() {
                assert!(e == f || (e - f).abs() < 1e-6, "{e} {f}");
                let path = network.path(from, &places[t]);
                assert_eq!(path.is_some(), e.is_finite());
                if let Some(path) = path {
                    assert!((path.cost - e).abs() < 1e-6);
                    let pace = |edge: u32| network.edges()[edge as usize].pace;
                    let gone: f64 = path.edges.iter().map(|(edge, a, b)| (b - a).abs() * pace(*edge)).sum();
                    assert!((gone + off(from) + off(&places[t]) - e).abs() < 1e-6, "{path:?} {e}");
                }
            }
            let within = expected.iter().filter(|e| **e <= 400.0).count();
            assert_eq!(limited[n].len(), within);
            let least = |all: &mut dyn Iterator<Item = f64>| all.fold(f64::INFINITY, f64::min);
            let to = least(&mut expected[..4].iter().copied());
            let from_m = least(&mut places[..4].iter().map(|other| brute(other, from)));
            for (reach, expected) in [(&to_any, to), (&from_any, from_m)] {
                let found = reach.of(from).map_or(f64::INFINITY, |near| near.cost);
                assert!(found == expected || (found - expected).abs() < 1e-6, "{found} {expected}");
            }
        }
        // What lies within a limit, held against every metre of every edge.
        for (n, edge) in network.edges().iter().enumerate() {
            for reach in [&to_any, &from_any] {
                let stretches = reach.stretches(n as u32, 300.0);
                assert!(stretches.windows(2).all(|pair| pair[0].1 < pair[1].0));
                for step in 0..=edge.length_m as u32 {
                    let along_m = f64::from(step) + 0.4321;
                    let metres = reach.at(n as u32, along_m).map_or(f64::INFINITY, |near| near.cost);
                    let inside = stretches.iter().any(|(from, to)| *from <= along_m && along_m <= *to);
                    if along_m < edge.length_m && (metres - 300.0).abs() > 1e-3 {
                        assert_eq!(inside, metres <= 300.0, "{along_m} of {edge:?}: {metres} {stretches:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_way_over_the_ground_is_the_shortest_there_is() {
    let mut dice = Dice(11);
    for _ in 0..20 {
        let lines = tangle(&mut dice);
        let all: Vec<(&str, &str, &[Place])> =
            lines.iter().map(|(id, way, line)| (id.as_str(), *way, line.as_slice())).collect();
        let network = built(&all);
        let sources: Vec<Snap> = (0..3)
            .filter_map(|_| network.snap(point([dice.below(700) as f64, dice.below(500) as f64]).shape(0), 60.0))
            .collect();
        let reach = network.reach(&sources, Heading::To, f64::INFINITY);
        let frame = Frame::at([117.4, 39.6]);
        for _ in 0..10 {
            let here = [dice.below(800) as f64 - 40.0, dice.below(600) as f64 - 30.0];
            let found = reach.from_ground(lnglat(here), 75.0).map_or(f64::INFINITY, |near| near.cost);
            let mut least = f64::INFINITY;
            for edge in 0..network.edges().len() as u32 {
                let (line, metres) = network.line(edge);
                for k in 1..line.len() {
                    let (a, b) = (frame.lnglat_to_local(line[k - 1]), frame.lnglat_to_local(line[k]));
                    for step in 0..=400 {
                        let t = f64::from(step) / 400.0;
                        let at = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
                        let off_m = (at[0] - here[0]).hypot(at[1] - here[1]);
                        let along_m = metres[k - 1] + t * (metres[k] - metres[k - 1]);
                        if off_m <= 75.0
                            && let Some(near) = reach.at(edge, along_m)
                        {
                            least = least.min(off_m + near.cost);
                        }
                    }
                }
            }
            assert!(found <= least + 1e-3 && (found == least || found > least - 1.5), "{found} {least}");
            // A table of ways has the same, whichever way it is worked out.
            let access = [network.by_ground(lnglat(here), 75.0)];
            let many = vec![access[0].clone(); sources.len() + 1];
            for row in [
                &network.matrix(&access, &sources, f64::INFINITY)[0],
                &network.matrix(&many, &sources, f64::INFINITY)[0],
                &network.matrix_by(By::Hierarchy, &access, &sources, f64::INFINITY)[0],
            ] {
                let listed = row.iter().map(|(_, cost)| *cost).fold(f64::INFINITY, f64::min);
                assert!(listed == found || (listed - found).abs() < 1e-6, "{listed} {found}");
            }
        }
    }
}
