//! Binding of the order flow kernels. Inputs are borrowed, outputs handed over without a copy.

use crate::errors::refused;
use fastcalc::orderflow::{self as kernels, Quotes};
use napi::Result;
use napi::bindgen_prelude::Float64Array;
use napi_derive::napi;

/// Imbalance of the sizes at the best quotes.
#[napi(catch_unwind)]
pub fn queue_imbalance(bid_size: &[f64], ask_size: &[f64]) -> Result<Float64Array> {
    let out = kernels::queue_imbalance(bid_size, ask_size);
    out.map(Into::into).map_err(refused)
}

/// Size-weighted mid price.
#[napi(catch_unwind)]
pub fn microprice(
    bid_price: &[f64],
    bid_size: &[f64],
    ask_price: &[f64],
    ask_size: &[f64],
) -> Result<Float64Array> {
    let out = kernels::microprice(&Quotes {
        bid_price,
        bid_size,
        ask_price,
        ask_size,
    });
    out.map(Into::into).map_err(refused)
}

/// Order flow imbalance of each update of the best quotes.
#[napi(catch_unwind)]
pub fn order_flow_imbalance(
    bid_price: &[f64],
    bid_size: &[f64],
    ask_price: &[f64],
    ask_size: &[f64],
) -> Result<Float64Array> {
    let out = kernels::order_flow_imbalance(&Quotes {
        bid_price,
        bid_size,
        ask_price,
        ask_size,
    });
    out.map(Into::into).map_err(refused)
}

/// Buy volume of each bar.
#[napi(catch_unwind)]
pub fn bulk_volume_classification(
    close: &[f64],
    volume: &[f64],
    volatility_period: u32,
) -> Result<Float64Array> {
    let out = kernels::bulk_volume_classification(close, volume, volatility_period as usize);
    out.map(Into::into).map_err(refused)
}
