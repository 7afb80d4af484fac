//! An order of places in which neighbours stand near each other.

use crate::geo::bbox::Bbox;

/// How far along the Hilbert curve of order 16 over `extent` a place lies.
pub(super) fn hilbert([lng, lat]: [f64; 2], extent: &Bbox) -> u64 {
    const SIDE: u32 = 1 << 16;
    let cell = |at: f64, from: f64, to: f64| {
        (((at - from) / (to - from).max(1e-9)).clamp(0.0, 1.0) * f64::from(SIDE - 1)) as u32
    };
    let (mut x, mut y) = (cell(lng, extent.west, extent.east), cell(lat, extent.south, extent.north));
    let mut along = 0;
    let mut side = SIDE / 2;
    while side > 0 {
        let (right, upper) = (u32::from(x & side > 0), u32::from(y & side > 0));
        along += u64::from(side) * u64::from(side) * u64::from((3 * right) ^ upper);
        if upper == 0 {
            if right == 1 {
                x = (SIDE - 1).wrapping_sub(x) & (SIDE - 1);
                y = (SIDE - 1).wrapping_sub(y) & (SIDE - 1);
            }
            std::mem::swap(&mut x, &mut y);
        }
        side /= 2;
    }
    along
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_never_jumps() {
        let extent = Bbox { west: 0.0, south: 0.0, east: 65535.0, north: 65535.0 };
        let mut cells: Vec<(u64, [i64; 2])> = (0..32)
            .flat_map(|x| (0..32).map(move |y| [x, y]))
            .map(|c| (hilbert([c[0] as f64, c[1] as f64], &extent), c))
            .collect();
        cells.sort_unstable();
        for pair in cells.windows(2) {
            let ([ax, ay], [bx, by]) = (pair[0].1, pair[1].1);
            assert_eq!((ax - bx).abs() + (ay - by).abs(), 1, "{pair:?}");
        }
    }
}
