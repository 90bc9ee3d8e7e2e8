//! Binding of the aggregation of real-valued forecasts.

use crate::errors::refused;
use fastcalc::KernelError;
use fastcalc::aggregate::{Method, Rows, aggregate};
use napi::Result;
use napi::bindgen_prelude::Float64Array;
use napi_derive::napi;

/// What came of an aggregation.
#[napi(object)]
pub struct NativeAggregation {
    /// One prediction per row.
    pub predictions: Float64Array,
    /// Weights after the last row.
    pub weights: Float64Array,
}

/// Aggregates forecasts, row-major, by one method.
#[napi(catch_unwind)]
pub fn aggregate_forecasts(
    forecasts: &[f64],
    target: &[f64],
    experts: u32,
    method: String,
) -> Result<NativeAggregation> {
    let method = match method.as_str() {
        "mlpol" => Method::MlPol,
        "boa" => Method::Boa,
        "ewa" => Method::Ewa,
        "fs" => Method::FixedShare,
        "ridge" => Method::Ridge,
        "auto" => Method::Auto,
        other => {
            let error = KernelError::new("method", other, "mlpol, boa, ewa, fs, ridge or auto");
            return Err(refused(error));
        }
    };
    let rows = Rows::new(forecasts, target, experts as usize).map_err(refused)?;
    let result = aggregate(&rows, method).map_err(refused)?;
    Ok(NativeAggregation {
        predictions: result.predictions.into(),
        weights: result.weights.into(),
    })
}
