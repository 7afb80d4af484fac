//! Well-known binary, in and out, and the GeoPackage's header before it (OGC 12-128r19 §2.1.3).

use crate::geo::bbox::Bbox;
use crate::geo::shape::{Geometries, Shape, ShapeKind};

/// Why a blob is no geometry that we can keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It ends too early, or its header is wrong.
    Broken,
    /// Curves, surfaces, or a collection of mixed kinds.
    Unsupported,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    little: bool,
}

impl<'a> Reader<'a> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        let slice = self.bytes.get(self.at..self.at + N).ok_or(Unreadable::Broken)?;
        self.at += N;
        slice.try_into().map_err(|_| Unreadable::Broken)
    }

    fn u32(&mut self) -> Result<u32, Unreadable> {
        let raw = self.take::<4>()?;
        Ok(if self.little { u32::from_le_bytes(raw) } else { u32::from_be_bytes(raw) })
    }

    fn f64(&mut self) -> Result<f64, Unreadable> {
        let raw = self.take::<8>()?;
        Ok(if self.little { f64::from_le_bytes(raw) } else { f64::from_be_bytes(raw) })
    }

    /// Reads byte order and type: the base type 1–7 and the ordinates of a coordinate (2–4).
    fn head(&mut self) -> Result<(u32, usize), Unreadable> {
        self.little = self.take::<1>()?[0] == 1;
        let raw = self.u32()?;
        // EWKB marks z, m and srid in the high bits, ISO adds 1000, 2000, 3000.
        let (ez, em, srid) = (raw >> 31 & 1, raw >> 30 & 1, raw >> 29 & 1);
        let iso = raw & 0x0FFF_FFFF;
        if srid == 1 {
            self.u32()?;
        }
        let more = match iso / 1000 {
            0 => ez + em,
            1 | 2 => 1,
            3 => 2,
            _ => return Err(Unreadable::Broken),
        };
        Ok((iso % 1000, 2 + more as usize))
    }

    fn coords(&mut self, count: u32, ordinates: usize, out: &mut Geometries) -> Result<(), Unreadable> {
        // Before a loop over a count that a broken file may have made up.
        if self.bytes.len() - self.at < count as usize * ordinates * 8 {
            return Err(Unreadable::Broken);
        }
        for _ in 0..count {
            let (x, y) = (self.f64()?, self.f64()?);
            self.at += (ordinates - 2) * 8;
            out.coord([x, y]);
        }
        Ok(())
    }

    fn polygon(&mut self, ordinates: usize, out: &mut Geometries) -> Result<(), Unreadable> {
        for ring in 0..self.u32()? {
            out.part(ring == 0);
            let count = self.u32()?;
            self.coords(count, ordinates, out)?;
        }
        Ok(())
    }

    fn members(
        &mut self,
        expected: u32,
        mut each: impl FnMut(&mut Self, usize) -> Result<(), Unreadable>,
    ) -> Result<(), Unreadable> {
        for _ in 0..self.u32()? {
            let (base, ordinates) = self.head()?;
            if base != expected {
                return Err(Unreadable::Unsupported);
            }
            each(self, ordinates)?;
        }
        Ok(())
    }

    fn geometry(&mut self, out: &mut Geometries) -> Result<ShapeKind, Unreadable> {
        let (base, ordinates) = self.head()?;
        Ok(match base {
            1 => {
                out.part(true);
                self.coords(1, ordinates, out)?;
                ShapeKind::Point
            }
            2 => {
                out.part(true);
                let count = self.u32()?;
                self.coords(count, ordinates, out)?;
                ShapeKind::Line
            }
            3 => {
                self.polygon(ordinates, out)?;
                ShapeKind::Polygon
            }
            4 => {
                out.part(true);
                self.members(1, |r, n| r.coords(1, n, out))?;
                ShapeKind::MultiPoint
            }
            5 => {
                self.members(2, |r, n| {
                    out.part(true);
                    let count = r.u32()?;
                    r.coords(count, n, out)
                })?;
                ShapeKind::MultiLine
            }
            6 => {
                self.members(3, |r, n| r.polygon(n, out))?;
                ShapeKind::MultiPolygon
            }
            _ => return Err(Unreadable::Unsupported),
        })
    }
}

/// Reads one geometry and adds it as the next row. An unreadable one leaves a row without a place behind.
///
/// # Errors
/// `Unreadable`, when it is broken or of a type that is not kept.
pub fn read(bytes: &[u8], out: &mut Geometries) -> Result<(), Unreadable> {
    let kind = Reader { bytes, at: 0, little: true }.geometry(out);
    out.end_row(*kind.as_ref().unwrap_or(&ShapeKind::None));
    kind.map(|_| ())
}

/// Reads a GeoPackage blob: the header, whose envelope it passes over, then the WKB.
///
/// # Errors
/// As `read`.
pub fn read_gpkg(blob: &[u8], out: &mut Geometries) -> Result<(), Unreadable> {
    let envelope = match blob {
        [b'G', b'P', _, flags, ..] => match flags >> 1 & 7 {
            0 => 0,
            1 => 32,
            2 | 3 => 48,
            4 => 64,
            _ => return Err(Unreadable::Broken),
        },
        _ => {
            out.end_row(ShapeKind::None);
            return Err(Unreadable::Broken);
        }
    };
    match blob.get(8 + envelope..) {
        Some(wkb) => read(wkb, out),
        None => {
            out.end_row(ShapeKind::None);
            Err(Unreadable::Broken)
        }
    }
}

/// Writes a shape as little-endian WKB.
pub fn write(shape: Shape<'_>, out: &mut Vec<u8>) {
    let head = |out: &mut Vec<u8>, base: u32| {
        out.push(1);
        out.extend(base.to_le_bytes());
    };
    let count = |out: &mut Vec<u8>, n: usize| out.extend((n as u32).to_le_bytes());
    let coord = |out: &mut Vec<u8>, c: &[f64; 2]| {
        out.extend(c[0].to_le_bytes());
        out.extend(c[1].to_le_bytes());
    };
    let run = |out: &mut Vec<u8>, part: &[[f64; 2]]| {
        count(out, part.len());
        part.iter().for_each(|c| coord(out, c));
    };
    match shape.kind {
        ShapeKind::None => {}
        ShapeKind::Point => {
            head(out, 1);
            shape.coords().iter().take(1).for_each(|c| coord(out, c));
        }
        ShapeKind::MultiPoint => {
            head(out, 4);
            count(out, shape.coords().len());
            for c in shape.coords() {
                head(out, 1);
                coord(out, c);
            }
        }
        ShapeKind::Line => {
            head(out, 2);
            run(out, shape.coords());
        }
        ShapeKind::MultiLine => {
            head(out, 5);
            count(out, shape.parts().len());
            for (_, part) in shape.parts() {
                head(out, 2);
                run(out, part);
            }
        }
        ShapeKind::Polygon => {
            head(out, 3);
            count(out, shape.parts().len());
            shape.parts().for_each(|(_, part)| run(out, part));
        }
        ShapeKind::MultiPolygon => {
            head(out, 6);
            let parts: Vec<_> = shape.parts().collect();
            let starts: Vec<usize> = (0..parts.len()).filter(|&k| parts[k].0 || k == 0).collect();
            count(out, starts.len());
            for (n, &start) in starts.iter().enumerate() {
                let end = starts.get(n + 1).copied().unwrap_or(parts.len());
                head(out, 3);
                count(out, end - start);
                parts[start..end].iter().for_each(|(_, part)| run(out, part));
            }
        }
    }
}

/// Writes a shape as a GeoPackage blob in `srs_id`, with its envelope in the header.
pub fn write_gpkg(shape: Shape<'_>, srs_id: i32) -> Option<(Vec<u8>, Bbox)> {
    let bbox = shape.bbox()?;
    let mut blob = Vec::with_capacity(64 + shape.coords().len() * 16);
    // Version 0; flags: little-endian, envelope [minx, maxx, miny, maxy], not empty.
    blob.extend([b'G', b'P', 0, 0b0000_0011]);
    blob.extend(srs_id.to_le_bytes());
    for edge in [bbox.west, bbox.east, bbox.south, bbox.north] {
        blob.extend(edge.to_le_bytes());
    }
    write(shape, &mut blob);
    Some((blob, bbox))
}
