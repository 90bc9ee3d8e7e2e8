//! Parkinson's range volatility (The Extreme Value Method for Estimating the Variance of the Rate of
//! Return, 1980).

use super::bars::{high_is_not_below_low, root_mean};
use crate::{KernelError, checks};

/// sqrt(mean(ln(high / low)^2) / (4 ln 2)) over the last `period` bars: five times as efficient as
/// close to close, for a price without drift or gaps. 0 where no bar had a range. First value at row
/// `period` - 1.
///
/// # Errors
/// Columns of different length, a price that is not finite and above 0, a high below its low,
/// `period` of 0.
pub fn parkinson(high: &[f64], low: &[f64], period: usize) -> Result<Vec<f64>, KernelError> {
    let columns = [("high", high), ("low", low)];
    checks::same_length(&columns)?;
    for column in columns {
        checks::positive(column)?;
    }
    high_is_not_below_low(high, low)?;
    checks::period("period", period, 1)?;
    let terms: Vec<f64> = high
        .iter()
        .zip(low)
        .map(|(h, l)| {
            let range = libm::log(h / l);
            range * range / (4.0 * std::f64::consts::LN_2)
        })
        .collect();
    Ok(root_mean(&terms, period))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_range_over_its_expectation() {
        let out = parkinson(&[110.0, 120.0], &[100.0, 100.0], 2).unwrap();
        let mean = (1.1_f64.ln().powi(2) + 1.2_f64.ln().powi(2)) / 2.0;
        assert!(out[0].is_nan());
        assert!((out[1] - (mean / (4.0 * 2.0_f64.ln())).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn refuses_a_high_below_its_low() {
        let error = parkinson(&[2.0, 1.0], &[1.0, 2.0], 1).unwrap_err();
        assert_eq!(error.field, "high[1]");
    }
}
