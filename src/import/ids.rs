//! What a row is called, today and at its next import: by its key, or by what it is; never by its row number.

use std::collections::HashSet;

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::geo::shape::Shape;
use crate::import::source::Cell;

/// The longest key that can be part of an address.
const LONGEST_KEY: usize = 200;

/// Gives ids, each once.
#[derive(Default)]
pub struct Ids {
    given: HashSet<u128>,
}

/// Why a row gets no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nameless {
    /// Its key is empty.
    NoKey,
    /// Its key is longer than an address can be.
    LongKey,
    /// Another row has the key.
    DuplicateKey,
    /// Another row is the same in everything.
    DuplicateRow,
}

impl Nameless {
    /// Its code in `maps/text`.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoKey => "flaw-no-key",
            Self::LongKey => "flaw-long-key",
            Self::DuplicateKey => "flaw-duplicate-key",
            Self::DuplicateRow => "flaw-duplicate-row",
        }
    }
}

impl Ids {
    /// The id of a row that has a key.
    pub fn by_key(&mut self, key: &Cell) -> Result<String, Nameless> {
        let id = key.words();
        match () {
            () if id.is_empty() || matches!(key, Cell::Undecodable(_)) => Err(Nameless::NoKey),
            () if id.len() > LONGEST_KEY => Err(Nameless::LongKey),
            () if self.given.insert(xxh3_128(id.as_bytes())) => Ok(id),
            () => Err(Nameless::DuplicateKey),
        }
    }

    /// The id of a row without a key, from its place and its name, so that the same row has the same id tomorrow. Two rows
    /// of one place and name are told apart by the rest of what they say.
    pub fn by_content(
        &mut self,
        initial: char,
        shape: Shape<'_>,
        name: &Cell,
        cells: &[Cell],
    ) -> Result<String, Nameless> {
        let mut hasher = Xxh3::new();
        for (shell, part) in shape.parts() {
            hasher.update(&[u8::from(shell)]);
            for c in part {
                hasher.update(&c[0].to_bits().to_le_bytes());
                hasher.update(&c[1].to_bits().to_le_bytes());
            }
        }
        hasher.update(name.words().as_bytes());
        let id = format!("{initial}-{:012x}", hasher.digest() >> 16);
        if self.given.insert(xxh3_128(id.as_bytes())) {
            return Ok(id);
        }
        for cell in cells {
            hasher.update(&[0]);
            hasher.update(cell.words().as_bytes());
        }
        let id = format!("{id}-{:06x}", hasher.digest() >> 40);
        if self.given.insert(xxh3_128(id.as_bytes())) { Ok(id) } else { Err(Nameless::DuplicateRow) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::shape::Geometries;

    #[test]
    fn one_place_and_name_with_two_owners_are_two_rows_and_a_copy_is_none() {
        let mut geometries = Geometries::default();
        geometries.push(Some(&geo_types::Geometry::Point(geo_types::Point::new(117.0, 39.0))));
        let (shape, name) = (geometries.shape(0), Cell::text("养殖场"));
        let (zhang, li) = ([Cell::text("张")], [Cell::text("李")]);
        let mut ids = Ids::default();
        let first = ids.by_content('f', shape, &name, &zhang).unwrap();
        assert_ne!(first, ids.by_content('f', shape, &name, &li).unwrap());
        assert_eq!(ids.by_content('f', shape, &name, &li), Err(Nameless::DuplicateRow));
        assert_eq!(first, Ids::default().by_content('f', shape, &name, &li).unwrap());
    }

    #[test]
    fn a_key_kept_as_a_decimal_number_is_whole() {
        assert_eq!(Ids::default().by_key(&Cell::Float(120115101.0)), Ok("120115101".to_owned()));
    }
}
