//! Rogers and Satchell's volatility (Estimating Variance from High, Low and Closing Prices, 1991).

use super::Ohlc;
use super::bars::root_mean;
use crate::{KernelError, checks};

/// sqrt(mean(ln(h/o) ln(h/c) + ln(l/o) ln(l/c))) over the last `period` bars: right for any drift,
/// but blind to gaps. First value at row `period` - 1.
///
/// # Errors
/// Columns of different length, a price that is not finite and above 0, a high below its low,
/// `period` of 0.
pub fn rogers_satchell(bars: &Ohlc, period: usize) -> Result<Vec<f64>, KernelError> {
    bars.check()?;
    checks::period("period", period, 1)?;
    let terms: Vec<f64> = (0..bars.rows()).map(|row| term(bars, row)).collect();
    Ok(root_mean(&terms, period))
}

/// The variance one bar speaks for.
pub(super) fn term(bars: &Ohlc, row: usize) -> f64 {
    let [high, low, close] = bars.over_open(row);
    high * (high - close) + low * (low - close)
}
