//! The state of a tail monitor as bytes: same state, same bytes, on every machine.
//!
//! Layout, little-endian: magic `FCTAIL01`, then as f64 the options (threshold level, risk, most peaks), the
//! tail (threshold, scale, shape, share, log likelihood), rows, rows above the threshold, level, and the
//! peaks, oldest first; last the SHA-256 of it all.

use super::peaks_over_threshold::{LEAST_PEAKS, ParetoTail};
use super::tail_monitor::{TailMonitor, TailMonitorOptions};
use crate::KernelError;
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 8] = b"FCTAIL01";
const DIGEST: usize = 32;
/// Numbers before the peaks.
const FIXED: usize = 11;

impl TailMonitor {
    /// Everything the monitor knows.
    pub fn snapshot(&self) -> Vec<u8> {
        let TailMonitorOptions {
            threshold_level,
            risk,
            most_peaks,
        } = self.options;
        let fixed: [f64; FIXED] = [
            threshold_level,
            risk,
            most_peaks as f64,
            self.tail.threshold,
            self.tail.scale,
            self.tail.shape,
            self.tail.share,
            self.tail.log_likelihood,
            self.rows,
            self.exceeded,
            self.level,
        ];
        let mut bytes = MAGIC.to_vec();
        for word in fixed.iter().chain(&self.peaks) {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        let digest = Sha256::digest(&bytes);
        bytes.extend_from_slice(&digest);
        bytes
    }

    /// The monitor a snapshot was taken of; it goes on bit for bit like the original.
    ///
    /// # Errors
    /// `bytes` not what `snapshot` returned.
    pub fn restore(bytes: &[u8]) -> Result<Self, KernelError> {
        let refused =
            |actual: &str| KernelError::new("bytes", actual, "a snapshot of a TailMonitor");
        let (body, digest) = bytes
            .split_last_chunk::<DIGEST>()
            .ok_or_else(|| refused("something else"))?;
        if Sha256::digest(body)[..] != *digest {
            return Err(refused("damaged bytes"));
        }
        let body = body
            .strip_prefix(MAGIC)
            .ok_or_else(|| refused("another format"))?;
        let words: Result<Vec<f64>, _> = body
            .chunks(8)
            .map(|word| word.try_into().map(f64::from_le_bytes))
            .collect();
        let words = words.map_err(|_| refused("another length"))?;
        if words.len() < FIXED + LEAST_PEAKS {
            return Err(refused("another length"));
        }
        Ok(TailMonitor {
            options: TailMonitorOptions {
                threshold_level: words[0],
                risk: words[1],
                most_peaks: words[2] as usize,
            },
            tail: ParetoTail {
                threshold: words[3],
                scale: words[4],
                shape: words[5],
                share: words[6],
                log_likelihood: words[7],
            },
            rows: words[8],
            exceeded: words[9],
            level: words[10],
            peaks: words[FIXED..].to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Random;

    #[test]
    fn a_restored_monitor_goes_on_bit_for_bit_and_damage_is_refused() {
        let mut random = Random::new(4, 0);
        let mut next = move || -libm::log1p(-random.uniform());
        let calibration: Vec<f64> = (0..500).map(|_| next()).collect();
        let options = TailMonitorOptions {
            threshold_level: 0.9,
            risk: 1e-3,
            most_peaks: 60,
        };
        let mut one = TailMonitor::new(&calibration, options).unwrap();
        let mut two = one.clone();
        for _ in 0..500 {
            let value = next();
            two = TailMonitor::restore(&two.snapshot()).unwrap();
            assert_eq!(one.update(value).unwrap(), two.update(value).unwrap());
            assert_eq!(one.level().to_bits(), two.level().to_bits());
        }
        assert_eq!(one, two);
        let bytes = one.snapshot();
        for at in (0..bytes.len()).step_by(7) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 4;
            assert!(TailMonitor::restore(&damaged).is_err(), "byte {at}");
            assert!(TailMonitor::restore(&bytes[..at]).is_err(), "cut at {at}");
        }
    }
}
