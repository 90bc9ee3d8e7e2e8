//! How much volatility itself moves.

use crate::window::{moments, roll};
use crate::{KernelError, checks};

/// Standard deviation (n - 1) of the last `period` values of the volatility, which is the standard
/// deviation (n - 1) of the last `volatility_period` returns; in the unit of the returns. First value
/// at row `volatility_period` + `period` - 2; NaN while a missing return is in either window.
///
/// # Errors
/// A return that is infinite, `period` or `volatilityPeriod` below 2.
pub fn volatility_of_volatility(
    returns: &[f64],
    volatility_period: usize,
    period: usize,
) -> Result<Vec<f64>, KernelError> {
    checks::finite(("returns", returns))?;
    checks::period("volatilityPeriod", volatility_period, 2)?;
    checks::period("period", period, 2)?;
    let deviation = |window: &[f64]| {
        let n = window.len() as f64;
        moments(window).deviation * (n / (n - 1.0)).sqrt()
    };
    let volatility = roll(returns, volatility_period, deviation);
    Ok(roll(&volatility, period, deviation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_volatility_does_not_move() {
        let returns: Vec<f64> = (0..20)
            .map(|i| if i % 2 == 0 { 1.0 } else { -1.0 })
            .collect();
        let out = volatility_of_volatility(&returns, 4, 5).unwrap();
        assert_eq!(out.iter().filter(|v| v.is_nan()).count(), 7);
        assert!(out[7..].iter().all(|v| v.abs() < 1e-15));
    }
}
