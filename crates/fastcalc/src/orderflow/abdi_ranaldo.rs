//! Spread from closes, highs and lows (Abdi, Ranaldo, A Simple Estimation of Bid-Ask Spreads from Daily
//! Close, High, and Low Prices, 2017).

use crate::window::{roll, sum};
use crate::{KernelError, checks};

/// Where an estimate below 0 is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// Each pair of bars on its own: mean of sqrt(max(s^2, 0)), the paper's two-day version.
    Pairs,
    /// The window as a whole: sqrt(max(mean of s^2, 0)), the paper's monthly version.
    Window,
}

/// Spread over the last `period` pairs of neighbouring bars, with s^2 = 4 (c - m) (c - m') of each pair:
/// c the log of the first close, m and m' the middles of the log ranges of both bars. A fraction of the
/// price. First value at row `period`; NaN while a missing price is in the window.
///
/// # Errors
/// Columns of different length, a price that is not finite and above 0, a high below its low, `period`
/// of 0.
pub fn abdi_ranaldo(
    high: &[f64],
    low: &[f64],
    close: &[f64],
    period: usize,
    correction: Correction,
) -> Result<Vec<f64>, KernelError> {
    let columns = [("high", high), ("low", low), ("close", close)];
    checks::same_length(&columns)?;
    for column in columns {
        checks::positive(column)?;
    }
    crate::volatility::high_is_not_below_low(high, low)?;
    checks::period("period", period, 1)?;
    // Everything relative to the first close of the pair, so that the price level cancels.
    let middle =
        |row: usize, close: f64| 0.5 * (libm::log(high[row] / close) + libm::log(low[row] / close));
    let mut squares = vec![f64::NAN; close.len()];
    for row in 1..close.len() {
        let before = close[row - 1];
        squares[row] = 4.0 * middle(row - 1, before) * middle(row, before);
    }
    let n = period as f64;
    Ok(roll(&squares, period, |window| match correction {
        Correction::Pairs => sum(window, |s| s.max(0.0).sqrt()) / n,
        Correction::Window => (sum(window, |s| s) / n).max(0.0).sqrt(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_close_at_the_ask_of_a_still_price_shows_the_spread() {
        let (bid, ask) = (99.0, 101.0);
        let spread: f64 = libm::log(ask / bid);
        for correction in [Correction::Pairs, Correction::Window] {
            let out = abdi_ranaldo(&[ask; 4], &[bid; 4], &[ask, bid, ask, bid], 2, correction);
            let out = out.unwrap();
            assert!(out[..2].iter().all(|v| v.is_nan()));
            assert!((out[2] - spread).abs() < 1e-12 && (out[3] - spread).abs() < 1e-12);
            let flat = abdi_ranaldo(&[5.0; 3], &[5.0; 3], &[5.0; 3], 1, correction).unwrap();
            assert_eq!(flat[1..], [0.0; 2]);
        }
    }
}
