//! Directional movement (Wilder, New Concepts in Technical Trading Systems, 1978), TA-Lib convention.

use super::atr::true_range;
use crate::{KernelError, checks};

/// The three lines of the directional movement system, each 0 to 100.
#[derive(Debug, Clone, PartialEq)]
pub struct DirectionalMovement {
    /// Average directional index: strength of the trend; first value at row 2 `period` - 1.
    pub adx: Vec<f64>,
    /// Upward directional indicator; first value at row `period`.
    pub plus_di: Vec<f64>,
    /// Downward directional indicator; first value at row `period`.
    pub minus_di: Vec<f64>,
}

/// Wilder sums of one unbroken stretch of rows.
#[derive(Default)]
struct Sums {
    seen: usize,
    plus: f64,
    minus: f64,
    range: f64,
    adx: f64,
}

impl Sums {
    fn add(&mut self, plus: f64, minus: f64, range: f64, period: usize) {
        self.seen += 1;
        // As in TA-Lib the first sum has period - 1 terms; the next row is smoothed already.
        if self.seen >= period {
            let n = period as f64;
            self.plus -= self.plus / n;
            self.minus -= self.minus / n;
            self.range -= self.range / n;
        }
        self.plus += plus;
        self.minus += minus;
        self.range += range;
    }

    /// (+DI, -DI); 0 where prices did not move at all.
    fn indicators(&self) -> (f64, f64) {
        if self.range > 0.0 {
            (
                100.0 * (self.plus / self.range),
                100.0 * (self.minus / self.range),
            )
        } else {
            (0.0, 0.0)
        }
    }

    /// Folds in the directional index of this row; without any movement the average stands still.
    fn average(&mut self, plus_di: f64, minus_di: f64, period: usize) {
        let n = period as f64;
        let total = plus_di + minus_di;
        let index = (total > 0.0).then(|| 100.0 * ((plus_di - minus_di).abs() / total));
        if self.seen < 2 * period - 1 {
            self.adx += index.unwrap_or(0.0);
        } else if self.seen == 2 * period - 1 {
            self.adx = (self.adx + index.unwrap_or(0.0)) / n;
        } else if let Some(index) = index {
            self.adx = (self.adx * (n - 1.0) + index) / n;
        }
    }
}

/// Average directional index and both directional indicators in one pass.
///
/// A row with a missing value ends the series; what follows warms up anew.
///
/// # Errors
/// Columns of different length, a value that is infinite, `period` below 2.
pub fn directional_movement(
    high: &[f64],
    low: &[f64],
    close: &[f64],
    period: usize,
) -> Result<DirectionalMovement, KernelError> {
    let columns = [("high", high), ("low", low), ("close", close)];
    checks::same_length(&columns)?;
    for column in columns {
        checks::finite(column)?;
    }
    checks::period("period", period, 2)?;
    let rows = close.len();
    let mut out = DirectionalMovement {
        adx: vec![f64::NAN; rows],
        plus_di: vec![f64::NAN; rows],
        minus_di: vec![f64::NAN; rows],
    };
    let mut sums = Sums::default();
    for row in 1..rows {
        let up = high[row] - high[row - 1];
        let down = low[row - 1] - low[row];
        if !(up + down + close[row - 1]).is_finite() {
            sums = Sums::default();
            continue;
        }
        let plus = if up > down && up > 0.0 { up } else { 0.0 };
        let minus = if down > up && down > 0.0 { down } else { 0.0 };
        let range = true_range(high[row], low[row], close[row - 1]);
        sums.add(plus, minus, range, period);
        if sums.seen < period {
            continue;
        }
        let (plus_di, minus_di) = sums.indicators();
        sums.average(plus_di, minus_di, period);
        out.plus_di[row] = plus_di;
        out.minus_di[row] = minus_di;
        if sums.seen >= 2 * period - 1 {
            out.adx[row] = sums.adx;
        }
    }
    Ok(out)
}

/// Average directional index alone; see [`directional_movement`].
///
/// # Errors
/// As [`directional_movement`].
pub fn adx(
    high: &[f64],
    low: &[f64],
    close: &[f64],
    period: usize,
) -> Result<Vec<f64>, KernelError> {
    directional_movement(high, low, close, period).map(|lines| lines.adx)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_rise_is_all_trend_and_all_upward() {
        let high: Vec<f64> = (0..20).map(|i| f64::from(i) + 1.0).collect();
        let low: Vec<f64> = (0..20).map(f64::from).collect();
        let out = directional_movement(&high, &low, &low, 3).unwrap();
        assert!(out.adx[..5].iter().all(|v| v.is_nan()));
        assert!(out.adx[5..].iter().all(|v| (v - 100.0).abs() < 1e-9));
        assert!(out.plus_di[3] > 0.0 && out.minus_di[3] == 0.0);
        assert!(out.plus_di[2].is_nan());
    }

    #[test]
    fn a_flat_market_has_no_trend() {
        let flat = [3.0; 12];
        assert_eq!(adx(&flat, &flat, &flat, 3).unwrap()[5..], [0.0; 7]);
    }

    #[test]
    fn warms_up_anew_after_a_missing_value() {
        let mut high: Vec<f64> = (0..14).map(|i| f64::from(i) + 1.0).collect();
        let low: Vec<f64> = (0..14).map(f64::from).collect();
        high[6] = f64::NAN;
        let out = adx(&high, &low, &low, 2).unwrap();
        let first_again = (7..14).find(|&row| out[row].is_finite());
        // Row 8 is the first with two complete rows; three movements make the first value.
        assert_eq!(first_again, Some(10));
        assert!(out[5].is_finite() && out[6].is_nan());
    }

    #[test]
    fn refuses_a_period_of_one() {
        assert_eq!(adx(&[], &[], &[], 1).unwrap_err().field, "period");
    }
}
