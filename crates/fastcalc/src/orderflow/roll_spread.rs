//! Spread from the bounce of prices (Roll, A Simple Implicit Measure of the Effective Bid-Ask Spread in an
//! Efficient Market, 1984).

use crate::window::{roll, sum};
use crate::{KernelError, checks};

/// 2 sqrt(-cov) with cov the covariance (n - 1) of each price change with the one before, over the last
/// `period` such pairs; 0 where the covariance is not below 0. In units of price. First value at row
/// `period` + 1; NaN while a missing price is in the window.
///
/// # Errors
/// A price that is infinite, `period` below 2.
pub fn roll_spread(close: &[f64], period: usize) -> Result<Vec<f64>, KernelError> {
    checks::finite(("close", close))?;
    checks::period("period", period, 2)?;
    // Windows of period + 2 prices have period + 1 changes and `period` pairs.
    Ok(roll(close, period.saturating_add(2), |window| {
        let changes: Vec<f64> = window.windows(2).map(|w| w[1] - w[0]).collect();
        let (before, after) = (&changes[..period], &changes[1..]);
        let n = period as f64;
        let (mean_before, mean_after) = (sum(before, |v| v) / n, sum(after, |v| v) / n);
        let pairs = before.iter().zip(after);
        let products: f64 = pairs
            .map(|(b, a)| (b - mean_before) * (a - mean_after))
            .sum();
        let covariance = products / (n - 1.0);
        if covariance < 0.0 {
            2.0 * (-covariance).sqrt()
        } else {
            0.0
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bounce_is_a_spread_and_a_trend_is_none() {
        let bouncing: Vec<f64> = (0..60).map(|i| 100.0 + f64::from(i % 2)).collect();
        let out = roll_spread(&bouncing, 50).unwrap();
        assert!(out[50].is_nan() && (out[51] - 2.0 * (50.0_f64 / 49.0).sqrt()).abs() < 1e-12);
        let rising: Vec<f64> = (0..60).map(f64::from).collect();
        assert_eq!(roll_spread(&rising, 50).unwrap()[59], 0.0);
        assert!(
            roll_spread(&[1.0; 3], 2)
                .unwrap()
                .iter()
                .all(|v| v.is_nan())
        );
    }
}
