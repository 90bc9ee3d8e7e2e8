//! Values that no indicator can overflow with.

use crate::simd::{self, Lanes};

/// Products of three such values, and quotients of two, are far from the ends of f64.
const LARGEST: f64 = 1e70;
const SMALLEST: f64 = 1e-70;

/// Whether a value is 0 or between 1e-70 and 1e70 in size.
#[inline(always)]
pub fn is_tame(value: f64) -> bool {
    let size = value.abs();
    size <= LARGEST && (size >= SMALLEST || size == 0.0)
}

/// Whether all values are.
pub fn all_tame(values: &[f64]) -> bool {
    simd::dispatch(All(values))
}

struct All<'a>(&'a [f64]);

/// Values looked at side by side.
const WIDTH: usize = 32;

impl Lanes for All<'_> {
    type Output = bool;

    #[inline(always)]
    fn run<const FMA: bool>(self) -> bool {
        let blocks = self.0.chunks_exact(WIDTH);
        let mut wild = blocks.remainder().iter().any(|value| !is_tame(*value));
        for block in blocks {
            let mut any = false;
            for value in block {
                let size = value.abs();
                // Without a branch; a NaN is not within.
                let within = (size <= LARGEST) & ((size >= SMALLEST) | (size == 0.0));
                any |= !within;
            }
            wild |= any;
        }
        !wild
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_huge_or_tiny_is_not_tame_wherever_it_stands() {
        for value in [f64::NAN, f64::INFINITY, -1e71, 1e-71, f64::MIN_POSITIVE] {
            for at in 0..71 {
                let mut values = vec![3.0; 71];
                assert!(all_tame(&values));
                values[at] = value;
                assert!(!all_tame(&values), "{value} at {at}");
            }
        }
        assert!(all_tame(&[0.0, -0.0, 1e70, 1e-70]) && all_tame(&[]));
    }
}
