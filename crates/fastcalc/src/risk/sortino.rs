//! Sortino ratio (Sortino, Price, Performance Measurement in a Downside Risk Framework, 1994).

use super::{above_zero, finite_number};
use crate::math::{Sample, present};
use crate::{KernelError, checks};

/// (mean - `target`) / sqrt(mean(min(return - target, 0)^2)), times the root of `periods_per_year`; the
/// mean of squares runs over all returns, not only over those below. Infinite where nothing fell short
/// of the target but the mean is above it, NaN of nothing and where every return is the target.
///
/// # Errors
/// A return that is infinite, `target` not finite, `periodsPerYear` not above 0.
pub fn sortino(returns: &[f64], target: f64, periods_per_year: f64) -> Result<f64, KernelError> {
    checks::finite(("returns", returns))?;
    finite_number("target", target)?;
    above_zero("periodsPerYear", periods_per_year)?;
    let there = present(returns);
    let squares: f64 = there
        .iter()
        .map(|r| (r - target).min(0.0))
        .map(|d| d * d)
        .sum();
    let downside = (squares / there.len() as f64).sqrt();
    Ok((Sample::new(&there).mean - target) / downside * periods_per_year.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_only_what_falls_short() {
        let value = sortino(&[0.02, -0.02, 0.03, -0.01], 0.0, 1.0).unwrap();
        assert!((value - 0.005 / (0.0005_f64 / 4.0).sqrt()).abs() < 1e-12);
        assert_eq!(sortino(&[0.1, 0.2], 0.0, 1.0).unwrap(), f64::INFINITY);
        assert!(sortino(&[0.0, 0.0], 0.0, 1.0).unwrap().is_nan());
        assert!(sortino(&[], 0.0, 1.0).unwrap().is_nan());
    }
}
