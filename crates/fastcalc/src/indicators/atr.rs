//! Average true range (Wilder, New Concepts in Technical Trading Systems, 1978), TA-Lib convention.

use crate::{KernelError, checks};

/// The largest of high - low and the distances of high and low to the previous close.
pub(super) fn true_range(high: f64, low: f64, previous_close: f64) -> f64 {
    (high - low)
        .max((high - previous_close).abs())
        .max((low - previous_close).abs())
}

/// Average true range, in units of price: the mean of the first `period` true ranges, then
/// Wilder's smoothing with weight 1/`period`. The first value is at row `period`.
///
/// A row with a missing value ends the series; what follows warms up anew.
///
/// # Errors
/// Columns of different length, a value that is infinite, `period` below 1.
pub fn atr(
    high: &[f64],
    low: &[f64],
    close: &[f64],
    period: usize,
) -> Result<Vec<f64>, KernelError> {
    let columns = [("high", high), ("low", low), ("close", close)];
    checks::same_length(&columns)?;
    for column in columns {
        checks::finite(column)?;
    }
    checks::period("period", period, 1)?;
    let n = period as f64;
    let mut out = vec![f64::NAN; close.len()];
    let mut previous_close = f64::NAN;
    let (mut average, mut seen) = (0.0, 0_usize);
    for row in 0..close.len() {
        // f64::max passes over a NaN, so what is missing is looked for in the sum.
        let complete = (high[row] + low[row] + previous_close).is_finite();
        previous_close = close[row];
        if !complete {
            (average, seen) = (0.0, 0);
            continue;
        }
        let range = true_range(high[row], low[row], close[row - 1]);
        seen += 1;
        if seen <= period {
            average += range;
            if seen == period {
                average /= n;
            }
        } else {
            average = (average * (n - 1.0) + range) / n;
        }
        if seen >= period {
            out[row] = average;
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_then_smooths() {
        let high = [10.0, 11.0, 12.0, 12.0];
        let low = [9.0, 10.0, 9.0, 11.0];
        let close = [9.5, 10.5, 11.0, 11.5];
        let out = atr(&high, &low, &close, 2).unwrap();
        assert!(out[0].is_nan() && out[1].is_nan());
        assert_eq!(out[2], (1.5 + 3.0) / 2.0);
        assert_eq!(out[3], (2.25 + 1.0) / 2.0);
    }

    #[test]
    fn is_zero_in_a_flat_market_and_warms_up_anew_after_a_gap() {
        let flat = [5.0; 8];
        assert_eq!(atr(&flat, &flat, &flat, 3).unwrap()[3..], [0.0; 5]);
        let mut close = flat;
        close[3] = f64::NAN;
        let out = atr(&flat, &flat, &close, 2).unwrap();
        let missing: Vec<bool> = out.iter().map(|v| v.is_nan()).collect();
        assert_eq!(
            missing,
            [true, true, false, false, true, true, false, false]
        );
    }

    #[test]
    fn refuses_columns_of_different_length() {
        let error = atr(&[1.0], &[1.0, 2.0], &[1.0], 2).unwrap_err();
        assert_eq!(error.field, "low");
        assert_eq!(atr(&[], &[], &[], 0).unwrap_err().field, "period");
    }
}
