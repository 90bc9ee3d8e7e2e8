//! Realised variance (Andersen, Bollerslev, Diebold, Labys, The Distribution of Realized Exchange
//! Rate Volatility, 2001).

use crate::window::{roll, sum};
use crate::{KernelError, checks};

/// Sum of the squared returns of the last `period` rows: the variance of the whole window, jumps
/// included. First value at row `period` - 1; NaN while a missing return is in the window.
///
/// # Errors
/// A return that is infinite, `period` of 0.
pub fn realized_variance(returns: &[f64], period: usize) -> Result<Vec<f64>, KernelError> {
    checks::finite(("returns", returns))?;
    checks::period("period", period, 1)?;
    Ok(roll(returns, period, window_variance))
}

pub(super) fn window_variance(returns: &[f64]) -> f64 {
    sum(returns, |r| r * r)
}
