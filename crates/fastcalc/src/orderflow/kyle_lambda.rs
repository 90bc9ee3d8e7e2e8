//! Price impact of a unit of signed volume (Kyle, Continuous Auctions and Insider Trading, 1985), as a
//! rolling regression (Hasbrouck, Trading Costs and Returns for U.S. Equities, 2009).

use crate::window::sum;
use crate::{KernelError, checks};

/// Slope of the least-squares line of price changes on signed volume (bought minus sold) over the last
/// `period` rows, with a constant. NaN where the signed volume does not vary. The change of a row is its
/// close minus the one before: first value at row `period`; NaN while a missing value is in the window.
///
/// # Errors
/// Columns of different length, a value that is infinite, `period` below 2.
pub fn kyle_lambda(
    close: &[f64],
    signed_volume: &[f64],
    period: usize,
) -> Result<Vec<f64>, KernelError> {
    let columns = [("close", close), ("signedVolume", signed_volume)];
    checks::same_length(&columns)?;
    for column in columns {
        checks::finite(column)?;
    }
    checks::period("period", period, 2)?;
    let mut out = vec![f64::NAN; close.len()];
    let mut unbroken = 0_usize;
    let mut pairs: Vec<(f64, f64)> = Vec::with_capacity(close.len());
    for row in 1..close.len() {
        let pair = (signed_volume[row], close[row] - close[row - 1]);
        pairs.push(pair);
        let complete = (pair.0 + pair.1).is_finite();
        unbroken = if complete { unbroken + 1 } else { 0 };
        if unbroken >= period {
            out[row] = slope(&pairs[pairs.len() - period..]);
        }
    }
    Ok(out)
}

fn slope(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    // Relative to the last pair, so that a flat window is exactly 0 and levels cancel.
    let (last_x, last_y) = pairs[pairs.len() - 1];
    let x: Vec<f64> = pairs.iter().map(|p| p.0 - last_x).collect();
    let y: Vec<f64> = pairs.iter().map(|p| p.1 - last_y).collect();
    let (mean_x, mean_y) = (sum(&x, |v| v) / n, sum(&y, |v| v) / n);
    let cross: f64 = x
        .iter()
        .zip(&y)
        .map(|(x, y)| (x - mean_x) * (y - mean_y))
        .sum();
    let squares: f64 = sum(&x, |v| (v - mean_x) * (v - mean_x));
    if squares > 0.0 {
        cross / squares
    } else {
        f64::NAN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_constant_impact_whatever_the_drift() {
        let volume: Vec<f64> = (0..40).map(|i| f64::from(i * 17 % 11) - 5.0).collect();
        let mut close = vec![100.0];
        for v in &volume[1..] {
            close.push(close[close.len() - 1] + 0.5 + 0.25 * v);
        }
        let out = kyle_lambda(&close, &volume, 10).unwrap();
        assert!(out[..10].iter().all(|v| v.is_nan()));
        assert!(out[10..].iter().all(|v| (v - 0.25).abs() < 1e-12));
        let flat = kyle_lambda(&close, &[3.0; 40], 10).unwrap();
        assert!(flat.iter().all(|v| v.is_nan()));
    }
}
