//! Binding of quantiles and tails.

use crate::errors::{damaged, refused};
use fastcalc::stats::{self as kernels, ParetoTail, TailMonitorOptions};
use napi::Result;
use napi::bindgen_prelude::{Float64Array, Uint8Array};
use napi_derive::napi;

/// A generalised Pareto tail.
#[napi(object)]
pub struct NativeParetoTail {
    /// Where it begins.
    pub threshold: f64,
    /// Scale.
    pub scale: f64,
    /// Shape.
    pub shape: f64,
    /// Share of the values above the threshold.
    pub share: f64,
    /// Of the excesses.
    pub log_likelihood: f64,
}

impl From<&ParetoTail> for NativeParetoTail {
    fn from(tail: &ParetoTail) -> Self {
        NativeParetoTail {
            threshold: tail.threshold,
            scale: tail.scale,
            shape: tail.shape,
            share: tail.share,
            log_likelihood: tail.log_likelihood,
        }
    }
}

impl From<&NativeParetoTail> for ParetoTail {
    fn from(native: &NativeParetoTail) -> Self {
        ParetoTail {
            threshold: native.threshold,
            scale: native.scale,
            shape: native.shape,
            share: native.share,
            log_likelihood: native.log_likelihood,
        }
    }
}

/// Fits the upper tail.
#[napi(catch_unwind)]
pub fn fit_tail(values: &[f64], threshold_level: f64) -> Result<NativeParetoTail> {
    let tail = kernels::fit_tail(values, threshold_level).map_err(refused)?;
    Ok((&tail).into())
}

/// The value exceeded with probability 1 - level.
#[napi(catch_unwind)]
pub fn tail_quantile(tail: NativeParetoTail, level: f64) -> Result<f64> {
    ParetoTail::from(&tail).quantile(level).map_err(refused)
}

/// Mean of the values above one.
#[napi(catch_unwind)]
pub fn tail_mean_beyond(tail: NativeParetoTail, value: f64) -> f64 {
    ParetoTail::from(&tail).mean_beyond(value)
}

/// Level and alarm of each row.
#[napi(object)]
pub struct NativeWatchedTail {
    /// What the value was held against.
    pub level: Float64Array,
    /// 1 or 0.
    pub alarm: Float64Array,
}

/// Watches the upper tail of a series.
#[napi(catch_unwind)]
pub fn watch_tail(
    values: &[f64],
    calibration_rows: u32,
    threshold_level: f64,
    risk: f64,
    most_peaks: u32,
) -> Result<NativeWatchedTail> {
    let options = TailMonitorOptions {
        threshold_level,
        risk,
        most_peaks: most_peaks as usize,
    };
    let out = kernels::watch_tail(values, calibration_rows as usize, options).map_err(refused)?;
    Ok(NativeWatchedTail {
        level: out.level.into(),
        alarm: out.alarm.into(),
    })
}

/// The tail monitor as Node sees it.
#[napi]
pub struct NativeTailMonitor {
    inner: kernels::TailMonitor,
}

#[napi]
impl NativeTailMonitor {
    /// Calibrates on a series.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        calibration: &[f64],
        threshold_level: f64,
        risk: f64,
        most_peaks: u32,
    ) -> Result<Self> {
        let options = TailMonitorOptions {
            threshold_level,
            risk,
            most_peaks: most_peaks as usize,
        };
        let inner = kernels::TailMonitor::new(calibration, options).map_err(|mut error| {
            // The kernel calls every series its values.
            error.field = error.field.replace("values", "calibration");
            refused(error)
        })?;
        Ok(NativeTailMonitor { inner })
    }

    /// The monitor a snapshot was taken of.
    #[napi(factory, catch_unwind)]
    pub fn restore(bytes: Uint8Array) -> Result<Self> {
        let inner = kernels::TailMonitor::restore(&bytes).map_err(damaged)?;
        Ok(NativeTailMonitor { inner })
    }

    /// Takes a value; whether it is an alarm.
    #[napi(catch_unwind)]
    pub fn update(&mut self, value: f64) -> Result<bool> {
        self.inner.update(value).map_err(refused)
    }

    /// The alarm level now.
    #[napi(getter)]
    pub fn level(&self) -> f64 {
        self.inner.level()
    }

    /// The tail now.
    #[napi]
    pub fn tail(&self) -> NativeParetoTail {
        self.inner.tail().into()
    }

    /// All of the state.
    #[napi(catch_unwind)]
    pub fn snapshot(&self) -> Uint8Array {
        self.inner.snapshot().into()
    }
}

/// The quantile sketch as Node sees it.
#[napi]
pub struct NativeQuantileSketch {
    inner: kernels::QuantileSketch,
}

#[napi]
impl NativeQuantileSketch {
    /// An empty sketch.
    #[napi(constructor, catch_unwind)]
    pub fn new(accuracy: f64) -> Result<Self> {
        let inner = kernels::QuantileSketch::new(accuracy).map_err(refused)?;
        Ok(NativeQuantileSketch { inner })
    }

    /// Counts all values, or none where one is refused.
    #[napi(catch_unwind)]
    pub fn add(&mut self, values: &[f64]) -> Result<()> {
        self.inner.add_all(values).map_err(refused)
    }

    /// Adds the values of another.
    #[napi(catch_unwind)]
    pub fn merge(&mut self, other: &NativeQuantileSketch) -> Result<()> {
        self.inner.merge(&other.inner).map_err(refused)
    }

    /// A quantile within the accuracy.
    #[napi(catch_unwind)]
    pub fn quantile(&self, p: f64) -> Result<f64> {
        self.inner.quantile(p).map_err(refused)
    }

    /// Values counted; exact up to 2^53.
    #[napi(getter)]
    pub fn count(&self) -> f64 {
        self.inner.count() as f64
    }
}
