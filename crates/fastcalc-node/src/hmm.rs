//! Binding of the hidden Markov models.

use crate::errors::{damaged, refused};
use fastcalc::hmm::{self as kernels, Emission, FitOptions, HmmParameters};
use napi::Result;
use napi::bindgen_prelude::{Float64Array, Uint8Array};
use napi_derive::napi;

/// A model; no degrees of freedom means normal emissions.
#[napi(object)]
pub struct NativeHmmParameters {
    /// Degrees of freedom of Student's t.
    pub degrees_of_freedom: Option<f64>,
    /// K probabilities.
    pub initial: Float64Array,
    /// K * K probabilities, row-major.
    pub transition: Float64Array,
    /// K means.
    pub mean: Float64Array,
    /// K variances or squared scales.
    pub variance: Float64Array,
}

impl From<NativeHmmParameters> for HmmParameters {
    fn from(native: NativeHmmParameters) -> Self {
        HmmParameters {
            emission: emission(native.degrees_of_freedom),
            initial: native.initial.to_vec(),
            transition: native.transition.to_vec(),
            mean: native.mean.to_vec(),
            variance: native.variance.to_vec(),
        }
    }
}

impl From<HmmParameters> for NativeHmmParameters {
    fn from(model: HmmParameters) -> Self {
        NativeHmmParameters {
            degrees_of_freedom: match model.emission {
                Emission::Gaussian => None,
                Emission::StudentT { degrees_of_freedom } => Some(degrees_of_freedom),
            },
            initial: model.initial.into(),
            transition: model.transition.into(),
            mean: model.mean.into(),
            variance: model.variance.into(),
        }
    }
}

fn emission(degrees_of_freedom: Option<f64>) -> Emission {
    degrees_of_freedom.map_or(Emission::Gaussian, |degrees_of_freedom| {
        Emission::StudentT { degrees_of_freedom }
    })
}

/// How to fit.
#[napi(object)]
pub struct NativeFitOptions {
    /// Number of states.
    pub states: u32,
    /// Degrees of freedom of Student's t; none for normal emissions.
    pub degrees_of_freedom: Option<f64>,
    /// Most iterations.
    pub max_iterations: u32,
    /// Least gain of log likelihood per observation.
    pub tolerance: f64,
    /// Where to start.
    pub initial: Option<NativeHmmParameters>,
    /// Least variance.
    pub variance_floor: Option<f64>,
}

/// A fitted model.
#[napi(object)]
pub struct NativeHmmFit {
    /// The model.
    pub parameters: NativeHmmParameters,
    /// Its log likelihood.
    pub log_likelihood: f64,
    /// Iterations that led to it.
    pub iterations: u32,
    /// Whether the tolerance was met.
    pub converged: bool,
}

/// Fits a model to a series.
#[napi(catch_unwind)]
pub fn fit_hmm(observations: &[f64], options: NativeFitOptions) -> Result<NativeHmmFit> {
    let options = FitOptions {
        states: options.states as usize,
        emission: emission(options.degrees_of_freedom),
        max_iterations: options.max_iterations as usize,
        tolerance: options.tolerance,
        initial: options.initial.map(Into::into),
        variance_floor: options.variance_floor,
    };
    let fit = kernels::fit_hmm(observations, &options).map_err(refused)?;
    Ok(NativeHmmFit {
        parameters: fit.parameters.into(),
        log_likelihood: fit.log_likelihood,
        // At most max_iterations, which came as u32.
        iterations: fit.iterations as u32,
        converged: fit.converged,
    })
}

/// Posterior of a series.
#[napi(object)]
pub struct NativeFiltered {
    /// T * K probabilities, row-major.
    pub posterior: Float64Array,
    /// Log likelihood of the series.
    pub log_likelihood: f64,
}

/// Filters a series.
#[napi(catch_unwind)]
pub fn filter_hmm(observations: &[f64], parameters: NativeHmmParameters) -> Result<NativeFiltered> {
    let filtered = kernels::filter_hmm(observations, &parameters.into()).map_err(refused)?;
    Ok(NativeFiltered {
        posterior: filtered.posterior.into(),
        log_likelihood: filtered.log_likelihood,
    })
}

/// A likeliest path.
#[napi(object)]
pub struct NativeViterbiPath {
    /// State of each row.
    pub states: Float64Array,
    /// Of path and observations together.
    pub log_probability: f64,
}

/// The likeliest path of a series.
#[napi(catch_unwind)]
pub fn viterbi_hmm(
    observations: &[f64],
    parameters: NativeHmmParameters,
) -> Result<NativeViterbiPath> {
    let path = kernels::viterbi_hmm(observations, &parameters.into()).map_err(refused)?;
    let states: Vec<f64> = path.states.into_iter().map(f64::from).collect();
    Ok(NativeViterbiPath {
        states: states.into(),
        log_probability: path.log_probability,
    })
}

/// The streaming filter as Node sees it.
#[napi]
pub struct NativeHmmFilter {
    inner: kernels::HmmFilter,
}

#[napi]
impl NativeHmmFilter {
    /// A filter before its first observation.
    #[napi(constructor, catch_unwind)]
    pub fn new(parameters: NativeHmmParameters) -> Result<Self> {
        let inner = kernels::HmmFilter::new(parameters.into()).map_err(refused)?;
        Ok(NativeHmmFilter { inner })
    }

    /// Folds one observation in.
    #[napi(catch_unwind)]
    pub fn update(&mut self, observation: f64) -> Result<Float64Array> {
        let posterior = self.inner.update(observation).map_err(refused)?;
        Ok(posterior.to_vec().into())
    }

    /// The probabilities now.
    #[napi(getter)]
    pub fn posterior(&self) -> Float64Array {
        self.inner.posterior().to_vec().into()
    }

    /// Log likelihood of all observations so far.
    #[napi(getter)]
    pub fn log_likelihood(&self) -> f64 {
        self.inner.log_likelihood()
    }

    /// Number of observations so far; exact up to 2^53.
    #[napi(getter)]
    pub fn rows(&self) -> f64 {
        self.inner.rows() as f64
    }

    /// The model.
    #[napi]
    pub fn parameters(&self) -> NativeHmmParameters {
        self.inner.parameters().clone().into()
    }

    /// All of the state.
    #[napi(catch_unwind)]
    pub fn snapshot(&self) -> Uint8Array {
        self.inner.snapshot().into()
    }

    /// The filter a snapshot was taken of.
    #[napi(catch_unwind)]
    pub fn restore(bytes: &[u8]) -> Result<NativeHmmFilter> {
        let inner = kernels::HmmFilter::restore(bytes).map_err(damaged)?;
        Ok(NativeHmmFilter { inner })
    }
}
