//! Heterogeneous autoregression of realised variance (Corsi, A Simple Approximate Long-Memory Model of
//! Realized Volatility, 2009).

use crate::math::least_squares;
use crate::{KernelError, checks};

/// Rows that make up a day, a week and a month of the regressors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HarLags {
    /// Short window; Corsi: 1.
    pub short: usize,
    /// Middle window; Corsi: 5.
    pub middle: usize,
    /// Long window; Corsi: 22.
    pub long: usize,
}

impl Default for HarLags {
    fn default() -> Self {
        Self {
            short: 1,
            middle: 5,
            long: 22,
        }
    }
}

/// A fitted model: next = constant + sum of coefficient * mean of the window.
#[derive(Debug, Clone, PartialEq)]
pub struct HarFit {
    /// Constant, and coefficients of the short, middle and long mean.
    pub coefficients: [f64; 4],
    /// Ordinary standard errors of the four.
    pub standard_errors: [f64; 4],
    /// Share of the variance of the next value that is explained.
    pub r_squared: f64,
    /// Rows that were fitted.
    pub rows: usize,
}

/// Regresses each value on the means of the short, middle and long windows that end just before it,
/// by ordinary least squares; rows with a missing value in the long window are left out.
///
/// # Errors
/// A value that is infinite; lags that are 0 or do not rise; `values` with too few rows or without
/// variation.
pub fn fit_har(values: &[f64], lags: HarLags) -> Result<HarFit, KernelError> {
    check(values, lags)?;
    let mut x = Vec::new();
    let mut y = Vec::new();
    for row in lags.long..values.len() {
        let regressors = regressors(&values[..row], lags);
        let sum = regressors.iter().sum::<f64>() + values[row];
        if !sum.is_nan() {
            x.extend(regressors);
            y.push(values[row]);
        }
    }
    let too_few = || {
        KernelError::new(
            "values",
            format!("{} usable rows of {}", y.len(), values.len()),
            "more than 4 usable rows after the long window, not all alike",
        )
    };
    if y.len() <= 4 {
        return Err(too_few());
    }
    let fit = least_squares(&x, &y, 4).ok_or_else(too_few)?;
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let squares: f64 = y.iter().map(|v| (v - mean) * (v - mean)).sum();
    let four = |v: &[f64]| [v[0], v[1], v[2], v[3]];
    Ok(HarFit {
        coefficients: four(&fit.coefficients),
        standard_errors: four(&fit.standard_errors),
        r_squared: 1.0 - fit.residual_squares / squares,
        rows: y.len(),
    })
}

/// Forecast of the row after the last; NaN where the long window is not full or misses a value.
///
/// # Errors
/// A value that is infinite; lags that are 0 or do not rise.
pub fn har_forecast(values: &[f64], fit: &HarFit, lags: HarLags) -> Result<f64, KernelError> {
    check(values, lags)?;
    if values.len() < lags.long {
        return Ok(f64::NAN);
    }
    let regressors = regressors(values, lags);
    Ok(regressors
        .iter()
        .zip(fit.coefficients)
        .map(|(x, c)| x * c)
        .sum())
}

fn check(values: &[f64], lags: HarLags) -> Result<(), KernelError> {
    checks::finite(("values", values))?;
    checks::period("short", lags.short, 1)?;
    checks::period("middle", lags.middle, lags.short + 1)?;
    checks::period("long", lags.long, lags.middle + 1)
}

fn regressors(before: &[f64], lags: HarLags) -> [f64; 4] {
    let mean = |n: usize| before[before.len() - n..].iter().sum::<f64>() / n as f64;
    [1.0, mean(lags.short), mean(lags.middle), mean(lags.long)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_coefficients_of_a_series_made_by_the_model() {
        let mut values: Vec<f64> = (0..22).map(|i| f64::from(i * 13 % 7)).collect();
        let lags = HarLags::default();
        for _ in 0..60 {
            let x = regressors(&values, lags);
            values.push(0.4 * x[0] + 0.3 * x[1] + 0.25 * x[2] - 0.5 * x[3]);
        }
        let fit = fit_har(&values, lags).unwrap();
        for (c, e) in fit.coefficients.iter().zip([0.4, 0.3, 0.25, -0.5]) {
            assert!((c - e).abs() < 1e-8, "{c} {e}");
        }
        assert!((fit.r_squared - 1.0).abs() < 1e-9);
        let next = har_forecast(&values, &fit, lags).unwrap();
        let x = regressors(&values, lags);
        assert!((next - (0.4 + 0.3 * x[1] + 0.25 * x[2] - 0.5 * x[3])).abs() < 1e-8);
    }

    #[test]
    fn a_flat_or_short_series_is_refused() {
        assert_eq!(
            fit_har(&[1.0; 60], HarLags::default()).unwrap_err().field,
            "values"
        );
        assert_eq!(
            fit_har(&[1.0; 6], HarLags::default()).unwrap_err().field,
            "values"
        );
        let backwards = HarLags {
            short: 5,
            middle: 5,
            long: 22,
        };
        assert_eq!(fit_har(&[], backwards).unwrap_err().field, "middle");
    }
}
