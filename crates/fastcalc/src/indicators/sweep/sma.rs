//! Simple averages of many periods: differences of one running sum in fixed point.
//!
//! Whole numbers add up without rounding, whatever the order, and one that has wrapped around still
//! has the right differences. The only errors are those of a row turned into a whole number of units,
//! and they are too small where rows are of similar size.

use crate::simd::{self, Eight, Lanes};

/// Rows of all periods that are worked on before the next rows.
const BLOCK: usize = 2048;

/// Bits of a sum of rows, its sign aside.
const BITS: i32 = 62;

/// The part of the smallest row that a mean may be wrong by.
const TOLERANCE: f64 = 1e-13;

/// The size of a unit: a window of `longest` rows that are like `largest` has fewer than 2^62.
fn unit(largest: f64, longest: usize) -> f64 {
    // A product that reaches 2^exponent at the most.
    let exponent = libm::ilogb(largest) + 1 + longest.next_power_of_two().ilog2() as i32;
    libm::scalbn(1.0, exponent - BITS)
}

fn longest(periods: &[usize]) -> usize {
    periods.iter().copied().max().unwrap_or(1)
}

/// Whether rows are of so similar a size that the averages of all periods come out right: half a unit is
/// at most 1e-13 of the smallest row that is not 0.
pub fn is_even(series: &[f64], periods: &[usize]) -> bool {
    let [smallest, largest] = simd::dispatch(Sizes(series));
    largest == 0.0 || 0.5 * unit(largest, longest(periods)) <= TOLERANCE * smallest
}

/// Smallest size but 0, and largest.
struct Sizes<'a>(&'a [f64]);

impl Lanes for Sizes<'_> {
    type Output = [f64; 2];

    #[inline(always)]
    fn run<V: Eight>(self) -> [f64; 2] {
        // Many that do not wait for one another.
        let (mut least, mut most) = ([f64::INFINITY; 32], [0.0; 32]);
        for rows in self.0.chunks(32) {
            for (x, (least, most)) in rows.iter().zip(least.iter_mut().zip(&mut most)) {
                let size = x.abs();
                let some = if size > 0.0 { size } else { f64::INFINITY };
                *least = if some < *least { some } else { *least };
                *most = if size > *most { size } else { *most };
            }
        }
        [
            least.into_iter().fold(f64::INFINITY, f64::min),
            most.into_iter().fold(0.0, f64::max),
        ]
    }
}

/// As the averages themselves, to 1e-13 of the smallest row: `series` must be [even](is_even).
pub fn sweep(
    series: &[f64],
    periods: &[usize],
    columns: &mut [&mut [f64]],
    cancelled: &impl Fn() -> bool,
) -> bool {
    let [_, largest] = simd::dispatch(Sizes(series));
    let unit = match largest {
        0.0 => 1.0,
        largest => unit(largest, longest(periods)),
    };
    // The sum of all rows before each row, and of all.
    let mut sums = Vec::with_capacity(series.len() + 1);
    sums.push(0_i64);
    for start in (0..series.len()).step_by(BLOCK) {
        if cancelled() {
            return false;
        }
        let end = series.len().min(start + BLOCK);
        simd::dispatch(Block {
            sums: &mut sums,
            rows: &series[start..end],
            periods,
            columns,
            unit,
        });
    }
    true
}

struct Block<'a, 'b> {
    sums: &'a mut Vec<i64>,
    rows: &'a [f64],
    periods: &'a [usize],
    columns: &'a mut [&'b mut [f64]],
    unit: f64,
}

impl Lanes for Block<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Eight>(self) {
        let start = self.sums.len() - 1;
        let mut sum = self.sums[start];
        let units = 1.0 / self.unit;
        self.sums.extend(self.rows.iter().map(|x| {
            sum = sum.wrapping_add((x * units).round_ties_even() as i64);
            sum
        }));
        for (period, column) in self.periods.iter().zip(self.columns) {
            let out = &mut column[start..start + self.rows.len()];
            let silent = (period - 1).saturating_sub(start).min(out.len());
            let (silence, out) = out.split_at_mut(silent);
            silence.fill(f64::NAN);
            let last = start + silent + 1;
            let share = self.unit / *period as f64;
            let (to, from) = (
                &self.sums[last..],
                &self.sums[last - out.len().min(1) * period..],
            );
            for ((out, to), from) in out.iter_mut().zip(to).zip(from) {
                *out = to.wrapping_sub(*from) as f64 * share;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn averages(series: &[f64], periods: &[usize]) -> Vec<Vec<f64>> {
        let mut out = vec![vec![0.0; series.len()]; periods.len()];
        let mut columns: Vec<&mut [f64]> = out.iter_mut().map(|c| &mut c[..]).collect();
        assert!(sweep(series, periods, &mut columns, &|| false));
        out
    }

    #[test]
    fn averages_are_right_to_the_last_digits_at_any_offset() {
        let periods: Vec<usize> = (1..80).chain([127, 200, 255, 1000, 6000]).collect();
        for offset in [0.0, 1e6, 1e8, -1e8] {
            // Quarters: their sums are exact.
            let series: Vec<f64> = (0..5000)
                .map(|i| offset + (f64::from(i * i % 4001) + 40.0) * 0.25)
                .collect();
            assert!(is_even(&series, &periods));
            for (period, column) in periods.iter().zip(averages(&series, &periods)) {
                for (row, value) in column.iter().enumerate() {
                    if row + 1 < *period {
                        assert!(value.is_nan());
                        continue;
                    }
                    let sum: f64 = series[row + 1 - period..=row].iter().sum();
                    let expected = sum / *period as f64;
                    assert!(
                        (value - expected).abs() <= 1e-15 * expected.abs(),
                        "{period} {row}"
                    );
                }
            }
        }
    }

    #[test]
    fn rows_of_very_different_size_are_not_even_and_nothing_is() {
        assert!(is_even(&[0.0, 0.0], &[2]));
        assert_eq!(averages(&[0.0, 0.0], &[1, 2])[0], [0.0, 0.0]);
        assert!(is_even(&[1.0, -1000.0, 0.0], &[2, 300]));
        assert!(!is_even(&[1.0, 1e9], &[300]));
        assert!(is_even(&[1e70, 1e69], &[1000]) && is_even(&[1e-70, 1e-69], &[1000]));
    }
}
