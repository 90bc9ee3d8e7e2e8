//! Distance of the last value from the mean of its window, in standard deviations.

use crate::window::{moments, roll};
use crate::{KernelError, checks};

/// (last - mean) / population standard deviation over the last `period` rows, the last included;
/// 0 where all rows of the window are equal. First value at row `period` - 1; NaN while a missing
/// value is in the window. O(rows * period).
///
/// # Errors
/// A value that is infinite, `period` below 2.
pub fn rolling_z_score(values: &[f64], period: usize) -> Result<Vec<f64>, KernelError> {
    checks::finite(("values", values))?;
    checks::period("period", period, 2)?;
    Ok(roll(values, period, |window| {
        let moments = moments(window);
        if moments.deviation > 0.0 {
            -moments.mean_from_last / moments.deviation
        } else {
            0.0
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_offset_changes_nothing() {
        let plain: Vec<f64> = (0..200).map(|i| f64::from(i * 37 % 64) / 64.0).collect();
        let lifted: Vec<f64> = plain.iter().map(|v| v + 1e8).collect();
        let (a, b) = (
            rolling_z_score(&plain, 20).unwrap(),
            rolling_z_score(&lifted, 20).unwrap(),
        );
        for row in 19..200 {
            assert!((a[row] - b[row]).abs() < 1e-12, "row {row}");
        }
    }

    #[test]
    fn nothing_remains_of_a_spike_that_left() {
        let mut spiked: Vec<f64> = (0..100).map(|i| f64::from(i * 13 % 7)).collect();
        let clean = rolling_z_score(&spiked, 10).unwrap();
        spiked[30] = 1e15;
        let out = rolling_z_score(&spiked, 10).unwrap();
        assert_eq!(out[40..], clean[40..]);
        assert!((out[30] - 3.0).abs() < 1e-9);
    }

    #[test]
    fn equal_values_score_zero_also_at_the_ends_of_the_number_range() {
        for v in [0.0, 0.1, -7.3, 1e300, 5e-324] {
            assert_eq!(rolling_z_score(&[v; 5], 3).unwrap()[2..], [0.0; 3]);
        }
        for unit in [1e-200, 1e200] {
            let out = rolling_z_score(&[0.0, unit, 3.0 * unit], 3).unwrap();
            let expected = rolling_z_score(&[0.0, 1.0, 3.0], 3).unwrap();
            assert!((out[2] - expected[2]).abs() < 1e-12);
        }
    }
}
