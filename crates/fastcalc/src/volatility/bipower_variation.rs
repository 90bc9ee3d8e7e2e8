//! Bipower variation (Barndorff-Nielsen, Shephard, Power and Bipower Variation with Stochastic
//! Volatility and Jumps, 2004).

use crate::window::roll;
use crate::{KernelError, checks};

/// pi / 2 * n / (n - 1) * sum |r_t| |r_t-1| over the last `period` = n returns: the variance of the
/// window without its jumps. First value at row `period` - 1; NaN while a missing return is in the
/// window.
///
/// # Errors
/// A return that is infinite, `period` below 2.
pub fn bipower_variation(returns: &[f64], period: usize) -> Result<Vec<f64>, KernelError> {
    checks::finite(("returns", returns))?;
    checks::period("period", period, 2)?;
    Ok(roll(returns, period, window_bipower))
}

pub(super) fn window_bipower(returns: &[f64]) -> f64 {
    let n = returns.len() as f64;
    let products: f64 = returns.windows(2).map(|w| (w[0] * w[1]).abs()).sum();
    std::f64::consts::FRAC_PI_2 * n / (n - 1.0) * products
}
