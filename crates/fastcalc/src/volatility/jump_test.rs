//! Test for jumps in a window (Barndorff-Nielsen, Shephard, Econometrics of Testing for Jumps, 2006,
//! in the ratio form with the maximum of Huang, Tauchen, The Relative Contribution of Jumps to Total
//! Price Variance, 2005).

use super::bipower_variation::window_bipower;
use super::realized_variance::window_variance;
use crate::window::roll;
use crate::{KernelError, checks};

/// z = (1 - BV / RV) / sqrt((pi^2 / 4 + pi - 5) / n * max(1, TQ / BV^2)) over the last `period` = n
/// returns, standard normal where there was no jump and large where there was one. TQ is the tripower
/// quarticity with its factors n and n / (n - 2). 0 where all returns are 0. First value at row
/// `period` - 1; NaN while a missing return is in the window.
///
/// # Errors
/// A return that is infinite, `period` below 3.
pub fn jump_test(returns: &[f64], period: usize) -> Result<Vec<f64>, KernelError> {
    checks::finite(("returns", returns))?;
    checks::period("period", period, 3)?;
    Ok(roll(returns, period, statistic))
}

fn statistic(returns: &[f64]) -> f64 {
    use std::f64::consts::PI;
    let n = returns.len() as f64;
    // In units of the largest return, so that fourth powers stay inside f64.
    let largest = returns.iter().fold(0.0_f64, |m, r| m.max(r.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let scaled: Vec<f64> = returns.iter().map(|r| r / largest).collect();
    let total = window_variance(&scaled);
    let continuous = window_bipower(&scaled);
    let quarticity = tripower_quarticity(&scaled);
    let ratio = quarticity / (continuous * continuous);
    // Without continuous variation the quotient is not defined and the bound of 1 is all there is.
    let spread = if ratio > 1.0 { ratio } else { 1.0 };
    (1.0 - continuous / total) / ((PI * PI / 4.0 + PI - 5.0) / n * spread).sqrt()
}

fn tripower_quarticity(returns: &[f64]) -> f64 {
    let n = returns.len() as f64;
    // E|Z|^(4/3) = 2^(2/3) Gamma(7/6) / Gamma(1/2).
    let moment = libm::exp2(2.0 / 3.0) * libm::tgamma(7.0 / 6.0) / std::f64::consts::PI.sqrt();
    let powers: Vec<f64> = returns.iter().map(|r| power_4_3(r.abs())).collect();
    let products: f64 = powers.windows(3).map(|w| w[0] * w[1] * w[2]).sum();
    n * (n / (n - 2.0)) * products / (moment * moment * moment)
}

/// x^(4/3).
fn power_4_3(x: f64) -> f64 {
    x * libm::cbrt(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_jump_among_steady_returns_stands_out() {
        let steady: Vec<f64> = (0..78)
            .map(|i| if i % 2 == 0 { 0.01 } else { -0.01 })
            .collect();
        let mut jumped = steady.clone();
        jumped[40] = 0.2;
        assert!(jump_test(&steady, 78).unwrap()[77] < 0.0);
        assert!(jump_test(&jumped, 78).unwrap()[77] > 3.0);
    }

    #[test]
    fn the_unit_of_returns_does_not_matter_and_flat_is_no_jump() {
        let returns: Vec<f64> = (0..40).map(|i| f64::from(i * 37 % 41) - 20.0).collect();
        let small: Vec<f64> = returns.iter().map(|r| r * 1e-150).collect();
        let (a, b) = (
            jump_test(&returns, 40).unwrap()[39],
            jump_test(&small, 40).unwrap()[39],
        );
        assert!((a - b).abs() < 1e-12);
        assert_eq!(jump_test(&[0.0; 5], 5).unwrap()[4], 0.0);
        assert!(jump_test(&[1.0, 0.0, 0.0], 3).unwrap()[2].is_finite());
    }
}
