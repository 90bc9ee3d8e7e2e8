//! Slope of the least-squares line through a window (TA-Lib LINEARREG_SLOPE).

use crate::window::roll;
use crate::{KernelError, checks};

/// Slope, in units of `values` per row, of the least-squares line through the last `period` rows.
/// First value at row `period` - 1; NaN while a missing value is in the window. O(rows * period).
///
/// # Errors
/// A value that is infinite, `period` below 2.
pub fn linear_regression_slope(values: &[f64], period: usize) -> Result<Vec<f64>, KernelError> {
    checks::finite(("values", values))?;
    checks::period("period", period, 2)?;
    let n = period as f64;
    let centre = (n - 1.0) / 2.0;
    let spread = n * (n * n - 1.0) / 12.0;
    Ok(roll(values, period, |window| {
        // Rows count from the centre, so the slope needs no mean; measuring from the last value
        // keeps a large offset out of the products.
        let last = window[window.len() - 1];
        let mut product = 0.0;
        for (row, v) in window.iter().enumerate() {
            product += (row as f64 - centre) * (v - last);
        }
        product / spread
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_slope_of_a_line_at_any_offset() {
        for offset in [0.0, 1e8, -1e8] {
            let line: Vec<f64> = (0..40).map(|i| offset + 0.25 * f64::from(i)).collect();
            let out = linear_regression_slope(&line, 9).unwrap();
            assert!(out[..8].iter().all(|v| v.is_nan()));
            assert!(out[8..].iter().all(|v| (v - 0.25).abs() < 1e-14));
        }
    }

    #[test]
    fn is_zero_when_flat_and_forgets_a_missing_value() {
        let mut values = [2.5; 10];
        values[3] = f64::NAN;
        let out = linear_regression_slope(&values, 3).unwrap();
        assert_eq!(out[2], 0.0);
        assert!(out[3..6].iter().all(|v| v.is_nan()));
        assert_eq!(out[6..], [0.0; 4]);
    }
}
