//! How places join the roads: on one spot, or wherever a walk over the ground leads.

use crate::geo::bbox::Bbox;
use crate::geo::frame::Frame;
use crate::network::reach::{Heading, along, ends};
use crate::network::{AT_M, Network, Snap};

/// What may be taken to of an edge: all of it between two places, that first come to in a straight line. On the roads one comes
/// nearer as fast as on foot, and over the ground no faster: so who goes farther along takes to the road at one of the two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stretch {
    pub edge: u32,
    /// Both places, metres along the edge, and what the walk to each costs.
    pub ends: [(f64, f64); 2],
}

/// How a place joins the roads; by default nowhere.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// The plane about the place, for the walk to what lies between a stretch's ends; None for a place on the roads.
    frame: Option<Frame>,
    /// Edge by edge, and along each.
    pub(super) stretches: Vec<Stretch>,
}

/// Nodes with what it costs to them, or from them, each once.
pub(super) type Ends = Vec<(u32, f64)>;

impl Network {
    /// How a place of which the spot on the roads is known joins them.
    pub fn by_snap(&self, snap: &Snap) -> Access {
        let end = (snap.along_m, self.off(snap));
        Access { frame: None, stretches: vec![Stretch { edge: snap.edge, ends: [end, end] }] }
    }

    /// How a place on the ground joins the roads: straight to any spot that is no farther than `off_road_m` (≤).
    pub fn by_ground(&self, place: [f64; 2], off_road_m: f64) -> Access {
        let frame = Frame::at(place);
        let mut edges = Vec::new();
        self.index.search(&Bbox::point(place).padded(off_road_m * 1.002 + 1.0), |edge| edges.push(edge));
        edges.sort_unstable();
        let mut stretches: Vec<Stretch> = Vec::new();
        for edge in edges {
            let (line, metres) = self.line(edge);
            let mut last = frame.lnglat_to_local(line[0]);
            for k in 1..line.len() {
                let next = frame.lnglat_to_local(line[k]);
                if let Some(shares) = in_disc(last, next, off_road_m + AT_M) {
                    let end = |share: f64| {
                        let at = [last[0] + share * (next[0] - last[0]), last[1] + share * (next[1] - last[1])];
                        let along_m = metres[k - 1] + share * (metres[k] - metres[k - 1]);
                        (along_m, at[0].hypot(at[1]) * self.counted.off_pace())
                    };
                    let [from, to] = shares.map(end);
                    match stretches.last_mut() {
                        Some(before) if before.edge == edge && before.ends[1].0 >= from.0 => before.ends[1] = to,
                        _ => stretches.push(Stretch { edge, ends: [from, to] }),
                    }
                }
                last = next;
            }
        }
        Access { frame: Some(frame), stretches }
    }
}

impl Access {
    /// The nodes that the place's stretches lead to, or that lead to them.
    pub(super) fn ends(&self, network: &Network, heading: Heading) -> Ends {
        let mut found: Ends = Vec::new();
        for Stretch { edge, ends: both } in &self.stretches {
            for (along_m, walk) in both {
                let ways = ends(&network.edges[*edge as usize], *along_m, heading).into_iter();
                found.extend(ways.filter_map(|(node, cost)| Some((node, walk + cost?))));
            }
        }
        found.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        found.dedup_by_key(|(node, _)| *node);
        found
    }

    /// The stretches of one edge.
    pub(super) fn on(&self, edge: u32) -> &[Stretch] {
        let from = self.stretches.partition_point(|stretch| stretch.edge < edge);
        let to = self.stretches[from..].partition_point(|stretch| stretch.edge == edge);
        &self.stretches[from..from + to]
    }

    /// What the walk straight to a spot on the roads costs, where that is near enough.
    pub(super) fn walk_to(&self, network: &Network, edge: u32, along_m: f64, at: [f64; 2]) -> Option<f64> {
        let frame = self.frame.as_ref()?;
        let inside = |stretch: &Stretch| stretch.ends[0].0 < along_m && along_m < stretch.ends[1].0;
        self.on(edge).iter().any(inside).then(|| {
            let [x, y] = frame.lnglat_to_local(at);
            x.hypot(y) * network.counted.off_pace()
        })
    }

    /// The least way to a spot along its own edge alone; the spot's own way to what it stands for is not counted.
    pub(super) fn beside(&self, network: &Network, to: &Snap) -> Option<f64> {
        let own = &network.edges[to.edge as usize];
        let by_ends = self.on(to.edge).iter().flat_map(|stretch| stretch.ends);
        let by_ends = by_ends.filter_map(|(from_m, walk)| Some(walk + along(own, from_m, to.along_m, Heading::From)?));
        by_ends.chain(self.walk_to(network, to.edge, to.along_m, to.at)).reduce(f64::min)
    }
}

/// The stretch of the segment `ab`, as shares of it, that lies within `r` of the origin.
fn in_disc(a: [f64; 2], b: [f64; 2], r: f64) -> Option<[f64; 2]> {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let (qa, qb, qc) = (dx * dx + dy * dy, a[0] * dx + a[1] * dy, a[0] * a[0] + a[1] * a[1] - r * r);
    let root = qb * qb - qa * qc;
    if qa == 0.0 || root < 0.0 {
        return None;
    }
    let (from, to) = (((-qb - root.sqrt()) / qa).max(0.0), ((-qb + root.sqrt()) / qa).min(1.0));
    (from <= to).then_some([from, to])
}
