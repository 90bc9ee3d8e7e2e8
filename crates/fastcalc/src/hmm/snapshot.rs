//! The state of a filter as bytes: same state, same bytes, on every machine.
//!
//! Layout, little-endian: magic `CHMM`, version u8 (1), emission u8 (0 normal, 1 Student's t),
//! states u16, rows u64, degrees of freedom f64 (0 for the normal), then as f64 the
//! logarithm and the pending factor of the likelihood, initial K, transition K*K, mean K, variance K, prior K, posterior K; last the SHA-256 of it all.

use super::log_product::LogProduct;
use super::{Emission, HmmFilter, HmmParameters};
use crate::KernelError;
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 4] = b"CHMM";
const VERSION: u8 = 1;
const HEADER: usize = 40;
const DIGEST: usize = 32;

impl HmmFilter {
    /// Everything the filter knows, model included.
    pub fn snapshot(&self) -> Vec<u8> {
        let p = &self.parameters;
        let (kind, df) = match p.emission {
            Emission::Gaussian => (0_u8, 0.0),
            Emission::StudentT { degrees_of_freedom } => (1, degrees_of_freedom),
        };
        // MAX_STATES fits in u16.
        let states = p.states() as u16;
        let mut bytes = Vec::with_capacity(length(p.states()));
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&[VERSION, kind]);
        bytes.extend_from_slice(&states.to_le_bytes());
        bytes.extend_from_slice(&self.rows.to_le_bytes());
        let parts: [&[f64]; 7] = [
            &[df, self.likelihoods.log, self.likelihoods.pending],
            &p.initial,
            &p.transition,
            &p.mean,
            &p.variance,
            &self.prior,
            &self.posterior,
        ];
        for v in parts.into_iter().flatten() {
            bytes.extend_from_slice(&v.to_le_bytes());
        }
        let digest = Sha256::digest(&bytes);
        bytes.extend_from_slice(&digest);
        bytes
    }

    /// The filter a snapshot was taken of; it goes on bit for bit like the original.
    ///
    /// # Errors
    /// `bytes` not a snapshot of this version, or not as it was written.
    pub fn restore(bytes: &[u8]) -> Result<Self, KernelError> {
        let refuse = |actual: &str| KernelError::new("bytes", actual, "a snapshot of an HmmFilter");
        if bytes.len() < HEADER + DIGEST || &bytes[..4] != MAGIC {
            return Err(refuse("something else"));
        }
        if bytes[4] != VERSION {
            return Err(refuse(&format!("version {}", bytes[4])));
        }
        let (body, digest) = bytes.split_at(bytes.len() - DIGEST);
        if Sha256::digest(body)[..] != *digest {
            return Err(refuse("damaged bytes"));
        }
        let k = usize::from(u16::from_le_bytes([bytes[6], bytes[7]]));
        if bytes.len() != length(k) {
            return Err(refuse("a snapshot of the wrong length"));
        }
        let mut numbers = body[16..].chunks_exact(8).map(|b| {
            let mut word = [0; 8];
            word.copy_from_slice(b);
            f64::from_le_bytes(word)
        });
        let mut take = |n: usize| numbers.by_ref().take(n).collect::<Vec<f64>>();
        let scalars = take(3);
        let emission = match bytes[5] {
            0 => Emission::Gaussian,
            1 => Emission::StudentT {
                degrees_of_freedom: scalars[0],
            },
            _ => return Err(refuse("an unknown emission")),
        };
        let parameters = HmmParameters {
            emission,
            initial: take(k),
            transition: take(k * k),
            mean: take(k),
            variance: take(k),
        };
        let mut filter = HmmFilter::new(parameters)?;
        filter.prior = take(k);
        filter.posterior = take(k);
        filter.likelihoods = LogProduct {
            log: scalars[1],
            pending: scalars[2],
        };
        let mut rows = [0; 8];
        rows.copy_from_slice(&bytes[8..16]);
        filter.rows = u64::from_le_bytes(rows);
        Ok(filter)
    }
}

/// Bytes of a snapshot of `k` states.
fn length(k: usize) -> usize {
    HEADER + 8 * (5 * k + k * k) + DIGEST
}
