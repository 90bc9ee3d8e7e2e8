//! Where the last value stands among the values of its window.

use crate::window::roll;
use crate::{KernelError, checks};

/// Mid-rank of the last value among the last `period` rows, the last included: the share of rows
/// below it plus half the share equal to it. Always inside (0, 1), 0.5 where all are equal.
/// First value at row `period` - 1; NaN while a missing value is in the window. O(rows * period).
///
/// # Errors
/// A value that is infinite, `period` below 2.
pub fn rolling_rank(values: &[f64], period: usize) -> Result<Vec<f64>, KernelError> {
    checks::finite(("values", values))?;
    checks::period("period", period, 2)?;
    Ok(roll(values, period, |window| {
        let last = window[window.len() - 1];
        let below = window.iter().filter(|&&v| v < last).count();
        let equal = window.iter().filter(|&&v| v == last).count();
        (below as f64 + 0.5 * equal as f64) / window.len() as f64
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_ties_by_half() {
        let out = rolling_rank(&[1.0, 2.0, 2.0, 0.0, 9.0], 4).unwrap();
        assert!(out[..3].iter().all(|v| v.is_nan()));
        assert_eq!(out[3..], [0.125, 0.875]);
    }

    #[test]
    fn is_one_half_when_all_are_equal_and_recovers_from_a_missing_value() {
        let mut values = [4.0; 7];
        assert_eq!(rolling_rank(&values, 3).unwrap()[2..], [0.5; 5]);
        values[2] = f64::NAN;
        let out = rolling_rank(&values, 3).unwrap();
        assert!(out[..5].iter().all(|v| v.is_nan()));
        assert_eq!(out[5..], [0.5; 2]);
    }
}
