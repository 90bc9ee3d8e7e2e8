//! Illiquidity (Amihud, Illiquidity and Stock Returns, 2002).

use crate::{KernelError, checks};

/// Mean of |close / previous close - 1| / (close * volume) over those of the last `period` rows in which
/// anything was traded; NaN where that is none of them. `volume` is in units of the asset. First value at
/// row `period`; NaN while a missing value is in the window.
///
/// # Errors
/// Columns of different length, a close that is not finite and above 0, a volume that is negative or
/// infinite, `period` of 0.
pub fn amihud(close: &[f64], volume: &[f64], period: usize) -> Result<Vec<f64>, KernelError> {
    checks::same_length(&[("close", close), ("volume", volume)])?;
    checks::positive(("close", close))?;
    checks::non_negative(("volume", volume))?;
    checks::period("period", period, 1)?;
    // A row without volume has no ratio but is not missing either: infinite marks it.
    let mut ratios = vec![f64::NAN; close.len()];
    for row in 1..close.len() {
        let moved = (close[row] / close[row - 1] - 1.0).abs();
        let value = close[row] * volume[row];
        ratios[row] = if value == 0.0 {
            f64::INFINITY + 0.0 * moved
        } else {
            moved / value
        };
    }
    let mut out = vec![f64::NAN; close.len()];
    let mut unbroken = 0_usize;
    for row in 0..close.len() {
        unbroken = if ratios[row].is_nan() {
            0
        } else {
            unbroken + 1
        };
        if unbroken >= period {
            let window = &ratios[row + 1 - period..=row];
            let traded = window.iter().filter(|r| r.is_finite());
            out[row] = traded.clone().sum::<f64>() / traded.count() as f64;
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_mean_move_per_unit_of_money() {
        let out = amihud(&[100.0, 110.0, 99.0, 99.0], &[9.0, 10.0, 5.0, 0.0], 2).unwrap();
        let (first, second) = (0.1 / 1100.0, 0.1 / 495.0);
        assert!(out[0].is_nan() && out[1].is_nan());
        assert!((out[2] - 0.5 * (first + second)).abs() < 1e-15);
        assert!((out[3] - second).abs() < 1e-15);
        assert!(amihud(&[1.0; 5], &[0.0; 5], 2).unwrap()[4].is_nan());
        let gap = amihud(&[1.0, f64::NAN, 1.0, 1.0, 2.0], &[1.0; 5], 1).unwrap();
        assert!(gap[1].is_nan() && gap[2].is_nan() && gap[3] == 0.0 && gap[4] == 0.5);
    }
}
