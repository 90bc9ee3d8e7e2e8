//! Bars as the range estimators take them.

use crate::window::{roll, sum};
use crate::{KernelError, checks};

/// Four prices a bar, all finite and above 0 or NaN where missing, and high >= low.
#[derive(Debug, Clone, Copy)]
pub struct Ohlc<'a> {
    /// First price of the bar.
    pub open: &'a [f64],
    /// Highest price.
    pub high: &'a [f64],
    /// Lowest price.
    pub low: &'a [f64],
    /// Last price.
    pub close: &'a [f64],
}

impl Ohlc<'_> {
    pub(super) fn check(&self) -> Result<(), KernelError> {
        let columns = [
            ("open", self.open),
            ("high", self.high),
            ("low", self.low),
            ("close", self.close),
        ];
        checks::same_length(&columns)?;
        for column in columns {
            checks::positive(column)?;
        }
        high_is_not_below_low(self.high, self.low)
    }

    pub(super) fn rows(&self) -> usize {
        self.close.len()
    }

    /// Logarithms of high, low and close over open, of one row.
    pub(super) fn over_open(&self, row: usize) -> [f64; 3] {
        let open = self.open[row];
        [self.high[row], self.low[row], self.close[row]].map(|p| libm::log(p / open))
    }
}

/// Refuses the first bar whose high is below its low.
pub(crate) fn high_is_not_below_low(high: &[f64], low: &[f64]) -> Result<(), KernelError> {
    match high.iter().zip(low).position(|(h, l)| h < l) {
        None => Ok(()),
        Some(row) => Err(KernelError::new(
            format!("high[{row}]"),
            high[row],
            format!("at least low[{row}] ({})", low[row]),
        )),
    }
}

/// Root of the mean of each window of terms.
pub(super) fn root_mean(terms: &[f64], period: usize) -> Vec<f64> {
    roll(terms, period, |window| {
        root(sum(window, |v| v) / period as f64)
    })
}

/// Root of a variance. One below 0, which rounding or an open or close outside the bar can give,
/// is 0; NaN stays.
pub(super) fn root(variance: f64) -> f64 {
    if variance < 0.0 { 0.0 } else { variance.sqrt() }
}
