//! Results of kernels as Node takes them.

use crate::errors::refused;
use fastcalc::KernelError;
use napi::Result;
use napi::bindgen_prelude::Float64Array;

/// A column, handed over without a copy.
pub fn column(result: std::result::Result<Vec<f64>, KernelError>) -> Result<Float64Array> {
    result.map(Into::into).map_err(refused)
}

/// Row numbers and states: whole numbers far below 2^53.
pub fn whole(values: Vec<usize>) -> Float64Array {
    let values: Vec<f64> = values.into_iter().map(|v| v as f64).collect();
    values.into()
}
