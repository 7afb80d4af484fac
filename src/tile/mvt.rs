//! The bytes of a Mapbox Vector Tile, version 2.1: protocol buffers, written by hand.

use std::collections::HashMap;

use crate::table::Value;
use crate::tile::matrix::EXTENT;
use crate::tile::snap::Node;

/// The name of the layer that says what was left out of a tile.
pub const LEFT_OUT: &str = "left-out";

/// What a feature is drawn as, by the specification's numbers.
#[derive(Clone, Copy)]
pub enum Drawing {
    /// Points.
    Points = 1,
    /// Lines of two points and more.
    Lines = 2,
    /// Polygons: each shell before its holes.
    Polygons = 3,
}

fn varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn zigzag(n: i64) -> u64 {
    ((n << 1) ^ (n >> 63)) as u64
}

/// How many bytes [`varint`] writes.
fn varint_len(n: u64) -> u64 {
    u64::from((n | 1).ilog2() / 7 + 1)
}

/// How many bytes [`block`] writes of a field below number 16.
fn block_len(bytes: &[u8]) -> u64 {
    let length = bytes.len() as u64;
    1 + varint_len(length) + length
}

/// A field whose value follows with its length.
fn block(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn number(out: &mut Vec<u8>, field: u64, n: u64) {
    varint(out, field << 3);
    varint(out, n);
}

/// A layer being written.
pub struct LayerWriter<'a> {
    name: &'a str,
    keys: Vec<&'a str>,
    features: Vec<u8>,
    values: Vec<u8>,
    count: u32,
    /// Where each value stands among the layer's; numbers by their bits and their type.
    words: HashMap<&'a str, u32, foldhash::fast::RandomState>,
    numbers: HashMap<(u8, u64), u32, foldhash::fast::RandomState>,
    tags: Vec<u8>,
    scratch: Vec<u8>,
}

impl<'a> LayerWriter<'a> {
    /// A layer whose features, about so many, have these properties.
    pub fn new(name: &'a str, keys: Vec<&'a str>, about: usize) -> Self {
        Self {
            name,
            keys,
            features: Vec::with_capacity(about * 64),
            values: Vec::with_capacity(about * 24),
            count: 0,
            words: HashMap::default(),
            numbers: HashMap::default(),
            tags: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// Begins a feature.
    pub fn begin(&mut self) {
        self.tags.clear();
    }

    /// Gives the feature the property of key number `key`; null is none. `once`: no other feature has the same.
    pub fn tag(&mut self, key: u32, value: Value<'a>, once: bool) {
        let at = match value {
            Value::Null => return,
            Value::Text(text) if once => self.text(text),
            Value::Text(text) => match self.words.get(text) {
                Some(&at) => at,
                None => {
                    let at = self.text(text);
                    self.words.insert(text, at);
                    at
                }
            },
            Value::Date(day) => {
                self.shared(0, i64::from(day.0) as u64, |out| block(out, 1, day.to_string().as_bytes()))
            }
            Value::Float(x) => self.shared(1, x.to_bits(), |out| {
                varint(out, 3 << 3 | 1);
                out.extend_from_slice(&x.to_le_bytes());
            }),
            Value::Int(n) if n < 0 => self.shared(2, n as u64, |out| number(out, 6, zigzag(n))),
            Value::Int(n) => self.shared(2, n as u64, |out| number(out, 5, n as u64)),
            Value::Bool(b) => self.shared(3, u64::from(b), |out| number(out, 7, u64::from(b))),
        };
        varint(&mut self.tags, u64::from(key));
        varint(&mut self.tags, u64::from(at));
    }

    fn shared(&mut self, kind: u8, bits: u64, write: impl FnOnce(&mut Vec<u8>)) -> u32 {
        if let Some(&at) = self.numbers.get(&(kind, bits)) {
            return at;
        }
        let at = self.value(write);
        self.numbers.insert((kind, bits), at);
        at
    }

    fn text(&mut self, text: &str) -> u32 {
        varint(&mut self.values, 4 << 3 | 2);
        varint(&mut self.values, block_len(text.as_bytes()));
        block(&mut self.values, 1, text.as_bytes());
        self.count += 1;
        self.count - 1
    }

    fn value(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> u32 {
        self.scratch.clear();
        write(&mut self.scratch);
        block(&mut self.values, 4, &self.scratch);
        self.count += 1;
        self.count - 1
    }

    /// Ends the feature; `geometry`: its commands, as they are written here.
    pub fn end(&mut self, drawing: Drawing, geometry: &[u8]) {
        let features = &mut self.features;
        varint(features, 2 << 3 | 2);
        // The kind of drawing takes two bytes.
        varint(features, block_len(&self.tags) + 2 + block_len(geometry));
        block(features, 2, &self.tags);
        number(features, 3, drawing as u64);
        block(features, 4, geometry);
    }

    /// Appends the layer to a tile; one without features is left out, as the specification wants it.
    pub fn finish(self, tile: &mut Vec<u8>) {
        if self.features.is_empty() {
            return;
        }
        let mut layer = Vec::with_capacity(self.features.len() + self.values.len() + 256);
        number(&mut layer, 15, 2);
        block(&mut layer, 1, self.name.as_bytes());
        layer.extend_from_slice(&self.features);
        for key in &self.keys {
            block(&mut layer, 3, key.as_bytes());
        }
        layer.extend_from_slice(&self.values);
        number(&mut layer, 5, EXTENT as u64);
        block(tile, 3, &layer);
    }
}

/// Writes points, in units.
pub fn points(points: &[Node], out: &mut Vec<u8>) {
    let mut pen = Pen { out, at: [0, 0], scale: 1, shift: 0 };
    pen.command(1, points.len());
    points.iter().for_each(|&point| pen.to(point));
}

/// Writes lines in cells of `scale` units.
pub fn lines(lines: &[Vec<Node>], scale: i32, out: &mut Vec<u8>) {
    let mut pen = Pen { out, at: [0, 0], scale, shift: 0 };
    lines.iter().for_each(|line| pen.path(line));
}

/// Writes the rings of polygons in cells of `scale` units, moved by `shift` units to the south-east.
pub fn polygons<'a>(rings: impl Iterator<Item = &'a [Node]>, scale: i32, shift: i32, out: &mut Vec<u8>) {
    let mut pen = Pen { out, at: [0, 0], scale, shift };
    for ring in rings {
        pen.path(ring);
        pen.command(7, 1);
    }
}

/// Commands of a geometry; each place is told from the one before.
struct Pen<'a> {
    out: &'a mut Vec<u8>,
    at: Node,
    scale: i32,
    shift: i32,
}

impl Pen<'_> {
    fn command(&mut self, id: u64, count: usize) {
        varint(self.out, (count as u64) << 3 | id);
    }

    fn to(&mut self, cell: Node) {
        let unit = cell.map(|c| c * self.scale + self.shift);
        for (unit, at) in unit.iter().zip(self.at) {
            varint(self.out, zigzag(i64::from(unit - at)));
        }
        self.at = unit;
    }

    fn path(&mut self, path: &[Node]) {
        let [first, rest @ ..] = path else { return };
        self.command(1, 1);
        self.to(*first);
        self.command(2, rest.len());
        rest.iter().for_each(|&cell| self.to(cell));
    }
}
