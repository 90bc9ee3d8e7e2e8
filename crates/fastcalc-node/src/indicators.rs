//! Binding of the indicators. Inputs are borrowed, outputs handed over without a copy.

use crate::errors::refused;
use fastcalc::indicators as kernels;
use napi::Result;
use napi::bindgen_prelude::Float64Array;
use napi_derive::napi;

/// EWMA volatility of log returns.
#[napi(catch_unwind)]
pub fn ewma_volatility(close: &[f64], half_life_bars: f64) -> Result<Float64Array> {
    let out = kernels::ewma_volatility(close, half_life_bars);
    out.map(Into::into).map_err(refused)
}

/// Average true range.
#[napi(catch_unwind)]
pub fn atr(high: &[f64], low: &[f64], close: &[f64], period: u32) -> Result<Float64Array> {
    let out = kernels::atr(high, low, close, period as usize);
    out.map(Into::into).map_err(refused)
}

/// Relative strength index.
#[napi(catch_unwind)]
pub fn rsi(close: &[f64], period: u32) -> Result<Float64Array> {
    let out = kernels::rsi(close, period as usize);
    out.map(Into::into).map_err(refused)
}

/// Average directional index.
#[napi(catch_unwind)]
pub fn adx(high: &[f64], low: &[f64], close: &[f64], period: u32) -> Result<Float64Array> {
    let out = kernels::adx(high, low, close, period as usize);
    out.map(Into::into).map_err(refused)
}

/// The three lines of directional movement.
#[napi(object)]
pub struct NativeDirectionalMovement {
    /// Strength of the trend.
    pub adx: Float64Array,
    /// Upward indicator.
    pub plus_di: Float64Array,
    /// Downward indicator.
    pub minus_di: Float64Array,
}

/// Average directional index with both directional indicators.
#[napi(catch_unwind)]
pub fn directional_movement(
    high: &[f64],
    low: &[f64],
    close: &[f64],
    period: u32,
) -> Result<NativeDirectionalMovement> {
    let lines =
        kernels::directional_movement(high, low, close, period as usize).map_err(refused)?;
    Ok(NativeDirectionalMovement {
        adx: lines.adx.into(),
        plus_di: lines.plus_di.into(),
        minus_di: lines.minus_di.into(),
    })
}

/// z-score of the last value of each window.
#[napi(catch_unwind)]
pub fn rolling_z_score(values: &[f64], period: u32) -> Result<Float64Array> {
    let out = kernels::rolling_z_score(values, period as usize);
    out.map(Into::into).map_err(refused)
}

/// Mid-rank of the last value of each window.
#[napi(catch_unwind)]
pub fn rolling_rank(values: &[f64], period: u32) -> Result<Float64Array> {
    let out = kernels::rolling_rank(values, period as usize);
    out.map(Into::into).map_err(refused)
}

/// Least-squares slope of each window.
#[napi(catch_unwind)]
pub fn linear_regression_slope(values: &[f64], period: u32) -> Result<Float64Array> {
    let out = kernels::linear_regression_slope(values, period as usize);
    out.map(Into::into).map_err(refused)
}
