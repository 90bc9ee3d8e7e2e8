//! Binding of the catalogue: bundles of indicators over caller-owned columns.

use crate::errors::{damaged, refused};
use fastcalc::KernelError;
use fastcalc::indicators::catalogue;
use fastcalc::indicators::engine::{
    Bundle, Candles, Definition, Gap, Input, Param, ParamKind, Source, before_line,
};
use napi::bindgen_prelude::{AsyncTask, Buffer, BufferSlice, Float64Array, Uint8Array};
use napi::{Env, Error, Result, Status, Task};
use napi_derive::napi;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A column, or nothing.
type Optional<'a> = Option<&'a [f64]>;
/// A Float64Array, or nothing. Node hands over the memory of a buffer in a third of the time that it takes
/// to find out of what type an array is, which the caller has checked.
type Given<'a> = Option<BufferSlice<'a>>;

/// The numbers of a Float64Array.
fn numbers<'a>(field: &str, bytes: &'a [u8]) -> Result<&'a [f64]> {
    if bytes.is_empty() {
        // Nowhere in particular, so perhaps not where numbers may begin.
        return Ok(&[]);
    }
    bytemuck::try_cast_slice(bytes).map_err(|_| not_numbers(field))
}

fn numbers_mut<'a>(field: &str, bytes: &'a mut [u8]) -> Result<&'a mut [f64]> {
    if bytes.is_empty() {
        return Ok(&mut []);
    }
    bytemuck::try_cast_slice_mut(bytes).map_err(|_| not_numbers(field))
}

fn not_numbers(field: &str) -> Error {
    let message = format!("{field}: bytes that are not whole numbers; must be a Float64Array");
    coded("INVALID_ARGUMENT", field, &message)
}

fn columns<'a>(given: [Option<&'a [u8]>; 8]) -> Result<[Optional<'a>; 8]> {
    let mut columns = [None; 8];
    for ((slot, source), bytes) in columns.iter_mut().zip(Source::ALL).zip(given) {
        *slot = match bytes {
            Some(bytes) => Some(numbers(source.name(), bytes)?),
            None => None,
        };
    }
    Ok(columns)
}

/// One output column.
#[napi(object)]
pub struct NativeColumn {
    /// Its heading.
    pub heading: String,
    /// Rows before its first value.
    pub lookback: u32,
}

/// Indicators with their state.
#[napi]
pub struct NativeBundle {
    inner: Bundle,
    bound: Option<Bound>,
}

/// Arrays of the caller's that the next calls read and write.
struct Bound {
    out: Buffer,
    columns: [Option<Buffer>; 8],
}

#[napi]
impl NativeBundle {
    /// Before its first row.
    #[napi(constructor, catch_unwind)]
    pub fn new(spec: String) -> Result<Self> {
        let inner = Bundle::new(&spec).map_err(refused)?;
        Ok(NativeBundle { inner, bound: None })
    }

    /// The bundle a snapshot was taken of.
    #[napi(factory, catch_unwind)]
    pub fn restore(bytes: &[u8]) -> Result<Self> {
        let inner = Bundle::restore(bytes).map_err(damaged)?;
        Ok(NativeBundle { inner, bound: None })
    }

    /// Output columns, in order.
    #[napi]
    pub fn columns(&self) -> Vec<NativeColumn> {
        let columns = self.inner.columns().into_iter();
        // A lookback is a few times 100,000 at most.
        let native = columns.map(|column| NativeColumn {
            heading: column.heading,
            lookback: column.lookback as u32,
        });
        native.collect()
    }

    /// Names of the columns it reads.
    #[napi]
    pub fn inputs(&self) -> Vec<String> {
        let sources = self.inner.sources().iter();
        sources.map(|source| source.name().to_owned()).collect()
    }

    /// Computes rows into `out`, column after column; from the first row anew where `afresh`. Where `out` has `spare`
    /// values more than that, it is memory that nobody has used lately, and results begin where a line of the cache
    /// does. Gives where they begin.
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments)]
    pub fn run(
        &mut self,
        afresh: bool,
        spare: u32,
        mut out: BufferSlice<'_>,
        time_ms: Given<'_>,
        open: Given<'_>,
        high: Given<'_>,
        low: Given<'_>,
        close: Given<'_>,
        volume: Given<'_>,
        real0: Given<'_>,
        real1: Given<'_>,
    ) -> Result<u32> {
        let given = [time_ms, open, high, low, close, volume, real0, real1];
        let candles = Candles::of(columns(given.each_ref().map(Option::as_deref))?);
        if afresh {
            self.inner.reset();
        }
        let out = numbers_mut("out", &mut out)?;
        let spare = (spare as usize).min(out.len());
        if spare == 0 {
            let run = self.inner.run(&candles, out, || false);
            return run.map(|_| 0).map_err(refused);
        }
        let start = before_line(out).min(spare);
        let end = out.len() - (spare - start);
        let run = self
            .inner
            .run_into_new(&candles, &mut out[start..end], || false);
        run.map(|_| start as u32).map_err(refused)
    }

    /// Keeps arrays for `again`. The caller sees to it that they are not detached in between.
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments)]
    pub fn bind(
        &mut self,
        out: Buffer,
        time_ms: Option<Buffer>,
        open: Option<Buffer>,
        high: Option<Buffer>,
        low: Option<Buffer>,
        close: Option<Buffer>,
        volume: Option<Buffer>,
        real0: Option<Buffer>,
        real1: Option<Buffer>,
    ) {
        let columns = [time_ms, open, high, low, close, volume, real0, real1];
        self.bound = Some(Bound { out, columns });
    }

    /// `run` with the arrays that were bound.
    #[napi(catch_unwind)]
    pub fn again(&mut self) -> Result<()> {
        let nothing = || coded("INTERNAL", "out", "no arrays were bound");
        let bound = self.bound.as_mut().ok_or_else(nothing)?;
        let given = bound.columns.each_ref().map(Option::as_deref);
        let candles = Candles::of(columns(given)?);
        let out = numbers_mut("out", &mut bound.out)?;
        let run = self.inner.run(&candles, out, || false);
        run.map(|_| ()).map_err(refused)
    }

    /// All of the state.
    #[napi(catch_unwind)]
    pub fn snapshot(&self) -> Uint8Array {
        self.inner.snapshot().into()
    }
}

/// A bundle being computed on another thread, from columns of its own.
#[napi]
pub struct NativeBundleJob {
    cancelled: Arc<AtomicBool>,
    task: Option<BundleTask>,
}

/// What the other thread works on.
pub struct BundleTask {
    bundle: Bundle,
    columns: Vec<Option<Vec<f64>>>,
    cancelled: Arc<AtomicBool>,
}

#[napi]
impl NativeBundleJob {
    /// Copies the columns.
    #[napi(constructor, catch_unwind)]
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        spec: String,
        time_ms: Optional<'_>,
        open: Optional<'_>,
        high: Optional<'_>,
        low: Optional<'_>,
        close: Optional<'_>,
        volume: Optional<'_>,
        real0: Optional<'_>,
        real1: Optional<'_>,
    ) -> Result<Self> {
        let bundle = Bundle::new(&spec).map_err(refused)?;
        let cancelled = Arc::new(AtomicBool::new(false));
        let given = [time_ms, open, high, low, close, volume, real0, real1];
        let given = Source::ALL.into_iter().zip(given);
        let columns = given
            .map(|(source, column)| {
                let read = bundle.sources().contains(&source);
                column.filter(|_| read).map(<[f64]>::to_vec)
            })
            .collect();
        let task = BundleTask {
            bundle,
            columns,
            cancelled: Arc::clone(&cancelled),
        };
        Ok(NativeBundleJob {
            cancelled,
            task: Some(task),
        })
    }

    /// Starts; to be called once.
    #[napi(catch_unwind)]
    pub fn start(&mut self) -> Result<AsyncTask<BundleTask>> {
        let task = self.task.take();
        let again = || Error::new(Status::InvalidArg, "a job starts once".to_owned());
        task.map(AsyncTask::new).ok_or_else(again)
    }

    /// Asks it to end early; the promise then rejects with CANCELLED.
    #[napi]
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

impl Task for BundleTask {
    type Output = Vec<f64>;
    type JsValue = Float64Array;

    fn compute(&mut self) -> Result<Vec<f64>> {
        caught("bundle", || self.work())
    }

    fn resolve(&mut self, _env: Env, output: Vec<f64>) -> Result<Float64Array> {
        Ok(output.into())
    }
}

impl BundleTask {
    fn work(&mut self) -> Result<Vec<f64>> {
        let mut columns: [Optional<'_>; 8] = [None; 8];
        for (slot, column) in columns.iter_mut().zip(&self.columns) {
            *slot = column.as_deref();
        }
        let candles = Candles::of(columns);
        let mut out = vec![0.0; self.bundle.width() * candles.rows()];
        let cancelled = || self.cancelled.load(Ordering::Relaxed);
        match self.bundle.run_into_new(&candles, &mut out, cancelled) {
            Ok(true) if !cancelled() => Ok(out),
            Ok(_) => Err(coded("CANCELLED", "signal", "the call was cancelled")),
            Err(error) => Err(refused(error)),
        }
    }
}

/// Work on a thread of libuv's, where a panic would end the process.
pub fn caught<T>(field: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(coded("INTERNAL", field, "the kernel panicked")))
}

/// An error of this face.
pub fn coded(code: &str, field: &str, message: &str) -> Error {
    let text = format!("{code}\u{1f}{field}\u{1f}{message}");
    Error::new(Status::GenericFailure, text)
}

/// A parameter of an indicator.
#[napi(object)]
pub struct NativeParameter {
    /// Its name.
    pub name: String,
    /// What it is when not given.
    pub default: f64,
    /// Least value; 0 for a choice.
    pub least: f64,
    /// Most; for a choice the place of the last.
    pub most: f64,
    /// Whether it is a whole number.
    pub whole: bool,
    /// Names of a choice, else empty.
    pub choices: Vec<String>,
}

/// An indicator of the catalogue.
#[napi(object)]
pub struct NativeIndicator {
    /// Its name in specs.
    pub name: String,
    /// Its family.
    pub group: String,
    /// Formula, source and convention.
    pub about: String,
    /// Columns read.
    pub inputs: Vec<String>,
    /// Parameters, in order.
    pub parameters: Vec<NativeParameter>,
    /// Outputs, in order.
    pub outputs: Vec<String>,
    /// Rows before the first value, with default parameters.
    pub lookback: u32,
    /// What a row with a missing value does: `restart` or `pass-over`.
    pub gap: String,
    /// No output is below it; absent where nothing bounds them.
    pub least: Option<f64>,
    /// No output is above it; absent where nothing bounds them.
    pub most: Option<f64>,
}

/// All indicators.
#[napi(catch_unwind)]
pub fn list_indicators() -> Result<Vec<NativeIndicator>> {
    let natives: std::result::Result<_, KernelError> = catalogue::all().map(describe).collect();
    natives.map_err(refused)
}

fn describe(definition: &Definition) -> std::result::Result<NativeIndicator, KernelError> {
    let input = |input: &Input| match input {
        Input::Of(source) => source.name(),
        Input::Real => "real",
        Input::Real1 => "real1",
    };
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let inputs: Vec<&str> = definition.inputs.iter().map(input).collect();
    Ok(NativeIndicator {
        name: definition.name.to_owned(),
        group: definition.group.name().to_owned(),
        about: definition.about.to_owned(),
        inputs: owned(&inputs),
        parameters: definition.params.iter().map(parameter).collect(),
        outputs: owned(definition.outputs),
        lookback: Bundle::new(definition.name)?.lookback() as u32,
        gap: match definition.gap {
            // Those that see a gap themselves start anew, and only count rows on.
            Gap::Restart | Gap::Seen => "restart",
            Gap::PassOver => "pass-over",
        }
        .to_owned(),
        least: definition.range.map(|(least, _)| least),
        most: definition
            .range
            .map(|(_, most)| most)
            .filter(|most| most.is_finite()),
    })
}

fn parameter(param: &Param) -> NativeParameter {
    let (least, most, whole, choices) = match param.kind {
        ParamKind::Whole { least, most } => (least as f64, most as f64, true, &[][..]),
        ParamKind::Real { least, most } => (least, most, false, &[][..]),
        ParamKind::Choice(of) => (0.0, of.len() as f64 - 1.0, true, of),
    };
    NativeParameter {
        name: param.name.to_owned(),
        default: param.default,
        least,
        most,
        whole,
        choices: choices.iter().map(|way| (*way).to_owned()).collect(),
    }
}
