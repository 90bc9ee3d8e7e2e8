//! Variance robust to jumps from nearest neighbours (Andersen, Dobrev, Schaumburg, Jump-Robust
//! Volatility Estimation Using Nearest Neighbor Truncation, 2012).

use crate::window::roll;
use crate::{KernelError, checks};
use std::f64::consts::PI;

/// MedRV: pi / (6 - 4 sqrt 3 + pi) * n / (n - 2) * sum median(|r_t-1|, |r_t|, |r_t+1|)^2 over the last
/// `period` = n returns. First value at row `period` - 1; NaN while a missing return is in the window.
///
/// # Errors
/// A return that is infinite, `period` below 3.
pub fn med_rv(returns: &[f64], period: usize) -> Result<Vec<f64>, KernelError> {
    checks::finite(("returns", returns))?;
    checks::period("period", period, 3)?;
    let n = period as f64;
    let factor = PI / (6.0 - 4.0 * 3.0_f64.sqrt() + PI) * n / (n - 2.0);
    Ok(roll(returns, period, |window| {
        let squares = window.windows(3).map(|w| {
            let [a, b, c] = [w[0].abs(), w[1].abs(), w[2].abs()];
            let median = a.min(b).max(a.max(b).min(c));
            median * median
        });
        factor * squares.sum::<f64>()
    }))
}

/// MinRV: pi / (pi - 2) * n / (n - 1) * sum min(|r_t|, |r_t+1|)^2 over the last `period` = n returns.
/// First value at row `period` - 1; NaN while a missing return is in the window.
///
/// # Errors
/// A return that is infinite, `period` below 2.
pub fn min_rv(returns: &[f64], period: usize) -> Result<Vec<f64>, KernelError> {
    checks::finite(("returns", returns))?;
    checks::period("period", period, 2)?;
    let n = period as f64;
    let factor = PI / (PI - 2.0) * n / (n - 1.0);
    Ok(roll(returns, period, |window| {
        let squares = window.windows(2).map(|w| {
            let least = w[0].abs().min(w[1].abs());
            least * least
        });
        factor * squares.sum::<f64>()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_jump_changes_nothing_of_the_median() {
        let mut returns = [1.0; 10];
        let before = med_rv(&returns, 10).unwrap()[9];
        returns[5] = -1e6;
        assert_eq!(med_rv(&returns, 10).unwrap()[9], before);
        let factor = PI / (6.0 - 4.0 * 3.0_f64.sqrt() + PI) * 10.0 / 8.0;
        assert!((before - factor * 8.0).abs() < 1e-12);
        assert!((min_rv(&[1.0; 10], 10).unwrap()[9] - PI / (PI - 2.0) * 10.0).abs() < 1e-12);
    }
}
