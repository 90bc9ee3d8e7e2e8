//! Relative strength index (Wilder, New Concepts in Technical Trading Systems, 1978), TA-Lib convention.

use crate::{KernelError, checks};

/// Relative strength index, 0 to 100: Wilder's average gain over the sum of average gain and
/// average loss. The first value is at row `period`.
///
/// Without any movement it is 50, the neutral value (TA-Lib gives 0, which reads as oversold).
/// A missing close ends the series; what follows warms up anew.
///
/// # Errors
/// A value that is infinite, `period` below 2.
pub fn rsi(close: &[f64], period: usize) -> Result<Vec<f64>, KernelError> {
    checks::finite(("close", close))?;
    checks::period("period", period, 2)?;
    let n = period as f64;
    let mut out = vec![f64::NAN; close.len()];
    let (mut gain, mut loss, mut seen) = (0.0, 0.0, 0_usize);
    for (slot, pair) in out.iter_mut().skip(1).zip(close.windows(2)) {
        let change = pair[1] - pair[0];
        if !change.is_finite() {
            (gain, loss, seen) = (0.0, 0.0, 0);
            continue;
        }
        let (up, down) = (change.max(0.0), (-change).max(0.0));
        seen += 1;
        if seen <= period {
            gain += up;
            loss += down;
            if seen == period {
                gain /= n;
                loss /= n;
            }
        } else {
            gain = (gain * (n - 1.0) + up) / n;
            loss = (loss * (n - 1.0) + down) / n;
        }
        if seen >= period {
            let moved = gain + loss;
            *slot = if moved > 0.0 {
                100.0 * (gain / moved)
            } else {
                50.0
            };
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_100_while_rising_0_while_falling_and_50_when_flat() {
        let rising: Vec<f64> = (0..10).map(f64::from).collect();
        let falling: Vec<f64> = rising.iter().rev().copied().collect();
        assert_eq!(rsi(&rising, 4).unwrap()[4..], [100.0; 6]);
        assert_eq!(rsi(&falling, 4).unwrap()[4..], [0.0; 6]);
        assert_eq!(rsi(&[7.0; 10], 4).unwrap()[4..], [50.0; 6]);
        assert!(rsi(&rising, 4).unwrap()[..4].iter().all(|v| v.is_nan()));
    }

    #[test]
    fn warms_up_anew_after_a_missing_close() {
        let mut close: Vec<f64> = (0..9).map(f64::from).collect();
        close[4] = f64::NAN;
        let out = rsi(&close, 2).unwrap();
        let missing: Vec<bool> = out.iter().map(|v| v.is_nan()).collect();
        assert_eq!(
            missing,
            [true, true, false, false, true, true, true, false, false]
        );
    }

    #[test]
    fn refuses_a_period_of_one_and_an_infinite_close() {
        assert_eq!(rsi(&[], 1).unwrap_err().field, "period");
        assert_eq!(rsi(&[f64::INFINITY], 2).unwrap_err().field, "close[0]");
    }
}
