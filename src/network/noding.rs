//! From lines to a network: where roads meet, they are cut.

use std::collections::HashMap;
use std::sync::OnceLock;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use crate::geo::bbox::Bbox;
use crate::geo::ellipsoid::{between, distance_m};
use crate::geo::frame::Frame;
use crate::geo::laid::foot_share;
use crate::network::graph::Graph;
use crate::network::{Counted, Edge, Network, Options, Sets};
use crate::stop;
use crate::table::{Index, Table, Value};

/// Longer edges are cut along their geodesic, so that a straight edge of a plane stands for it within a millimetre.
const LONGEST_PLANE_EDGE_M: f64 = 2_000.0;
/// Segments under one box of the tree that is searched for what an end lies on.
const BLOCK: usize = 16;
/// An end is not joined to its own road nearer to itself along it than so many times the tolerance.
const OWN_WAY: f64 = 4.0;

/// A part of a road.
struct Line {
    row: u32,
    part: u32,
    open: [bool; 2],
    coords: Vec<[f64; 2]>,
    metres: Vec<f64>,
}

/// A place along a line: the vertex before it, and the metres to it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cut {
    vertex: usize,
    metres: f64,
    at: [f64; 2],
    point: u32,
}

type Key = [u64; 2];

fn key([x, y]: [f64; 2]) -> Key {
    // Minus nought is nought.
    [(x + 0.0).to_bits(), (y + 0.0).to_bits()]
}

fn open(word: &str, obeyed: bool) -> [bool; 2] {
    match word {
        "yes" if obeyed => [true, false],
        "reverse" if obeyed => [false, true],
        _ => [true, true],
    }
}

/// The lines of a table, by id and part: so nothing depends on the order of its rows.
fn lines(roads: &Table, options: &Options) -> Vec<Line> {
    let mut rows: Vec<u32> = (0..roads.len()).filter(|&row| roads.shape(row).kind.dimension() == Some(1)).collect();
    rows.sort_unstable_by(|&a, &b| roads.row(a).id().cmp(roads.row(b).id()));
    let oneway = roads.column("oneway");
    let stop = stop::current();
    let of = |&row: &u32| -> Vec<Line> {
        if stop.is_raised() {
            return Vec::new();
        }
        let word = match oneway.map(|at| roads.row(row).value(at)) {
            Some(Value::Text(word)) => word,
            _ => "",
        };
        let parts = roads.shape(row).parts().enumerate().filter_map(|(part, (_, drawn))| {
            let (mut coords, mut metres) = (Vec::with_capacity(drawn.len()), Vec::with_capacity(drawn.len()));
            let mut total_m = 0.0;
            for (k, &c) in drawn.iter().enumerate() {
                let Some(&last) = coords.last() else {
                    coords.push(c);
                    metres.push(0.0);
                    continue;
                };
                let far_m = distance_m(drawn[k - 1], c);
                if far_m == 0.0 {
                    continue;
                }
                if far_m > LONGEST_PLANE_EDGE_M {
                    let stops = between(last, c, LONGEST_PLANE_EDGE_M);
                    let step_m = far_m / (stops.len() + 1) as f64;
                    for (n, stop) in stops.into_iter().enumerate() {
                        coords.push(stop);
                        metres.push(total_m + (n + 1) as f64 * step_m);
                    }
                }
                total_m += far_m;
                coords.push(c);
                metres.push(total_m);
            }
            (coords.len() > 1).then(|| Line {
                row,
                part: part as u32,
                open: open(word, options.oneway),
                coords,
                metres,
            })
        });
        parts.collect()
    };
    rows.par_iter().flat_map_iter(of).collect()
}

/// The places where lines end or share a vertex, sorted, and which of them are ends.
struct Points {
    at: Vec<[f64; 2]>,
    ends: Vec<bool>,
    number: HashMap<Key, u32, FixedState>,
}

impl Points {
    fn of(lines: &[Line]) -> Self {
        let mut seen: HashMap<Key, (u32, bool), FixedState> = HashMap::default();
        for line in lines {
            let last = line.coords.len() - 1;
            for (k, &c) in line.coords.iter().enumerate() {
                let one = seen.entry(key(c)).or_default();
                one.0 += 1;
                one.1 |= k == 0 || k == last;
            }
        }
        let mut found: Vec<([f64; 2], bool)> = seen
            .into_iter()
            .filter(|(_, (count, end))| *end || *count > 1)
            .map(|([x, y], (_, end))| ([f64::from_bits(x), f64::from_bits(y)], end))
            .collect();
        // Neighbours together, and the same whatever came first.
        found.sort_unstable_by_key(|(c, _)| (morton(*c), key(*c)));
        let number = found.iter().enumerate().map(|(n, (c, _))| (key(*c), n as u32)).collect();
        let (at, ends) = found.into_iter().unzip();
        Self { at, ends, number }
    }

    fn number(&self, c: [f64; 2]) -> Option<u32> {
        self.number.get(&key(c)).copied()
    }
}

/// The place of a point along a curve through squares of about a centimetre.
fn morton([lng, lat]: [f64; 2]) -> u64 {
    let spread = |degrees: f64, span: f64| {
        let mut x = ((degrees / span + 0.5) * f64::from(u32::MAX)).clamp(0.0, f64::from(u32::MAX)) as u64;
        for (shift, mask) in [
            (16, 0x0000_FFFF_0000_FFFF),
            (8, 0x00FF_00FF_00FF_00FF),
            (4, 0x0F0F_0F0F_0F0F_0F0F),
            (2, 0x3333_3333_3333_3333),
            (1, 0x5555_5555_5555_5555),
        ] {
            x = (x | (x << shift)) & mask;
        }
        x
    };
    spread(lng, 360.0) | (spread(lat, 180.0) << 1)
}

/// What an end is joined to: a point that there is, or a place along a line.
enum Joint {
    Point(u32),
    Place { line: usize, vertex: usize, metres: f64, at: [f64; 2] },
}

/// A place of a line within the tolerance of an end.
struct Hit {
    line: usize,
    segment: usize,
    apart_m: f64,
    share: f64,
    at: [f64; 2],
}

/// What the end `point` is joined to.
fn joints(
    point: u32,
    points: &Points,
    lines: &[Line],
    blocks: &[(usize, usize)],
    index: &Index,
    join_m: f64,
) -> Vec<Joint> {
    let here = points.at[point as usize];
    let frame = Frame::at(here);
    let mut hits: Vec<Hit> = Vec::new();
    index.search(&Bbox::point(here).padded(join_m * 1.01 + 0.01), |block| {
        let (line, from) = blocks[block as usize];
        let coords = &lines[line].coords;
        for segment in from..(from + BLOCK).min(coords.len() - 1) {
            let (a, b) = (frame.lnglat_to_local(coords[segment]), frame.lnglat_to_local(coords[segment + 1]));
            let (share, at) = foot_share([0.0, 0.0], a, b);
            let apart_m = at[0].hypot(at[1]);
            if apart_m <= join_m {
                hits.push(Hit { line, segment, apart_m, share, at });
            }
        }
    });
    hits.sort_unstable_by_key(|hit| (hit.line, hit.segment));
    let mut joints = Vec::new();
    for run in hits.chunk_by(|a, b| a.line == b.line && b.segment == a.segment + 1) {
        let line = &lines[run[0].line];
        let vertices = run[0].segment..=run[run.len() - 1].segment + 1;
        if line.coords[vertices.clone()].iter().any(|&c| key(c) == key(here)) {
            continue;
        }
        let far_m = |c: [f64; 2]| {
            let [x, y] = frame.lnglat_to_local(c);
            x.hypot(y)
        };
        let known = vertices.filter_map(|v| Some((far_m(line.coords[v]), points.number(line.coords[v])?)));
        let nearest =
            known.filter(|(far_m, _)| *far_m <= join_m).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        if let Some((_, other)) = nearest {
            joints.push(Joint::Point(other));
            continue;
        }
        let Some(best) = run.iter().min_by(|a, b| a.apart_m.total_cmp(&b.apart_m).then(a.segment.cmp(&b.segment)))
        else {
            continue;
        };
        let (from_m, to_m) = (line.metres[best.segment], line.metres[best.segment + 1]);
        let metres = from_m + best.share * (to_m - from_m);
        let total_m = line.metres[line.metres.len() - 1];
        let ends = [(line.coords[0], 0.0), (line.coords[line.coords.len() - 1], total_m)];
        let own = ends.iter().any(|(c, m)| key(*c) == key(here) && (metres - m).abs() <= OWN_WAY * join_m);
        if !own {
            // A foot that is a vertex is that vertex, to the last digit.
            let (vertex, at) = match best.share {
                0.0 => (best.segment, line.coords[best.segment]),
                1.0 => (best.segment + 1, line.coords[best.segment + 1]),
                _ => (best.segment, frame.local_to_lnglat(best.at)),
            };
            joints.push(Joint::Place { line: best.line, vertex, metres, at });
        }
    }
    joints
}

/// The cuts of each line, in order, with the points that they are at; and which points are one.
fn cuts(lines: &[Line], join_m: f64) -> (Vec<Vec<Cut>>, Vec<[f64; 2]>, Sets) {
    let points = Points::of(lines);
    let mut cuts: Vec<Vec<Cut>> = lines
        .iter()
        .map(|line| {
            let vertices = line.coords.iter().zip(&line.metres).enumerate();
            let cut = |(vertex, (&at, &metres))| Some(Cut { vertex, metres, at, point: points.number(at)? });
            vertices.filter_map(cut).collect()
        })
        .collect();
    let blocks: Vec<(usize, usize)> = lines
        .iter()
        .enumerate()
        .flat_map(|(n, line)| (0..line.coords.len() - 1).step_by(BLOCK).map(move |from| (n, from)))
        .collect();
    let boxes = blocks.iter().enumerate().filter_map(|(n, &(line, from))| {
        let coords = &lines[line].coords;
        let own = &coords[from..=(from + BLOCK).min(coords.len() - 1)];
        Some((n as u32, own.iter().map(|&c| Bbox::point(c)).reduce(|all, one| all.union(&one))?))
    });
    let index = Index::new(boxes);
    let stop = stop::current();
    let ends: Vec<u32> = (0..points.at.len() as u32).filter(|&n| points.ends[n as usize]).collect();
    let found: Vec<Vec<Joint>> = ends
        .par_iter()
        .map(|&end| if stop.is_raised() { Vec::new() } else { joints(end, &points, lines, &blocks, &index, join_m) })
        .collect();
    let mut at = points.at;
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for (&end, joints) in ends.iter().zip(found) {
        for joint in joints {
            match joint {
                Joint::Point(other) => pairs.push((end, other)),
                Joint::Place { line, vertex, metres, at: place } => {
                    pairs.push((end, at.len() as u32));
                    cuts[line].push(Cut { vertex, metres, at: place, point: at.len() as u32 });
                    at.push(place);
                }
            }
        }
    }
    let mut sets = Sets::new(at.len());
    pairs.into_iter().for_each(|(a, b)| sets.unite(a, b));
    for cuts in &mut cuts {
        cuts.sort_by(|a, b| a.metres.total_cmp(&b.metres).then(a.point.cmp(&b.point)));
        cuts.dedup_by(|later, earlier| {
            let same = later.metres == earlier.metres;
            if same {
                sets.unite(later.point, earlier.point);
            }
            same
        });
    }
    (cuts, at, sets)
}

/// See [`Network::build`].
pub(super) fn build(roads: &Table, options: &Options) -> Network {
    let lines = lines(roads, options);
    let (cuts, at, mut sets) = cuts(&lines, options.join_m);
    // Points that stand for their set become nodes, in the order of the points: neighbours together.
    let mut numbers: Vec<u32> = vec![u32::MAX; at.len()];
    let mut nodes: Vec<[f64; 2]> = Vec::new();
    for n in 0..at.len() as u32 {
        if sets.find(n) == n {
            numbers[n as usize] = nodes.len() as u32;
            nodes.push(at[n as usize]);
        }
    }
    let mut edges: Vec<Edge> = Vec::new();
    let (mut coords, mut metres): (Vec<[f64; 2]>, Vec<f64>) = (Vec::new(), Vec::new());
    for (line, cuts) in lines.iter().zip(&cuts) {
        for pair in cuts.windows(2) {
            let [from, to] = [pair[0], pair[1]];
            let first = coords.len() as u32;
            let mut push = |at: [f64; 2], m: f64| {
                coords.push(at);
                metres.push(m - from.metres);
            };
            push(from.at, from.metres);
            for v in from.vertex + 1..=to.vertex {
                if line.metres[v] > from.metres && line.metres[v] < to.metres {
                    push(line.coords[v], line.metres[v]);
                }
            }
            push(to.at, to.metres);
            edges.push(Edge {
                start: numbers[sets.find(from.point) as usize],
                end: numbers[sets.find(to.point) as usize],
                length_m: to.metres - from.metres,
                pace: 1.0,
                row: line.row,
                part: line.part,
                from_m: from.metres,
                open: line.open,
                first,
                count: coords.len() as u32 - first,
            });
        }
    }
    let mut parts = Sets::new(nodes.len());
    edges.iter().for_each(|edge| parts.unite(edge.start, edge.end));
    let components = (0..nodes.len() as u32).map(|n| parts.find(n)).collect();
    let boxes = edges.iter().enumerate().filter_map(|(n, edge)| {
        let own = &coords[edge.first as usize..(edge.first + edge.count) as usize];
        Some((n as u32, own.iter().map(|&c| Bbox::point(c)).reduce(|all, one| all.union(&one))?))
    });
    let (index, graph) = (Index::new(boxes), Graph::of(&edges, nodes.len()));
    Network {
        counted: Counted::Metres,
        edges,
        nodes,
        components,
        coords,
        metres,
        graph,
        index,
        hierarchy: OnceLock::new(),
    }
}
