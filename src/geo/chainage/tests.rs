//! Roads put together by hand.

use super::*;
use crate::geo::ellipsoid::{destination, distance_m};

const WEST: [f64; 2] = [117.40, 39.60];

/// So many metres along a road due east, and beside it to the north.
fn at(along_m: f64, north_m: f64) -> [f64; 2] {
    let on = destination(WEST, 90.0, along_m);
    if north_m == 0.0 { on } else { destination(on, 0.0, north_m) }
}

fn piece(line: &[[f64; 2]]) -> Piece<'_> {
    Piece { line, numbers: None, downward: false }
}

fn declared(start: [f64; 2], at_m: f64, towards: [f64; 2], breaks: &[[f64; 2]]) -> Declared {
    let breaks = breaks.iter().map(|&[at_m, continues_m]| Break { at_m, continues_m }).collect();
    Declared { road: "G112".to_owned(), start, at_m, towards, breaks, stones: Vec::new() }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 2e-3
}

/// Three pieces in mixed directions and any order.
fn in_three() -> [Vec<[f64; 2]>; 3] {
    [vec![at(600.0, 0.0), at(300.0, 0.0)], vec![at(0.0, 0.0), at(300.0, 0.0)], vec![at(600.0, 0.0), at(1_000.0, 0.0)]]
}

#[test]
fn three_pieces_in_mixed_directions_are_one_road_with_the_declared_numbers() {
    let lines = in_three();
    // From K8+000 in the east towards the west, known by a stone in its midst.
    let from_east = declared(at(500.0, 3.0), 8_500.0, at(0.0, 0.0), &[]);
    for order in [[0, 1, 2], [2, 0, 1]] {
        let pieces = order.map(|k: usize| piece(&lines[k]));
        let found = assemble(&pieces, Some(&from_east)).unwrap();
        assert_eq!((found.routes.len(), found.routes[0].basis), (1, Basis::Declared));
        let route = &found.routes[0];
        let north = route.locate(at(700.0, 12.0), 100.0).unwrap();
        assert!(near(north.number, 8_300.0) && near(north.offset_m, 12.0), "{north:?}");
        // Going west, north is right.
        assert_eq!(north.side, Side::Right);
        assert!(distance_m(route.places(8_300.0)[0].foot, at(700.0, 0.0)) < 2e-3);
    }
    // Nobody says: nought stands in the west.
    let found = assemble(&lines.each_ref().map(|line| piece(line)), None).unwrap();
    let place = found.routes[0].locate(at(700.0, 12.0), 100.0).unwrap();
    assert!(near(place.number, 700.0) && place.side == Side::Left && found.routes[0].basis == Basis::Assumed);
}

#[test]
fn a_point_on_the_axis_on_a_border_and_beyond_the_ends() {
    let line = [at(0.0, 0.0), at(500.0, 0.0), at(1_000.0, 0.0)];
    let found = assemble(&[piece(&line)], None).unwrap();
    let locate = |p: [f64; 2]| found.routes[0].locate(p, 1_000.0).unwrap();
    let on = locate(at(400.0, 0.0));
    assert!(near(on.number, 400.0) && on.offset_m < 1e-3 && on.side == Side::Axis && !on.beyond);
    let corner = locate(at(500.0, -7.0));
    assert!(near(corner.number, 500.0) && near(corner.offset_m, 7.0) && corner.side == Side::Right);
    let past = locate(at(1_030.0, 40.0));
    assert!(near(past.number, 1_000.0) && past.beyond && past.side == Side::Left);
    assert!((past.offset_m - 50.0).abs() < 0.01);
    let ahead = locate(at(-25.0, 0.0));
    assert!(ahead.number == 0.0 && ahead.beyond && near(ahead.offset_m, 25.0));
    assert!(found.routes[0].locate(at(500.0, 1_000.5), 1_000.0).is_none());
}

#[test]
fn numbers_that_a_short_chain_leaves_out_stand_nowhere_and_those_of_a_long_one_twice() {
    let line = [at(0.0, 0.0), at(2_000.0, 0.0)];
    let short = declared(at(0.0, 0.0), 12_000.0, at(2_000.0, 0.0), &[[12_300.0, 12_345.0]]);
    let route = &assemble(&[piece(&line)], Some(&short)).unwrap().routes[0];
    assert_eq!(route.places(12_320.0).len(), 0);
    // Both names of the break are the same place; coming from a place it is called by what follows.
    let [before, after] = [12_300.0, 12_345.0].map(|n| route.places(n)[0]);
    assert!(near(before.along_m, 300.0) && near(after.along_m, 300.0));
    assert_eq!(route.number_at(before.along_m), 12_345.0);
    assert!(near(route.locate(at(400.0, 5.0), 50.0).unwrap().number, 12_445.0));
    let sections = route.sections(100.0);
    let borders: Vec<[f64; 2]> = sections[2..5].iter().map(|s| [s.first, s.last]).collect();
    assert!(
        borders
            .iter()
            .flatten()
            .zip([12_200.0, 12_300.0, 12_345.0, 12_400.0, 12_400.0, 12_500.0])
            .all(|(a, b)| near(*a, b))
    );
    assert!(near(sections[3].to_m - sections[3].from_m, 55.0));

    let long = declared(at(0.0, 0.0), 12_000.0, at(2_000.0, 0.0), &[[12_300.0, 12_255.0]]);
    let route = &assemble(&[piece(&line)], Some(&long)).unwrap().routes[0];
    let twice: Vec<f64> = route.places(12_280.0).iter().map(|place| place.along_m).collect();
    assert!(twice.len() == 2 && near(twice[0], 280.0) && near(twice[1], 325.0), "{twice:?}");
    assert_eq!([12_254.0, 12_255.0, 12_300.0, 12_301.0].map(|n| route.places(n).len()), [1, 2, 2, 1]);
    let lengths: f64 = route.sections(100.0).iter().map(|s| s.to_m - s.from_m).sum();
    assert!(near(lengths, 2_000.0));
}

#[test]
fn carriageways_drawn_apart_are_one_road_between_its_single_ends() {
    // One line, then two 30 m apart, then one again.
    let west = [at(0.0, 0.0), at(300.0, 0.0)];
    let south = [at(300.0, 0.0), at(340.0, -15.0), at(960.0, -15.0), at(1_000.0, 0.0)];
    let north = [at(1_000.0, 0.0), at(960.0, 15.0), at(340.0, 15.0), at(300.0, 0.0)];
    let east = [at(1_000.0, 0.0), at(1_400.0, 0.0)];
    let all = |down: bool| [piece(&west), piece(&south), Piece { downward: down, ..piece(&north) }, piece(&east)];
    for pieces in [all(false), all(true)] {
        let found = assemble(&pieces, Some(&declared(west[0], 0.0, east[1], &[]))).unwrap();
        assert_eq!((found.routes.len(), found.others.len()), (1, 1));
        let route = &found.routes[0];
        assert!((route.length_m() - 1_405.4).abs() < 0.2, "{}", route.length_m());
        assert_eq!(route.locate(at(700.0, 30.0), 100.0).unwrap().side, Side::Left);
        assert_eq!(route.locate(at(700.0, -30.0), 100.0).unwrap().side, Side::Right);
    }
    // What the layer calls 下行 is not the one that is measured.
    let found = assemble(&all(true), None).unwrap();
    assert!(near(distance_m(found.others[0].line()[1], at(340.0, 15.0)), 0.0));
}

#[test]
fn a_ring_road_begins_where_it_is_declared_and_runs_the_declared_way() {
    let ring = [at(0.0, 0.0), at(1_000.0, 0.0), at(1_000.0, 1_000.0), at(0.0, 1_000.0), at(0.0, 0.0)];
    let found = assemble(&[piece(&ring)], None).unwrap();
    assert!(near(found.routes[0].locate(at(500.0, -10.0), 50.0).unwrap().number, 500.0));
    for (towards, north_side, sign) in [(at(1_000.0, 0.0), Side::Right, 1.0), (at(0.0, 0.0), Side::Left, -1.0)] {
        let route =
            &assemble(&[piece(&ring)], Some(&declared(at(500.0, 0.0), 1_000.0, towards, &[]))).unwrap().routes[0];
        let quarter = route.locate(at(500.0 + sign * 200.0, -10.0), 50.0).unwrap();
        assert!(near(quarter.number, 1_200.0), "{quarter:?}");
        // South of the southern edge: right of those who go east.
        assert_eq!(quarter.side, north_side);
        // Its beginning is its end; the first along counts.
        let start = route.locate(at(500.0, 0.0), 50.0).unwrap();
        assert!(near(start.along_m, 0.0) && !start.beyond);
        assert!(!route.locate(at(500.0, -10.0), 50.0).unwrap().beyond);
    }
    let opposite = declared(at(500.0, 0.0), 0.0, at(500.0, 1_000.0), &[]);
    let _ = assemble(&[piece(&ring)], Some(&opposite))
        .map(|_| ())
        .map_err(|fault| assert_eq!(fault.code(), "chainage-undirected"));
}

#[test]
fn a_gap_counts_by_its_length_and_nothing_stands_in_it() {
    let (one, two) = ([at(0.0, 0.0), at(400.0, 0.0)], [at(1_000.0, 0.0), at(600.0, 0.0)]);
    let pieces = [piece(&one), piece(&two)];
    let found = assemble(&pieces, Some(&declared(at(0.0, 0.0), 0.0, at(1_000.0, 0.0), &[]))).unwrap();
    let route = &found.routes[0];
    assert!(near(route.locate(at(700.0, 9.0), 50.0).unwrap().number, 700.0));
    assert!(route.places(500.0).is_empty() && route.places(400.0).len() == 1);
    let ends: Vec<[f64; 2]> = route.sections(300.0).iter().map(|s| [s.first, s.last]).collect();
    assert!(
        ends.iter().flatten().zip([0.0, 300.0, 300.0, 400.0, 600.0, 900.0, 900.0, 1_000.0]).all(|(a, b)| near(*a, b))
    );
    // Nobody says: two lines, each from its own western end.
    assert_eq!(assemble(&pieces, None).unwrap().routes.len(), 2);
}

#[test]
fn a_register_numbers_its_pieces_and_jumps_where_they_do_not_agree() {
    // The second was measured 4 m longer than its numbers say, and is drawn backwards; the third begins 100 m further on.
    let (one, two, three) =
        ([at(0.0, 0.0), at(400.0, 0.0)], [at(804.0, 0.0), at(400.0, 0.0)], [at(804.0, 0.0), at(1_000.0, 0.0)]);
    let numbered = |line, numbers| Piece { numbers: Some(numbers), ..piece(line) };
    let pieces = [
        numbered(&three[..], [8_900.0, 9_096.0]),
        numbered(&two[..], [8_800.0, 8_400.0]),
        numbered(&one[..], [8_000.0, 8_400.0]),
    ];
    let found = assemble(&pieces, None).unwrap();
    let route = &found.routes[0];
    assert_eq!((found.routes.len(), route.basis, route.stretches().len()), (1, Basis::Recorded, 3));
    assert!(near(route.locate(at(602.0, 9.0), 50.0).unwrap().number, 8_600.0));
    assert!(route.places(8_850.0).is_empty());
    assert!(near(route.places(9_000.0)[0].along_m, 904.0));
    // One piece of which nothing is said, and none is numbered so.
    assert_eq!(assemble(&[pieces[0], piece(&one)], None).unwrap().routes[0].basis, Basis::Assumed);
}

#[test]
fn a_declaration_that_does_not_fit_its_road_is_refused_in_words() {
    let line = [at(0.0, 0.0), at(1_000.0, 0.0)];
    let code = |declared: Declared| assemble(&[piece(&line)], Some(&declared)).err().unwrap().code();
    assert_eq!(code(declared(at(0.0, 900.0), 0.0, at(1_000.0, 0.0), &[])), "chainage-start-astray");
    assert_eq!(code(declared(at(0.0, 0.0), 0.0, at(-50.0, 0.0), &[])), "chainage-undirected");
    assert_eq!(code(declared(at(0.0, 0.0), 150.0, at(500.0, 0.0), &[[100.0, 200.0]])), "chainage-break-astray");
}

#[test]
fn a_road_known_by_several_stones_is_numbered_between_them_whichever_way_it_is_drawn() {
    // It was measured 40 m longer between K10 and K11 than it is drawn now, and lies in three pieces.
    let lines = in_three();
    let known = |all: &[([f64; 2], f64)]| {
        let stones = all.iter().map(|&(point, at_m)| Known { at_m, point }).collect();
        Declared::by_stones("G112".to_owned(), stones, Vec::new()).unwrap()
    };
    let pieces = lines.each_ref().map(|line| piece(line));
    let found = assemble(&pieces, Some(&known(&[(at(980.0, 4.0), 10_000.0), (at(20.0, -3.0), 11_000.0)]))).unwrap();
    let route = &found.routes[0];
    let middle = route.locate(at(500.0, 10.0), 50.0).unwrap();
    assert!(near(middle.number, 10_500.0) && middle.side == Side::Right, "{middle:?}");
    assert!(near(route.locate(at(980.0, 0.0), 50.0).unwrap().number, 10_000.0));
    // Before the first stone, which is east of the others, and after the last a metre is a metre.
    assert!(near(route.locate(at(990.0, 5.0), 50.0).unwrap().number, 9_990.0));
    assert!(near(route.locate(at(5.0, 5.0), 50.0).unwrap().number, 11_015.0));
    let sections = route.sections(250.0);
    assert!(sections.iter().all(|s| s.first >= 9_979.0) && near(sections[1].to_m - sections[1].from_m, 240.0));
    let code = |all: &[([f64; 2], f64)]| assemble(&pieces, Some(&known(all))).err().unwrap().code();
    let (east, west) = (at(980.0, 0.0), at(20.0, 0.0));
    assert_eq!(code(&[(east, 10_000.0), (west, 10_500.0)]), "chainage-stones-contradict");
    assert_eq!(code(&[(east, 10_000.0), (west, 11_000.0), (at(500.0, 0.0), 12_000.0)]), "chainage-stones-contradict");
    assert_eq!(code(&[(east, 10_000.0), (east, 10_100.0)]), "chainage-stones-contradict");
    assert_eq!(code(&[(east, 10_000.0), (at(20.0, 900.0), 11_000.0)]), "chainage-stone-astray");
    assert_eq!(code(&[(at(980.0, 900.0), 10_000.0), (west, 11_000.0)]), "chainage-stone-astray");
}
