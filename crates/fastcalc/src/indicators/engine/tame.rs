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
    let [tame] = tame_columns([values]);
    tame
}

/// Whether all values of each column are; all that are not empty are of one length.
///
/// Columns are read side by side: the waits for their memory then fall together.
pub fn tame_columns<const N: usize>(columns: [&[f64]; N]) -> [bool; N] {
    simd::dispatch(All(columns))
}

struct All<'a, const N: usize>([&'a [f64]; N]);

/// Values looked at side by side.
const WIDTH: usize = 64;

impl<const N: usize> Lanes for All<'_, N> {
    type Output = [bool; N];

    #[inline(always)]
    fn run<const FMA: bool>(self) -> [bool; N] {
        let rows = self.0.iter().map(|column| column.len()).max().unwrap_or(0);
        let mut tame = [true; N];
        for at in (0..rows).step_by(WIDTH) {
            for (tame, column) in tame.iter_mut().zip(self.0) {
                if let Some(block) = column.get(at..at + WIDTH) {
                    *tame &= block_is_tame(block);
                } else if let Some(rest) = column.get(at..) {
                    *tame &= rest.iter().all(|value| is_tame(*value));
                }
            }
        }
        tame
    }
}

#[inline(always)]
fn block_is_tame(block: &[f64]) -> bool {
    let mut any = false;
    for value in block {
        let size = value.abs();
        // Without a branch; a NaN is not within.
        let within = (size <= LARGEST) & ((size >= SMALLEST) | (size == 0.0));
        any |= !within;
    }
    !any
}

/// Whether a value is below 0.
pub fn any_negative(values: &[f64]) -> bool {
    simd::dispatch(Negative(values))
}

struct Negative<'a>(&'a [f64]);

impl Lanes for Negative<'_> {
    type Output = bool;

    #[inline(always)]
    fn run<const FMA: bool>(self) -> bool {
        let blocks = self.0.chunks_exact(WIDTH);
        let mut negative = blocks.remainder().iter().any(|value| *value < 0.0);
        for block in blocks {
            let mut any = false;
            for value in block {
                any |= *value < 0.0;
            }
            negative |= any;
        }
        negative
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_huge_or_tiny_is_not_tame_wherever_it_stands() {
        for value in [f64::NAN, f64::INFINITY, -1e71, 1e-71, f64::MIN_POSITIVE] {
            for at in 0..141 {
                let mut values = vec![3.0; 141];
                assert!(all_tame(&values));
                values[at] = value;
                assert!(!all_tame(&values), "{value} at {at}");
            }
        }
        assert!(all_tame(&[0.0, -0.0, 1e70, 1e-70]) && all_tame(&[]));
    }

    #[test]
    fn a_negative_value_is_found_wherever_it_stands() {
        assert!(!any_negative(&[0.0, -0.0, f64::NAN, 3.0]));
        for at in 0..71 {
            let mut values = vec![3.0; 71];
            values[at] = -1e-300;
            assert!(any_negative(&values), "at {at}");
        }
    }
}
