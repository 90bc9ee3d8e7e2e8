//! Sharpe ratio (Sharpe, The Sharpe Ratio, 1994).

use super::{above_zero, finite_number};
use crate::math::Sample;
use crate::{KernelError, checks};

/// Mean excess over `risk_free` (per period), divided by its standard deviation (n - 1), times the root
/// of `periods_per_year` (1 leaves it per period). NaN of fewer than two returns or of equal ones.
///
/// # Errors
/// A return that is infinite, `riskFree` not finite, `periodsPerYear` not above 0.
pub fn sharpe(returns: &[f64], risk_free: f64, periods_per_year: f64) -> Result<f64, KernelError> {
    checks::finite(("returns", returns))?;
    finite_number("riskFree", risk_free)?;
    above_zero("periodsPerYear", periods_per_year)?;
    Ok(ratio(returns, risk_free) * periods_per_year.sqrt())
}

/// The ratio per period.
pub(super) fn ratio(returns: &[f64], risk_free: f64) -> f64 {
    let sample = Sample::new(returns);
    let deviation = sample.deviation();
    if deviation > 0.0 {
        (sample.mean - risk_free) / deviation
    } else {
        f64::NAN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_mean_over_the_deviation() {
        let value = sharpe(&[0.01, f64::NAN, 0.03], 0.0, 252.0).unwrap();
        assert!((value - 0.02 / 0.0002_f64.sqrt() * 252.0_f64.sqrt()).abs() < 1e-12);
        assert!(sharpe(&[0.1; 9], 0.0, 1.0).unwrap().is_nan());
        assert!(sharpe(&[], 0.0, 1.0).unwrap().is_nan());
    }
}
