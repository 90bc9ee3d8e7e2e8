//! Binding of the liquidity kernels: spreads, impact, toxicity, intensity.

use crate::errors::refused;
use crate::outputs::column;
use fastcalc::orderflow::{self as kernels, Correction, HawkesParameters, Quotes};
use napi::Result;
use napi::bindgen_prelude::Float64Array;
use napi_derive::napi;

/// Order flow imbalance of each update at each level.
#[napi(catch_unwind)]
pub fn multi_level_order_flow_imbalance(
    bid_price: &[f64],
    bid_size: &[f64],
    ask_price: &[f64],
    ask_size: &[f64],
    levels: u32,
) -> Result<Float64Array> {
    let book = Quotes {
        bid_price,
        bid_size,
        ask_price,
        ask_size,
    };
    column(kernels::multi_level_order_flow_imbalance(
        &book,
        levels as usize,
    ))
}

/// Side of each trade by the last move.
#[napi(catch_unwind)]
pub fn tick_rule(price: &[f64]) -> Result<Float64Array> {
    column(kernels::tick_rule(price))
}

/// Side of each trade by quotes, then by the last move.
#[napi(catch_unwind)]
pub fn lee_ready(price: &[f64], bid_price: &[f64], ask_price: &[f64]) -> Result<Float64Array> {
    column(kernels::lee_ready(price, bid_price, ask_price))
}

/// Three columns of spreads.
#[napi(object)]
pub struct NativeSpreads {
    /// What was paid.
    pub effective: Float64Array,
    /// What the other side kept.
    pub realised: Float64Array,
    /// What the price moved.
    pub impact: Float64Array,
}

/// Effective and realised spread and price impact.
#[napi(catch_unwind)]
pub fn trade_spreads(
    price: &[f64],
    side: &[f64],
    middle: &[f64],
    horizon: u32,
) -> Result<NativeSpreads> {
    let out = kernels::trade_spreads(price, side, middle, horizon as usize).map_err(refused)?;
    Ok(NativeSpreads {
        effective: out.effective.into(),
        realised: out.realised.into(),
        impact: out.impact.into(),
    })
}

/// Price impact of a unit of signed volume.
#[napi(catch_unwind)]
pub fn kyle_lambda(close: &[f64], signed_volume: &[f64], period: u32) -> Result<Float64Array> {
    column(kernels::kyle_lambda(close, signed_volume, period as usize))
}

/// Move per unit of money.
#[napi(catch_unwind)]
pub fn amihud(close: &[f64], volume: &[f64], period: u32) -> Result<Float64Array> {
    column(kernels::amihud(close, volume, period as usize))
}

/// Roll's spread.
#[napi(catch_unwind)]
pub fn roll_spread(close: &[f64], period: u32) -> Result<Float64Array> {
    column(kernels::roll_spread(close, period as usize))
}

/// Corwin and Schultz's spread.
#[napi(catch_unwind)]
pub fn corwin_schultz(
    high: &[f64],
    low: &[f64],
    close: &[f64],
    period: u32,
) -> Result<Float64Array> {
    column(kernels::corwin_schultz(high, low, close, period as usize))
}

/// Abdi and Ranaldo's spread.
#[napi(catch_unwind)]
pub fn abdi_ranaldo(
    high: &[f64],
    low: &[f64],
    close: &[f64],
    period: u32,
    pairs: bool,
) -> Result<Float64Array> {
    let correction = if pairs {
        Correction::Pairs
    } else {
        Correction::Window
    };
    column(kernels::abdi_ranaldo(
        high,
        low,
        close,
        period as usize,
        correction,
    ))
}

/// Volume-synchronised probability of informed trading.
#[napi(catch_unwind)]
pub fn vpin(
    buy_volume: &[f64],
    volume: &[f64],
    bucket_volume: f64,
    buckets: u32,
) -> Result<Float64Array> {
    column(kernels::vpin(
        buy_volume,
        volume,
        bucket_volume,
        buckets as usize,
    ))
}

/// Exponentially weighted rate of events.
#[napi(catch_unwind)]
pub fn trade_intensity(times_ms: &[f64], half_life_ms: f64) -> Result<Float64Array> {
    column(kernels::trade_intensity(times_ms, half_life_ms))
}

/// A Hawkes process; what a fit adds is absent in parameters.
#[napi(object)]
pub struct NativeHawkes {
    /// Events a second that come by themselves.
    pub baseline: f64,
    /// Events an event causes.
    pub branching: f64,
    /// How fast excitement fades, a second.
    pub decay: f64,
    /// Of the events, times in seconds.
    pub log_likelihood: Option<f64>,
    /// Whether the search came to rest.
    pub converged: Option<bool>,
}

impl From<&NativeHawkes> for HawkesParameters {
    fn from(native: &NativeHawkes) -> Self {
        HawkesParameters {
            baseline: native.baseline,
            branching: native.branching,
            decay: native.decay,
        }
    }
}

/// Fits a Hawkes process.
#[napi(catch_unwind)]
pub fn fit_hawkes(times_ms: &[f64], start_ms: f64, end_ms: f64) -> Result<NativeHawkes> {
    let fit = kernels::fit_hawkes(times_ms, start_ms, end_ms).map_err(refused)?;
    Ok(NativeHawkes {
        baseline: fit.parameters.baseline,
        branching: fit.parameters.branching,
        decay: fit.parameters.decay,
        log_likelihood: Some(fit.log_likelihood),
        converged: Some(fit.converged),
    })
}

/// Intensity just before each event.
#[napi(catch_unwind)]
pub fn hawkes_intensity(times_ms: &[f64], parameters: NativeHawkes) -> Result<Float64Array> {
    column(kernels::hawkes_intensity(times_ms, &(&parameters).into()))
}

/// Log likelihood of the events of a span.
#[napi(catch_unwind)]
pub fn hawkes_log_likelihood(
    times_ms: &[f64],
    start_ms: f64,
    end_ms: f64,
    parameters: NativeHawkes,
) -> Result<f64> {
    kernels::hawkes_log_likelihood(times_ms, start_ms, end_ms, &(&parameters).into())
        .map_err(refused)
}
