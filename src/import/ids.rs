//! What a row is called, today and at its next import: by its key, or by what it is; never by its row number.

use std::collections::HashSet;

use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::geo::shape::Shape;
use crate::import::source::Cell;
use crate::kind::gives_away;

/// The longest key that can be part of an address.
const LONGEST_KEY: usize = 200;

/// Gives ids, each once. An id is an address: it stands in links and logs, and is told to everybody. One that would be made of
/// what is personal is made of its salted digest instead.
pub struct Ids {
    given: HashSet<u128>,
    salt: [u8; 32],
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
    /// Nothing given yet. `salt`: the map's own.
    pub fn new(salt: [u8; 32]) -> Self {
        Self { given: HashSet::new(), salt }
    }

    /// The id of a row that has a key; `personal`: the key is somebody's telephone or the like.
    pub fn by_key(&mut self, initial: char, key: &Cell, personal: bool) -> Result<String, Nameless> {
        let mut id = key.words();
        if id.is_empty() || matches!(key, Cell::Undecodable(_)) {
            return Err(Nameless::NoKey);
        }
        if id.len() > LONGEST_KEY {
            return Err(Nameless::LongKey);
        }
        if personal || gives_away(&id) {
            id = self.veiled(initial, &id);
        }
        if self.given.insert(xxh3_128(id.as_bytes())) { Ok(id) } else { Err(Nameless::DuplicateKey) }
    }

    /// The salted digest of what is personal.
    fn veiled(&self, initial: char, plain: &str) -> String {
        let digest = Sha256::new().chain_update(self.salt).chain_update(plain).finalize();
        digest.iter().take(8).fold(format!("{initial}-"), |id, byte| format!("{id}{byte:02x}"))
    }

    /// The id of a row without a key, from its place and its name, so that the same row has the same id tomorrow. Two rows
    /// of one place and name are told apart by the rest of what they say. `personal`: its place or its name is; then the digest
    /// is salted, for out of a bare one place and name could be guessed.
    pub fn by_content(
        &mut self,
        (initial, personal): (char, bool),
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
        let id = if personal { self.veiled(initial, &id) } else { id };
        if self.given.insert(xxh3_128(id.as_bytes())) {
            return Ok(id);
        }
        for cell in cells {
            hasher.update(&[0]);
            hasher.update(cell.words().as_bytes());
        }
        let id = format!("{id}-{:06x}", hasher.digest() >> 40);
        let id = if personal { self.veiled(initial, &id) } else { id };
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
        let mut ids = Ids::new([0; 32]);
        let first = ids.by_content(('f', false), shape, &name, &zhang).unwrap();
        assert_ne!(first, ids.by_content(('f', false), shape, &name, &li).unwrap());
        assert_eq!(ids.by_content(('f', false), shape, &name, &li), Err(Nameless::DuplicateRow));
        assert_eq!(first, Ids::new([0; 32]).by_content(('f', false), shape, &name, &li).unwrap());
    }

    #[test]
    fn a_key_kept_as_a_decimal_number_is_whole() {
        assert_eq!(Ids::new([0; 32]).by_key('v', &Cell::Float(120115101.0), false), Ok("120115101".to_owned()));
    }
    #[test]
    fn an_id_tells_nothing_of_a_person_and_is_the_same_tomorrow() {
        let id =
            |salt: u8, key: &str, personal: bool| Ids::new([salt; 32]).by_key('h', &Cell::text(key), personal).unwrap();
        assert_eq!(id(1, "农-17", false), "农-17");
        let of_telephone = id(1, "13911110001", false);
        assert!(of_telephone.starts_with("h-") && !of_telephone.contains("1391111"), "{of_telephone}");
        assert_eq!(of_telephone, id(1, "13911110001", true));
        assert_ne!(of_telephone, id(2, "13911110001", true), "nobody can try all numbers without the salt");
        assert_ne!(id(1, "张三", true), "张三");
    }
}
