//! Calmar ratio (Young, Calmar Ratio: A Smoother Tool, 1991).

use super::{above_zero, drawdown, simple_returns};
use crate::KernelError;

/// Compound growth a year: (product of 1 + return)^(`periods_per_year` / n) - 1; NaN of nothing.
///
/// # Errors
/// A return that is infinite or below -1, `periodsPerYear` not above 0.
pub fn annual_growth(returns: &[f64], periods_per_year: f64) -> Result<f64, KernelError> {
    simple_returns("returns", returns)?;
    above_zero("periodsPerYear", periods_per_year)?;
    let (mut log, mut count) = (0.0, 0.0);
    for r in returns.iter().filter(|r| !r.is_nan()) {
        log += libm::log1p(*r);
        count += 1.0;
    }
    Ok(libm::expm1(log / count * periods_per_year))
}

/// [`annual_growth`] over the maximum drawdown of the compounded returns, the start included. Infinite
/// where nothing was ever lost but something gained; NaN of nothing and of a flat series.
///
/// # Errors
/// As [`annual_growth`].
pub fn calmar(returns: &[f64], periods_per_year: f64) -> Result<f64, KernelError> {
    let growth = annual_growth(returns, periods_per_year)?;
    let equity = drawdown::equity_curve(returns, 1.0)?;
    Ok(growth / drawdown::maximum_drawdown(&equity)?.depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_growth_over_the_worst_fall() {
        let value = calmar(&[0.5, -0.2, f64::NAN, 0.25], 3.0).unwrap();
        assert!((value - 0.5 / 0.2).abs() < 1e-12);
        assert_eq!(calmar(&[0.1, 0.1], 1.0).unwrap(), f64::INFINITY);
        assert_eq!(annual_growth(&[0.5, -1.0], 1.0).unwrap(), -1.0);
        assert!(calmar(&[0.0], 1.0).unwrap().is_nan() && calmar(&[], 1.0).unwrap().is_nan());
    }
}
