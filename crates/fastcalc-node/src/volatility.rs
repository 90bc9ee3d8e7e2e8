//! Binding of the volatility kernels.

use crate::errors::refused;
use crate::outputs::column;
use fastcalc::volatility::{self as kernels, GarchParameters, HarFit, HarLags, Ohlc};
use napi::Result;
use napi::bindgen_prelude::Float64Array;
use napi_derive::napi;

/// Parkinson's volatility.
#[napi(catch_unwind)]
pub fn parkinson(high: &[f64], low: &[f64], period: u32) -> Result<Float64Array> {
    column(kernels::parkinson(high, low, period as usize))
}

/// Garman and Klass's volatility.
#[napi(catch_unwind)]
pub fn garman_klass(
    open: &[f64],
    high: &[f64],
    low: &[f64],
    close: &[f64],
    period: u32,
) -> Result<Float64Array> {
    let bars = Ohlc {
        open,
        high,
        low,
        close,
    };
    column(kernels::garman_klass(&bars, period as usize))
}

/// Rogers and Satchell's volatility.
#[napi(catch_unwind)]
pub fn rogers_satchell(
    open: &[f64],
    high: &[f64],
    low: &[f64],
    close: &[f64],
    period: u32,
) -> Result<Float64Array> {
    let bars = Ohlc {
        open,
        high,
        low,
        close,
    };
    column(kernels::rogers_satchell(&bars, period as usize))
}

/// Yang and Zhang's volatility.
#[napi(catch_unwind)]
pub fn yang_zhang(
    open: &[f64],
    high: &[f64],
    low: &[f64],
    close: &[f64],
    period: u32,
) -> Result<Float64Array> {
    let bars = Ohlc {
        open,
        high,
        low,
        close,
    };
    column(kernels::yang_zhang(&bars, period as usize))
}

/// Sum of squared returns.
#[napi(catch_unwind)]
pub fn realized_variance(returns: &[f64], period: u32) -> Result<Float64Array> {
    column(kernels::realized_variance(returns, period as usize))
}

/// Bipower variation.
#[napi(catch_unwind)]
pub fn bipower_variation(returns: &[f64], period: u32) -> Result<Float64Array> {
    column(kernels::bipower_variation(returns, period as usize))
}

/// Ratio test for jumps.
#[napi(catch_unwind)]
pub fn jump_test(returns: &[f64], period: u32) -> Result<Float64Array> {
    column(kernels::jump_test(returns, period as usize))
}

/// Variance from medians of three.
#[napi(catch_unwind)]
pub fn med_rv(returns: &[f64], period: u32) -> Result<Float64Array> {
    column(kernels::med_rv(returns, period as usize))
}

/// Variance from minima of two.
#[napi(catch_unwind)]
pub fn min_rv(returns: &[f64], period: u32) -> Result<Float64Array> {
    column(kernels::min_rv(returns, period as usize))
}

/// Deviation of the deviation.
#[napi(catch_unwind)]
pub fn volatility_of_volatility(
    returns: &[f64],
    volatility_period: u32,
    period: u32,
) -> Result<Float64Array> {
    column(kernels::volatility_of_volatility(
        returns,
        volatility_period as usize,
        period as usize,
    ))
}

/// Parameters of a GARCH(1,1).
#[napi(object)]
pub struct NativeGarchParameters {
    /// Mean.
    pub mu: f64,
    /// Constant of the variance.
    pub omega: f64,
    /// Weight of the last square.
    pub alpha: f64,
    /// Weight of the last variance.
    pub beta: f64,
}

impl From<&NativeGarchParameters> for GarchParameters {
    fn from(native: &NativeGarchParameters) -> Self {
        GarchParameters {
            mu: native.mu,
            omega: native.omega,
            alpha: native.alpha,
            beta: native.beta,
        }
    }
}

/// A fitted GARCH(1,1).
#[napi(object)]
pub struct NativeGarchFit {
    /// Its parameters.
    pub parameters: NativeGarchParameters,
    /// Gaussian log likelihood.
    pub log_likelihood: f64,
    /// Conditional variances.
    pub variance: Float64Array,
    /// Variance of the row after the last.
    pub next_variance: f64,
    /// Whether the search came to rest.
    pub converged: bool,
}

/// Fits a GARCH(1,1).
#[napi(catch_unwind)]
pub fn fit_garch(returns: &[f64]) -> Result<NativeGarchFit> {
    let fit = kernels::fit_garch(returns).map_err(refused)?;
    let p = fit.parameters;
    Ok(NativeGarchFit {
        parameters: NativeGarchParameters {
            mu: p.mu,
            omega: p.omega,
            alpha: p.alpha,
            beta: p.beta,
        },
        log_likelihood: fit.log_likelihood,
        variance: fit.variance.into(),
        next_variance: fit.next_variance,
        converged: fit.converged,
    })
}

/// Conditional variances of a series.
#[napi(object)]
pub struct NativeGarchPath {
    /// Of each row.
    pub variance: Float64Array,
    /// Of the row after the last.
    pub next_variance: f64,
    /// Gaussian log likelihood.
    pub log_likelihood: f64,
}

/// Runs a GARCH(1,1) over a series.
#[napi(catch_unwind)]
pub fn garch_filter(
    returns: &[f64],
    parameters: NativeGarchParameters,
    presample: Option<f64>,
) -> Result<NativeGarchPath> {
    let path = kernels::garch_filter(returns, &(&parameters).into(), presample).map_err(refused)?;
    Ok(NativeGarchPath {
        variance: path.variance.into(),
        next_variance: path.next_variance,
        log_likelihood: path.log_likelihood,
    })
}

/// Expected variances of the next rows.
#[napi(catch_unwind)]
pub fn garch_forecast(
    parameters: NativeGarchParameters,
    next_variance: f64,
    horizon: u32,
) -> Result<Float64Array> {
    column(kernels::garch_forecast(
        &(&parameters).into(),
        next_variance,
        horizon as usize,
    ))
}

/// A fitted HAR model.
#[napi(object)]
pub struct NativeHarFit {
    /// Constant, short, middle, long.
    pub coefficients: Float64Array,
    /// Of the four.
    pub standard_errors: Float64Array,
    /// Share explained.
    pub r_squared: f64,
    /// Rows fitted.
    pub rows: u32,
    /// Forecast of the row after the last.
    pub next: f64,
}

/// Fits a HAR model and forecasts the next row.
#[napi(catch_unwind)]
pub fn fit_har(values: &[f64], short: u32, middle: u32, long: u32) -> Result<NativeHarFit> {
    let lags = HarLags {
        short: short as usize,
        middle: middle as usize,
        long: long as usize,
    };
    let fit: HarFit = kernels::fit_har(values, lags).map_err(refused)?;
    Ok(NativeHarFit {
        next: kernels::har_forecast(values, &fit, lags).map_err(refused)?,
        coefficients: fit.coefficients.to_vec().into(),
        standard_errors: fit.standard_errors.to_vec().into(),
        r_squared: fit.r_squared,
        rows: fit.rows as u32,
    })
}
