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

/// What there is among the values of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Survey {
    /// Whether all are [tame](is_tame).
    pub tame: bool,
    /// Whether one is infinite.
    pub infinite: bool,
    /// Whether one is below 0.
    pub negative: bool,
}

/// Looks at all values.
pub fn survey(values: &[f64]) -> Survey {
    simd::dispatch(All(values))
}

struct All<'a>(&'a [f64]);

/// Values looked at side by side.
const WIDTH: usize = 16;

impl Lanes for All<'_> {
    type Output = Survey;

    #[inline(always)]
    fn run<const FMA: bool>(self) -> Survey {
        // Extremes tell it all: of sizes, of sizes that are not 0, and of values. A NaN, which compares
        // with nothing, shows where it is added.
        let (mut largest, mut smallest) = ([0.0_f64; WIDTH], [1.0_f64; WIDTH]);
        let (mut lowest, mut missing) = ([0.0_f64; WIDTH], [0.0_f64; WIDTH]);
        let mut take = |lane: usize, value: f64| {
            let size = value.abs();
            let there = if size == 0.0 { 1.0 } else { size };
            largest[lane] = if size > largest[lane] {
                size
            } else {
                largest[lane]
            };
            smallest[lane] = if there < smallest[lane] {
                there
            } else {
                smallest[lane]
            };
            lowest[lane] = if value < lowest[lane] {
                value
            } else {
                lowest[lane]
            };
            missing[lane] += value * 0.0;
        };
        let blocks = self.0.chunks_exact(WIDTH);
        for (lane, value) in blocks.remainder().iter().enumerate() {
            take(lane, *value);
        }
        for block in blocks {
            for lane in 0..WIDTH {
                take(lane, block[lane]);
            }
        }
        let infinite = largest.iter().any(|v| v.is_infinite());
        let tame = missing.iter().all(|v| !v.is_nan())
            && largest.iter().all(|v| *v <= LARGEST)
            && smallest.iter().all(|v| *v >= SMALLEST);
        Survey {
            tame,
            infinite,
            negative: lowest.iter().any(|v| *v < 0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_huge_or_tiny_is_not_tame_wherever_it_stands() {
        for value in [f64::NAN, f64::INFINITY, -1e71, 1e-71, f64::MIN_POSITIVE] {
            for at in 0..37 {
                let mut values = vec![3.0; 37];
                assert!(survey(&values).tame);
                values[at] = value;
                let seen = survey(&values);
                assert!(!seen.tame, "{value} at {at}");
                assert_eq!(seen.infinite, value.is_infinite(), "{value} at {at}");
                assert_eq!(seen.negative, value < 0.0, "{value} at {at}");
            }
        }
        let tame = survey(&[0.0, -0.0, 1e70, 1e-70]);
        assert!(tame.tame && !tame.infinite && !tame.negative);
        assert!(survey(&[f64::NEG_INFINITY]).infinite && survey(&[]).tame);
    }
}
