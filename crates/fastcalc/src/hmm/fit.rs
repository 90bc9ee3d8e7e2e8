//! Fitting by expectation maximisation (Baum, Petrie, Soules, Weiss 1970).

use super::expectation::Expectation;
use super::parameters::check_states;
use super::start::Sample;
use super::{Emission, HmmParameters};
use crate::{KernelError, checks};

/// Iterations given to each of the starts before the better one goes on alone.
const TRIAL_ITERATIONS: usize = 10;

/// How to fit.
#[derive(Debug, Clone)]
pub struct FitOptions {
    /// Number of states, 1 to [`super::MAX_STATES`].
    pub states: usize,
    /// Family of the emissions.
    pub emission: Emission,
    /// Most iterations, at least 1.
    pub max_iterations: usize,
    /// Converged when an iteration raises the log likelihood per observation by less than this
    /// many nats; 0 goes on until it does not rise any more.
    pub tolerance: f64,
    /// Where to start; None searches from quantiles of the observations. Its number of states and
    /// its emission must be those asked for.
    pub initial: Option<HmmParameters>,
    /// No variance falls below it; None is a millionth of the variance of the observations.
    pub variance_floor: Option<f64>,
}

/// A fitted model, its states in order of rising variance.
#[derive(Debug, Clone, PartialEq)]
pub struct HmmFit {
    /// The model.
    pub parameters: HmmParameters,
    /// Natural logarithm of the likelihood of the observations under it.
    pub log_likelihood: f64,
    /// Iterations that led to it.
    pub iterations: usize,
    /// Whether the tolerance was met before the iterations ran out.
    pub converged: bool,
}

/// Fits a model to the observations; the same input gives the same bits.
///
/// Without `initial` two starts are tried for a few iterations, states that differ by level and
/// states that differ by spread, and the likelier one is carried on (Biernacki, Celeux, Govaert
/// 2003, without their random draws).
///
/// # Errors
/// An option out of range, an infinite observation, fewer observations than states.
pub fn fit_hmm(observations: &[f64], options: &FitOptions) -> Result<HmmFit, KernelError> {
    check(observations, options)?;
    let sample = Sample::new(observations);
    if sample.observed() < options.states {
        return Err(KernelError::new(
            "observations",
            format!("{} values that are not missing", sample.observed()),
            format!("at least as many as states ({})", options.states),
        ));
    }
    let floor = options
        .variance_floor
        .unwrap_or_else(|| sample.default_floor());
    let mut search = Search {
        observations,
        least_gain: options.tolerance * sample.observed() as f64,
        floor,
        expectation: Expectation::new(observations.len(), options.states),
    };
    let limit = options.max_iterations;
    let mut best = match &options.initial {
        Some(initial) => search.climb(HmmFit::at(initial.clone(), floor), limit),
        None => {
            let trial = limit.min(TRIAL_ITERATIONS);
            let [level, spread] = sample
                .starts(options.states, options.emission, floor)
                .map(|start| search.climb(HmmFit::at(start, floor), trial));
            let likelier = if spread.log_likelihood > level.log_likelihood {
                spread
            } else {
                level
            };
            search.climb(likelier, limit)
        }
    };
    best.parameters = best.parameters.ordered();
    Ok(best)
}

impl HmmFit {
    fn at(mut parameters: HmmParameters, floor: f64) -> Self {
        for v in &mut parameters.variance {
            *v = v.max(floor);
        }
        Self {
            parameters,
            log_likelihood: f64::NEG_INFINITY,
            iterations: 0,
            converged: false,
        }
    }
}

struct Search<'a> {
    observations: &'a [f64],
    least_gain: f64,
    floor: f64,
    expectation: Expectation,
}

impl Search<'_> {
    /// Iterates until converged or `limit` iterations in all; the likelihood is that of the result.
    fn climb(&mut self, mut at: HmmFit, limit: usize) -> HmmFit {
        if at.converged {
            return at;
        }
        at.log_likelihood = self.expectation.forward(self.observations, &at.parameters);
        while at.iterations < limit && !at.converged {
            self.expectation.backward(self.observations, &at.parameters);
            let mut next = at.parameters.clone();
            self.expectation.statistics.maximise(&mut next, self.floor);
            let log_likelihood = self.expectation.forward(self.observations, &next);
            let gain = log_likelihood - at.log_likelihood;
            at.iterations += 1;
            at.converged = gain <= 0.0 || gain < self.least_gain;
            // At the top rounding alone decides: never give back the lower of the two.
            if gain >= 0.0 {
                at.parameters = next;
                at.log_likelihood = log_likelihood;
            }
        }
        at
    }
}

fn check(observations: &[f64], options: &FitOptions) -> Result<(), KernelError> {
    checks::finite(("observations", observations))?;
    check_states(options.states)?;
    options.emission.check()?;
    checks::period("maxIterations", options.max_iterations, 1)?;
    if !(options.tolerance >= 0.0 && options.tolerance.is_finite()) {
        return Err(KernelError::new(
            "tolerance",
            options.tolerance,
            "a finite number of at least 0",
        ));
    }
    if let Some(floor) = options.variance_floor
        && !(floor.is_normal() && floor > 0.0)
    {
        return Err(KernelError::new(
            "varianceFloor",
            floor,
            "a finite number above 0",
        ));
    }
    let Some(initial) = &options.initial else {
        return Ok(());
    };
    initial.check().map_err(|error| error.inside("initial"))?;
    if initial.states() != options.states {
        return Err(KernelError::new(
            "initial.states",
            initial.states(),
            format!("the states asked for ({})", options.states),
        ));
    }
    if initial.emission != options.emission {
        return Err(KernelError::new(
            "initial.emission",
            format!("{:?}", initial.emission),
            format!("the emission asked for ({:?})", options.emission),
        ));
    }
    Ok(())
}
