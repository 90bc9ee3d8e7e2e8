//! Kelly's fraction: what share of the capital to stake so that it grows fastest (Kelly, A New
//! Interpretation of Information Rate, 1956; Thorp, The Kelly Criterion, 2006).

use super::{above_zero, finite_number};
use crate::math::{Sample, present};
use crate::{KernelError, checks};

/// p - (1 - p) / payoff, for a bet that wins `payoff` times the stake with probability `win_rate` and
/// loses the stake otherwise. Below 0 where the bet has no edge.
///
/// # Errors
/// `winRate` not from 0 to 1, `payoff` not above 0.
pub fn kelly_bet(win_rate: f64, payoff: f64) -> Result<f64, KernelError> {
    if !(0.0..=1.0).contains(&win_rate) {
        return Err(KernelError::new("winRate", win_rate, "from 0 to 1"));
    }
    above_zero("payoff", payoff)?;
    Ok(win_rate - (1.0 - win_rate) / payoff)
}

/// (mean - `risk_free`) / variance (n - 1): the limit for small normal returns. NaN of fewer than two
/// returns or of equal ones.
///
/// # Errors
/// A return that is infinite, `riskFree` not finite.
pub fn kelly_normal(returns: &[f64], risk_free: f64) -> Result<f64, KernelError> {
    checks::finite(("returns", returns))?;
    finite_number("riskFree", risk_free)?;
    let sample = Sample::new(returns);
    let deviation = sample.deviation();
    if deviation.is_nan() || deviation == 0.0 {
        return Ok(f64::NAN);
    }
    Ok((sample.mean - risk_free) / (deviation * deviation))
}

/// The fraction f, at least 0, that maximises the mean of ln(1 + f return) over the returns themselves,
/// to the last few bits: fat tails count as they are. 0 where the mean is not above 0; infinite where
/// nothing was ever lost; NaN of nothing.
///
/// # Errors
/// A return that is infinite.
pub fn kelly_growth_optimal(returns: &[f64]) -> Result<f64, KernelError> {
    checks::finite(("returns", returns))?;
    let there = present(returns);
    if there.is_empty() {
        return Ok(f64::NAN);
    }
    let slope = |f: f64| there.iter().map(|r| r / (1.0 + f * r)).sum::<f64>();
    if slope(0.0) <= 0.0 {
        return Ok(0.0);
    }
    let worst = there.iter().copied().fold(f64::INFINITY, f64::min);
    if worst >= 0.0 {
        return Ok(f64::INFINITY);
    }
    // The slope falls all the way from above 0 to minus infinity at the fraction that risks ruin.
    let (mut low, mut high) = (0.0, -1.0 / worst);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if slope(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(0.5 * (low + high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_agree_where_they_should() {
        assert!((kelly_bet(0.6, 1.0).unwrap() - 0.2).abs() < 1e-15);
        let bets = [1.0, 1.0, 1.0, -1.0, -1.0];
        assert!((kelly_growth_optimal(&bets).unwrap() - 0.2).abs() < 1e-12);
        let small: Vec<f64> = (0..1000)
            .map(|i| 1e-5 + 1e-3 * f64::from(i % 2 * 2 - 1))
            .collect();
        let (exact, normal) = (
            kelly_growth_optimal(&small).unwrap(),
            kelly_normal(&small, 0.0).unwrap(),
        );
        assert!((exact / normal - 1.0).abs() < 2e-3, "{exact} {normal}");
    }

    #[test]
    fn no_edge_no_stake_and_no_loss_no_limit() {
        assert_eq!(kelly_growth_optimal(&[0.1, -0.2]).unwrap(), 0.0);
        assert_eq!(kelly_growth_optimal(&[0.1, 0.0]).unwrap(), f64::INFINITY);
        assert!(kelly_growth_optimal(&[]).unwrap().is_nan());
        assert!(kelly_normal(&[0.1; 3], 0.0).unwrap().is_nan());
        assert!(kelly_bet(0.2, 1.0).unwrap() < 0.0);
    }
}
