//! Gzip (RFC 1952), as tiles are sent and kept.

use std::cell::RefCell;

use libdeflater::{CompressionLvl, Compressor, Decompressor};

use crate::fault::Fault;

thread_local! {
    /// Its tables take longer to be had than a small tile to be packed, so each thread keeps its own.
    static PRESS: RefCell<Compressor> = RefCell::new(Compressor::new(quickest()));
}

/// The quickest that packs at all: nobody waits for the last tenth of a tile's size.
fn quickest() -> CompressionLvl {
    CompressionLvl::new(1).unwrap_or_default()
}

/// Packs bytes.
///
/// # Errors
/// None but a defect of the memory.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    PRESS.with_borrow_mut(|press| {
        let mut packed = vec![0; press.gzip_compress_bound(bytes.len())];
        let length = press.gzip_compress(bytes, &mut packed).map_err(Fault::internal)?;
        packed.truncate(length);
        packed.shrink_to_fit();
        Ok(packed)
    })
}

/// Unpacks what was packed here.
///
/// # Errors
/// None but a defect of the memory.
pub fn gunzip(packed: &[u8]) -> Result<Vec<u8>, Fault> {
    // The last four bytes of a member say how long it was.
    let length = packed.last_chunk().map_or(0, |length| u32::from_le_bytes(*length) as usize);
    let mut bytes = vec![0; length];
    let length = Decompressor::new().gzip_decompress(packed, &mut bytes).map_err(Fault::internal)?;
    bytes.truncate(length);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_out_again_whatever_its_size() {
        let mut state = 1_u32;
        let mut noise = |n: usize| -> Vec<u8> {
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            };
            (0..n).map(|_| next()).collect()
        };
        assert!(gzip(&[7; 10_000]).unwrap().len() < 100);
        for size in [0, 1, 300, 65_536, 500_000] {
            for bytes in [noise(size), b"village ".iter().copied().cycle().take(size).collect()] {
                assert!(gunzip(&gzip(&bytes).unwrap()).unwrap() == bytes, "{size}");
            }
        }
    }
}
