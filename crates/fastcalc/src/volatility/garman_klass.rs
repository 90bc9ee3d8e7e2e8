//! Garman and Klass's volatility (On the Estimation of Security Price Volatilities from Historical
//! Data, 1980).

use super::Ohlc;
use super::bars::root_mean;
use crate::{KernelError, checks};

/// sqrt(mean(0.5 ln(high / low)^2 - (2 ln 2 - 1) ln(close / open)^2)) over the last `period` bars:
/// their practical estimator, for a price without drift or gaps. First value at row `period` - 1.
///
/// # Errors
/// Columns of different length, a price that is not finite and above 0, a high below its low,
/// `period` of 0.
pub fn garman_klass(bars: &Ohlc, period: usize) -> Result<Vec<f64>, KernelError> {
    bars.check()?;
    checks::period("period", period, 1)?;
    let terms: Vec<f64> = (0..bars.rows())
        .map(|row| {
            let [high, low, close] = bars.over_open(row);
            let range = high - low;
            0.5 * range * range - (2.0 * std::f64::consts::LN_2 - 1.0) * close * close
        })
        .collect();
    Ok(root_mean(&terms, period))
}
