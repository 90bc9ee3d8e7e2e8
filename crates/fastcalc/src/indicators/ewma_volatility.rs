//! Exponentially weighted volatility of log returns (J.P. Morgan, RiskMetrics Technical Document, 1996).

use crate::{KernelError, checks};

/// Standard deviation of the log return of one bar, as a fraction, from exponentially weighted
/// squares with mean zero.
///
/// The weight of a return halves every `half_life_bars` returns, and weights are divided by their
/// sum so far, so the start is not biased towards zero. The first ceil(`half_life_bars`) returns
/// are warm-up: by then half of the weight of an endless history is there. A missing close gives
/// NaN on its own row and the next; the average then goes on from where it was.
///
/// # Errors
/// `halfLifeBars` not finite or not above 0; a close that is not a positive finite number or NaN.
pub fn ewma_volatility(close: &[f64], half_life_bars: f64) -> Result<Vec<f64>, KernelError> {
    if !(half_life_bars > 0.0 && half_life_bars.is_finite()) {
        return Err(KernelError::new(
            "halfLifeBars",
            half_life_bars,
            "a finite number above 0",
        ));
    }
    checks::positive(("close", close))?;
    let decay = libm::exp2(-1.0 / half_life_bars);
    let warm_up = half_life_bars.ceil();
    let (mut squares, mut weight, mut seen) = (0.0, 0.0, 0.0);
    let mut out = vec![f64::NAN; close.len()];
    for (slot, pair) in out.iter_mut().skip(1).zip(close.windows(2)) {
        let log_return = libm::log(pair[1] / pair[0]);
        if !log_return.is_finite() {
            continue;
        }
        squares = decay * squares + log_return * log_return;
        weight = decay * weight + 1.0;
        seen += 1.0;
        if seen >= warm_up {
            *slot = (squares / weight).sqrt();
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_the_weighted_sum_written_out() {
        let close = [100.0, 101.0, 99.5, 99.5, 102.0];
        let out = ewma_volatility(&close, 2.0).unwrap();
        assert!(out[0].is_nan() && out[1].is_nan());
        for (last, value) in out.iter().enumerate().skip(2) {
            let (mut squares, mut weights) = (0.0, 0.0);
            for (row, pair) in close.windows(2).take(last).enumerate() {
                let w = 0.5_f64.powf((last - 1 - row) as f64 / 2.0);
                squares += w * (pair[1] / pair[0]).ln().powi(2);
                weights += w;
            }
            assert!((value - f64::sqrt(squares / weights)).abs() < 1e-15);
        }
    }

    #[test]
    fn a_constant_return_is_its_own_volatility_from_the_first_value_on() {
        let close: Vec<f64> = (0..50).map(|i| 1.01_f64.powi(i)).collect();
        let out = ewma_volatility(&close, 5.0).unwrap();
        assert_eq!(out.iter().filter(|v| v.is_nan()).count(), 5);
        for v in &out[5..] {
            assert!((v - 1.01_f64.ln()).abs() < 1e-12);
        }
    }

    #[test]
    fn a_missing_close_costs_two_rows_and_no_more() {
        let close = [1.0, 1.1, f64::NAN, 1.2, 1.3, 1.2];
        let out = ewma_volatility(&close, 1.0).unwrap();
        let missing: Vec<bool> = out.iter().map(|v| v.is_nan()).collect();
        assert_eq!(missing, [true, false, true, true, false, false]);
    }

    #[test]
    fn refuses_a_price_of_zero_and_names_its_row() {
        let error = ewma_volatility(&[1.0, 0.0], 1.0).unwrap_err();
        assert_eq!(error.field, "close[1]");
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(
                ewma_volatility(&[1.0], bad).unwrap_err().field,
                "halfLifeBars"
            );
        }
    }
}
