//! Spread from highs and lows (Corwin, Schultz, A Simple Way to Estimate Bid-Ask Spreads from Daily High
//! and Low Prices, 2012).

use crate::window::{roll, sum};
use crate::{KernelError, checks};

/// Mean, over the last `period` pairs of neighbouring bars, of 2 (e^a - 1) / (1 + e^a) with
/// a = (sqrt(2 b) - sqrt b) / (3 - 2 sqrt 2) - sqrt(g / (3 - 2 sqrt 2)), b the squared log ranges of both
/// bars together and g that of the two-bar range. As in the paper a gap from the close to the next range
/// is taken out, and pairs below 0 count as 0. A fraction of the price. First value at row `period`; NaN
/// while a missing price is in the window.
///
/// # Errors
/// Columns of different length, a price that is not finite and above 0, a high below its low, `period`
/// of 0.
pub fn corwin_schultz(
    high: &[f64],
    low: &[f64],
    close: &[f64],
    period: usize,
) -> Result<Vec<f64>, KernelError> {
    let columns = [("high", high), ("low", low), ("close", close)];
    checks::same_length(&columns)?;
    for column in columns {
        checks::positive(column)?;
    }
    crate::volatility::high_is_not_below_low(high, low)?;
    checks::period("period", period, 1)?;
    let mut pairs = vec![f64::NAN; high.len()];
    for row in 1..high.len() {
        pairs[row] = spread(
            [high[row - 1], low[row - 1], close[row - 1]],
            [high[row], low[row]],
        );
    }
    Ok(roll(&pairs, period, |window| {
        sum(window, |v| v) / period as f64
    }))
}

fn spread([high, low, close]: [f64; 3], [next_high, next_low]: [f64; 2]) -> f64 {
    // The next range is moved to meet the close where it left it behind.
    let gap = if next_low > close {
        next_low - close
    } else if next_high < close {
        next_high - close
    } else {
        // 0, or NaN where anything is missing.
        0.0 * (next_low + next_high + close)
    };
    let (next_high, next_low) = (next_high - gap, next_low - gap);
    let square = |v: f64| v * v;
    let single = square(libm::log(high / low)) + square(libm::log(next_high / next_low));
    let both = square(libm::log(larger(high, next_high) / smaller(low, next_low)));
    let root = 3.0 - 2.0 * std::f64::consts::SQRT_2;
    let a = ((2.0 * single).sqrt() - single.sqrt()) / root - (both / root).sqrt();
    if a < 0.0 {
        0.0
    } else {
        2.0 * libm::tanh(0.5 * a)
    }
}

/// Unlike `max`, keeps a NaN on either side.
fn larger(a: f64, b: f64) -> f64 {
    if b > a || b.is_nan() { b } else { a }
}

fn smaller(a: f64, b: f64) -> f64 {
    if b < a || b.is_nan() { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_still_price_between_quotes_shows_its_spread() {
        // Bars that touch bid and ask and go nowhere: single = 2 both, hence e^a = high / low.
        let out = corwin_schultz(&[101.0; 5], &[99.0; 5], &[100.0; 5], 2).unwrap();
        assert!(out[..2].iter().all(|v| v.is_nan()));
        let ratio: f64 = 101.0 / 99.0;
        let expected = 2.0 * (ratio - 1.0) / (ratio + 1.0);
        assert!(out[2..].iter().all(|v| (v - expected).abs() < 1e-12));
    }

    #[test]
    fn stays_between_0_and_2_and_a_gap_alone_is_no_spread() {
        let gap = corwin_schultz(&[100.0, 120.0], &[100.0, 120.0], &[100.0, 120.0], 1).unwrap();
        assert_eq!(gap[1], 0.0);
        let missing = corwin_schultz(&[1.0, f64::NAN, 1.0, 1.0], &[1.0; 4], &[1.0; 4], 1).unwrap();
        assert!(missing[1].is_nan() && missing[2].is_nan() && missing[3] == 0.0);
    }
}
