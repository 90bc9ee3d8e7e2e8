//! E-step: scaled forward and backward pass over all rows.

use super::HmmParameters;
use super::densities::Densities;
use super::log_product::LogProduct;
use super::statistics::{Statistics, Sums};
use super::step::{DIRECT, advance, flushed, step};

/// Rows whose densities are worked out together.
const BLOCK: usize = 256;

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
        match parameters.states() {
            2 => self.forward_of::<2>(observations, parameters),
            3 => self.forward_of::<3>(observations, parameters),
            4 => self.forward_of::<4>(observations, parameters),
            _ => self.forward_of_any(observations, parameters),
        }
    }

    /// Of K states, K known to the compiler. Densities are worked out a block of rows at a time, and no
    /// row waits for its own division more than once.
    fn forward_of<const K: usize>(
        &mut self,
        observations: &[f64],
        parameters: &HmmParameters,
    ) -> f64 {
        let densities = Densities::new(parameters);
        let transition: [[f64; K]; K] =
            std::array::from_fn(|i| std::array::from_fn(|j| parameters.transition[i * K + j]));
        let mut prior: [f64; K] = std::array::from_fn(|k| parameters.initial[k]);
        let mut total = LogProduct::ONE;
        let mut columns = [[0.0; BLOCK]; K];
        let (posteriors, _) = self.posterior.as_chunks_mut::<K>();
        let (likelihoods, _) = self.likelihood.as_chunks_mut::<K>();
        let blocks = observations.chunks(BLOCK).zip(posteriors.chunks_mut(BLOCK));
        for ((x, posteriors), likelihoods) in blocks.zip(likelihoods.chunks_mut(BLOCK)) {
            for (k, column) in columns.iter_mut().enumerate() {
                densities.column(k, x, &mut column[..x.len()]);
            }
            for (t, &x) in x.iter().enumerate() {
                let (posterior, likelihood) = (&mut posteriors[t], &mut likelihoods[t]);
                let density: [f64; K] = std::array::from_fn(|k| columns[k][t]);
                let joint: [f64; K] = std::array::from_fn(|k| prior[k] * density[k]);
                let mass = joint.iter().sum::<f64>();
                if x.is_nan() || !DIRECT.contains(&mass) {
                    step(&densities, &prior, x, likelihood, posterior, &mut total);
                    advance(&posterior[..], &parameters.transition, &mut prior);
                    continue;
                }
                total.multiply(mass);
                let inverse = 1.0 / mass;
                let mut next = [0.0; K];
                for (joint, row) in joint.iter().zip(&transition) {
                    for (next, a) in next.iter_mut().zip(row) {
                        *next += joint * a;
                    }
                }
                for k in 0..K {
                    likelihood[k] = density[k] * inverse;
                    posterior[k] = flushed(joint[k] * inverse);
                    prior[k] = flushed(next[k] * inverse);
                }
            }
        }
        total.value()
    }

    fn forward_of_any(&mut self, observations: &[f64], parameters: &HmmParameters) -> f64 {
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
        match parameters.states() {
            2 => self.backward_of::<2>(observations, parameters),
            3 => self.backward_of::<3>(observations, parameters),
            4 => self.backward_of::<4>(observations, parameters),
            _ => self.backward_of_any(observations, parameters),
        }
    }

    /// Of K states, K known to the compiler, which keeps the sums in registers.
    fn backward_of<const K: usize>(&mut self, observations: &[f64], parameters: &HmmParameters) {
        let transition: [[f64; K]; K] =
            std::array::from_fn(|i| std::array::from_fn(|j| parameters.transition[i * K + j]));
        let mut moves = [[0.0; K]; K];
        let mut sums = Sums::<K>::new(parameters);
        let (mut later, mut gamma, mut ahead) = ([1.0; K], [0.0; K], [0.0; K]);
        let (posteriors, _) = self.posterior.as_chunks::<K>();
        let (likelihoods, _) = self.likelihood.as_chunks::<K>();
        let rows = observations.iter().zip(posteriors).zip(likelihoods);
        for (t, ((&x, posterior), likelihood)) in rows.enumerate().rev() {
            if t + 1 < observations.len() {
                for i in 0..K {
                    let p = posterior[i];
                    let mut sum = 0.0;
                    for j in 0..K {
                        sum += transition[i][j] * ahead[j];
                        moves[i][j] += p * ahead[j];
                    }
                    // A state that is impossible here could have any value: 0 keeps it finite.
                    later[i] = if p > 0.0 { sum } else { 0.0 };
                }
            }
            for i in 0..K {
                gamma[i] = posterior[i] * later[i];
                ahead[i] = likelihood[i] * later[i];
            }
            if !x.is_nan() {
                sums.observe(x, &gamma);
            }
        }
        sums.write(&mut self.statistics);
        self.statistics.moves.copy_from_slice(moves.as_flattened());
        self.statistics.first.copy_from_slice(&gamma);
    }

    fn backward_of_any(&mut self, observations: &[f64], parameters: &HmmParameters) {
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
