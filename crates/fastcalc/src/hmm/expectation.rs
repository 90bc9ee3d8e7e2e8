//! E-step: scaled forward and backward pass over all rows.

use super::HmmParameters;
use super::densities::Densities;
use super::log_product::LogProduct;
use super::statistics::Statistics;
use super::step::{advance, step};

/// Memory of the passes, made once and used by every iteration: 2 * T * K numbers.
pub(super) struct Expectation {
    /// T * K: forward posterior of each row.
    posterior: Vec<f64>,
    /// T * K: likelihood of each state over the likelihood of the row.
    likelihood: Vec<f64>,
    pub statistics: Statistics,
}

impl Expectation {
    pub fn new(rows: usize, states: usize) -> Self {
        Self {
            posterior: vec![0.0; rows * states],
            likelihood: vec![0.0; rows * states],
            statistics: Statistics::new(states),
        }
    }

    /// Forward pass; returns the log likelihood of all rows.
    pub fn forward(&mut self, observations: &[f64], parameters: &HmmParameters) -> f64 {
        let k = parameters.states();
        let densities = Densities::new(parameters);
        let mut prior = parameters.initial.clone();
        let mut total = LogProduct::ONE;
        let posteriors = self.posterior.chunks_exact_mut(k);
        let likelihoods = self.likelihood.chunks_exact_mut(k);
        for ((&x, posterior), likelihood) in observations.iter().zip(posteriors).zip(likelihoods) {
            step(&densities, &prior, x, likelihood, posterior, &mut total);
            advance(posterior, &parameters.transition, &mut prior);
        }
        total.value()
    }

    /// Backward pass after [`Self::forward`] with the same arguments; fills the statistics.
    pub fn backward(&mut self, observations: &[f64], parameters: &HmmParameters) {
        let k = parameters.states();
        let statistics = &mut self.statistics;
        statistics.clear();
        // What the rows after this one say about its state, over their likelihood.
        let mut later = vec![1.0; k];
        let mut gamma = vec![0.0; k];
        // likelihood * later of the row after this one.
        let mut ahead = vec![0.0; k];
        let rows = observations.iter().zip(self.posterior.chunks_exact(k));
        let rows = rows.zip(self.likelihood.chunks_exact(k)).enumerate().rev();
        for (t, ((&x, posterior), likelihood)) in rows {
            if t + 1 < observations.len() {
                for i in 0..k {
                    let transition = &parameters.transition[i * k..(i + 1) * k];
                    let moves = &mut statistics.moves[i * k..(i + 1) * k];
                    let p = posterior[i];
                    let mut sum = 0.0;
                    for ((m, &a), &w) in moves.iter_mut().zip(transition).zip(&ahead) {
                        sum += a * w;
                        *m += p * w;
                    }
                    // A state that is impossible here could have any value: 0 keeps it finite.
                    later[i] = if p > 0.0 { sum } else { 0.0 };
                }
            }
            for i in 0..k {
                gamma[i] = posterior[i] * later[i];
                ahead[i] = likelihood[i] * later[i];
            }
            if !x.is_nan() {
                statistics.observe(parameters, x, &gamma);
            }
        }
        statistics.first.copy_from_slice(&gamma);
    }
}
