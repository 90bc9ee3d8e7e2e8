//! Bulk volume classification (Easley, Lopez de Prado, O'Hara, Flow Toxicity and Liquidity in a
//! High-frequency World, 2012).

use crate::math::normal_cdf;
use crate::window::{moments, roll};
use crate::{KernelError, checks};

/// Volume bought by the active side in each bar: volume * Phi(change / sigma), with Phi the
/// distribution function of the standard normal, `change` the close minus the previous close and
/// sigma the population standard deviation of the last `volatility_period` changes, this one
/// included. Half the volume where the close did not move; the rest of the volume was sold.
///
/// First value at row `volatility_period`; NaN while a missing close is in the window.
///
/// # Errors
/// Columns of different length, an infinite close, a volume that is negative or infinite,
/// `volatilityPeriod` below 2.
pub fn bulk_volume_classification(
    close: &[f64],
    volume: &[f64],
    volatility_period: usize,
) -> Result<Vec<f64>, KernelError> {
    checks::same_length(&[("close", close), ("volume", volume)])?;
    checks::finite(("close", close))?;
    checks::non_negative(("volume", volume))?;
    checks::period("volatilityPeriod", volatility_period, 2)?;
    let mut changes = vec![f64::NAN; close.len()];
    for (slot, pair) in changes.iter_mut().skip(1).zip(close.windows(2)) {
        *slot = pair[1] - pair[0];
    }
    let mut out = roll(&changes, volatility_period, |window| {
        let change = window[window.len() - 1];
        if change == 0.0 {
            return 0.5;
        }
        // A steady step has no deviation: the quotient is infinite and the share 0 or 1.
        normal_cdf(change / moments(window).deviation)
    });
    for (share, traded) in out.iter_mut().zip(volume) {
        *share *= traded;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_by_the_size_of_the_move() {
        // Changes 1, -1, 3: deviation of (-1, 3) is 2, so the last bar is Phi(1.5) bought.
        let out = bulk_volume_classification(&[10.0, 11.0, 10.0, 13.0], &[100.0; 4], 2).unwrap();
        assert!(out[0].is_nan() && out[1].is_nan());
        assert!((out[2] - 100.0 * normal_cdf(-1.0)).abs() < 1e-12);
        assert!((out[3] - 100.0 * normal_cdf(1.5)).abs() < 1e-12);
    }

    #[test]
    fn flat_is_half_steady_is_all_and_no_volume_is_none() {
        assert_eq!(
            bulk_volume_classification(&[5.0; 4], &[8.0; 4], 2).unwrap()[2..],
            [4.0; 2]
        );
        assert_eq!(
            bulk_volume_classification(&[1.0, 2.0, 3.0, 4.0], &[8.0; 4], 2).unwrap()[2..],
            [8.0; 2]
        );
        assert_eq!(
            bulk_volume_classification(&[1.0, 2.0, 1.0, 4.0], &[0.0; 4], 2).unwrap()[2..],
            [0.0; 2]
        );
    }
}
