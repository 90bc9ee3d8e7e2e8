//! Binding of sweeps: one indicator of one series with many periods.

use crate::bundle::{caught, coded};
use crate::errors::refused;
use fastcalc::indicators::Sweep;
use napi::bindgen_prelude::{AsyncTask, Float64Array};
use napi::{Env, Error, Result, Status, Task};
use napi_derive::napi;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The caller's array. An alias, because the macro takes a literal `&mut` for a wrapped object.
type Output<'a> = &'a mut [f64];

fn checked(indicator: &str, periods: &[u32]) -> Result<Sweep> {
    let periods: Vec<usize> = periods.iter().map(|period| *period as usize).collect();
    Sweep::new(indicator, &periods).map_err(refused)
}

/// Columns that a period of an indicator gives.
#[napi(catch_unwind)]
pub fn sweep_outputs(indicator: String, periods: Vec<u32>) -> Result<u32> {
    Ok(checked(&indicator, &periods)?.outputs() as u32)
}

/// Computes all periods into `out`, column after column.
#[napi(catch_unwind)]
pub fn sweep_into(
    indicator: String,
    series: &[f64],
    periods: Vec<u32>,
    out: Output<'_>,
) -> Result<()> {
    let sweep = checked(&indicator, &periods)?;
    let done = sweep.run(series, out, || false);
    done.map(|_| ()).map_err(refused)
}

/// A sweep being computed on another thread, of a series of its own.
#[napi]
pub struct NativeSweepJob {
    cancelled: Arc<AtomicBool>,
    task: Option<SweepTask>,
}

/// What the other thread works on.
pub struct SweepTask {
    sweep: Sweep,
    columns: usize,
    series: Vec<f64>,
    cancelled: Arc<AtomicBool>,
}

#[napi]
impl NativeSweepJob {
    /// Copies the series.
    #[napi(constructor, catch_unwind)]
    pub fn new(indicator: String, series: &[f64], periods: Vec<u32>) -> Result<Self> {
        let sweep = checked(&indicator, &periods)?;
        let cancelled = Arc::new(AtomicBool::new(false));
        let task = SweepTask {
            columns: sweep.outputs() * periods.len(),
            sweep,
            series: series.to_vec(),
            cancelled: Arc::clone(&cancelled),
        };
        Ok(NativeSweepJob {
            cancelled,
            task: Some(task),
        })
    }

    /// Starts; to be called once.
    #[napi(catch_unwind)]
    pub fn start(&mut self) -> Result<AsyncTask<SweepTask>> {
        let again = || Error::new(Status::InvalidArg, "a job starts once".to_owned());
        self.task.take().map(AsyncTask::new).ok_or_else(again)
    }

    /// Asks it to end early; the promise then rejects with CANCELLED.
    #[napi]
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

impl Task for SweepTask {
    type Output = Vec<f64>;
    type JsValue = Float64Array;

    fn compute(&mut self) -> Result<Vec<f64>> {
        caught("sweep", || {
            let values = self.series.len().checked_mul(self.columns);
            let mut out = vec![0.0; values.unwrap_or(0)];
            let cancelled = || self.cancelled.load(Ordering::Relaxed);
            match self.sweep.run(&self.series, &mut out, cancelled) {
                Ok(true) if !cancelled() => Ok(out),
                Ok(_) => Err(coded("CANCELLED", "signal", "the call was cancelled")),
                Err(error) => Err(refused(error)),
            }
        })
    }

    fn resolve(&mut self, _env: Env, output: Vec<f64>) -> Result<Float64Array> {
        Ok(output.into())
    }
}

/// Name of the set of vector instructions in use: `sse2`, `avx2`, `avx512`, `neon` or `scalar`.
#[napi]
pub fn simd_level() -> String {
    fastcalc::simd::level().name().to_owned()
}

/// Uses no more than this set; gives the one in use. Results are the same: for measurements and tests.
#[napi]
pub fn limit_simd(most: String) -> Result<String> {
    let level = fastcalc::simd::Level::named(&most);
    let level = level.ok_or_else(|| coded("INVALID_ARGUMENT", "most", "most: must be a set of instructions of this kind of processor: sse2, avx2 or avx512, or neon"))?;
    Ok(fastcalc::simd::limit(level).name().to_owned())
}
