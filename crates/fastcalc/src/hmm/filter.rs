//! The forward filter: the probability of each state given this row and those before it, never later ones.

use super::HmmParameters;
use super::densities::Densities;
use super::log_product::LogProduct;
use super::step::{advance, step};
use crate::{KernelError, checks};

/// Posterior of a whole series.
#[derive(Debug, Clone, PartialEq)]
pub struct Filtered {
    /// T * K probabilities, row-major: row t is the state given the observations up to t.
    pub posterior: Vec<f64>,
    /// Natural logarithm of the likelihood of all observations.
    pub log_likelihood: f64,
}

/// A filter that takes one observation at a time; bit for bit the same as [`filter_hmm`].
#[derive(Debug, Clone)]
pub struct HmmFilter {
    pub(super) parameters: HmmParameters,
    pub(super) prior: Vec<f64>,
    pub(super) posterior: Vec<f64>,
    pub(super) likelihoods: LogProduct,
    pub(super) rows: u64,
    densities: Densities,
    likelihood: Vec<f64>,
}

impl HmmFilter {
    /// A filter before its first observation; the posterior is the initial distribution.
    ///
    /// # Errors
    /// As [`HmmParameters::check`].
    pub fn new(parameters: HmmParameters) -> Result<Self, KernelError> {
        parameters
            .check()
            .map_err(|error| error.inside("parameters"))?;
        let mut prior = vec![0.0; parameters.states()];
        prior.copy_from_slice(&parameters.initial);
        Ok(Self {
            densities: Densities::new(&parameters),
            likelihood: prior.clone(),
            posterior: prior.clone(),
            prior,
            likelihoods: LogProduct::ONE,
            rows: 0,
            parameters,
        })
    }

    /// Folds one observation in and returns the K probabilities of the state now.
    ///
    /// # Errors
    /// `observation` infinite (NaN is a missing one).
    pub fn update(&mut self, observation: f64) -> Result<&[f64], KernelError> {
        if observation.is_infinite() {
            return Err(KernelError::new(
                "observation",
                observation,
                "a finite number, or NaN where missing",
            ));
        }
        step(
            &self.densities,
            &self.prior,
            observation,
            &mut self.likelihood,
            &mut self.posterior,
            &mut self.likelihoods,
        );
        advance(
            &self.posterior,
            &self.parameters.transition,
            &mut self.prior,
        );
        self.rows += 1;
        Ok(&self.posterior)
    }

    /// The K probabilities after the last observation.
    pub fn posterior(&self) -> &[f64] {
        &self.posterior
    }

    /// Natural logarithm of the likelihood of all observations so far.
    pub fn log_likelihood(&self) -> f64 {
        self.likelihoods.value()
    }

    /// Number of observations so far, missing ones included.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The model it filters with.
    pub fn parameters(&self) -> &HmmParameters {
        &self.parameters
    }
}

/// Filters a whole series.
///
/// # Errors
/// As [`HmmParameters::check`]; an observation that is infinite.
pub fn filter_hmm(
    observations: &[f64],
    parameters: &HmmParameters,
) -> Result<Filtered, KernelError> {
    checks::finite(("observations", observations))?;
    let mut filter = HmmFilter::new(parameters.clone())?;
    let mut posterior = Vec::with_capacity(observations.len() * parameters.states());
    for &x in observations {
        posterior.extend_from_slice(filter.update(x)?);
    }
    Ok(Filtered {
        posterior,
        log_likelihood: filter.log_likelihood(),
    })
}
