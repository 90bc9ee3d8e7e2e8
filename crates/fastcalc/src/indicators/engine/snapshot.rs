//! Bytes of a snapshot: magic, spec, numbers, SHA-256 of all before it.

use crate::KernelError;
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 8] = b"FCBUND02";
const HASH: usize = 32;

/// Everything as bytes, numbers little-endian.
pub fn encode(spec: &str, words: &[f64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(MAGIC.len() + 8 + spec.len() + 8 * words.len() + HASH);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&(spec.len() as u64).to_le_bytes());
    bytes.extend_from_slice(spec.as_bytes());
    for word in words {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    let hash = Sha256::digest(&bytes);
    bytes.extend_from_slice(&hash);
    bytes
}

/// What [`encode`] was given.
pub fn decode(bytes: &[u8]) -> Result<(String, Vec<f64>), KernelError> {
    let damaged = |what: &str| KernelError::new("snapshot", what, "what `snapshot` returned");
    let Some((body, hash)) = bytes.split_last_chunk::<HASH>() else {
        return Err(damaged("too short"));
    };
    if Sha256::digest(body).as_slice() != hash {
        return Err(damaged("damaged"));
    }
    let rest = body
        .strip_prefix(MAGIC)
        .ok_or_else(|| damaged("of another format"))?;
    let (length, rest) = rest
        .split_first_chunk::<8>()
        .ok_or_else(|| damaged("too short"))?;
    let length = u64::from_le_bytes(*length) as usize;
    let (spec, words) = rest
        .split_at_checked(length)
        .ok_or_else(|| damaged("too short"))?;
    let spec = std::str::from_utf8(spec).map_err(|_| damaged("damaged"))?;
    let words = words
        .chunks(8)
        .map(|word| word.try_into().map(f64::from_le_bytes));
    let words = words
        .collect::<Result<_, _>>()
        .map_err(|_| damaged("too short"))?;
    Ok((spec.to_owned(), words))
}
