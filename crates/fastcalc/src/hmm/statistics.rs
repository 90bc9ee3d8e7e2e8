//! Expected counts and moments of one E-step, and the M-step made from them.

use super::{Emission, HmmParameters};

/// Sufficient statistics of all rows under the current parameters.
///
/// Moments are taken around the current means, which keeps them small where it matters.
#[derive(Debug, Clone)]
pub(super) struct Statistics {
    /// K: posterior of the first row.
    pub first: Vec<f64>,
    /// K * K: expected transitions, still to be multiplied by the transition probability.
    pub moves: Vec<f64>,
    /// K: posterior weight of the observed rows.
    pub weight: Vec<f64>,
    /// K: the same, each row weighted down by its distance for Student's t.
    pub robust: Vec<f64>,
    /// K: robustly weighted sum of the distances from the current mean.
    pub distance: Vec<f64>,
    /// K: robustly weighted sum of their squares.
    pub square: Vec<f64>,
}

impl Statistics {
    pub fn new(states: usize) -> Self {
        let zeros = || vec![0.0; states];
        Self {
            first: zeros(),
            moves: vec![0.0; states * states],
            weight: zeros(),
            robust: zeros(),
            distance: zeros(),
            square: zeros(),
        }
    }

    pub fn clear(&mut self) {
        for part in [
            &mut self.first,
            &mut self.moves,
            &mut self.weight,
            &mut self.robust,
            &mut self.distance,
            &mut self.square,
        ] {
            part.fill(0.0);
        }
    }

    /// Adds an observed row: `gamma` is the posterior of its states given all rows.
    #[inline]
    pub fn observe(&mut self, parameters: &HmmParameters, x: f64, gamma: &[f64]) {
        match parameters.emission {
            Emission::Gaussian => {
                for (k, &g) in gamma.iter().enumerate() {
                    self.add(k, g, g, x - parameters.mean[k]);
                }
            }
            // The t distribution as a scale mixture of normals (Liu and Rubin 1995).
            Emission::StudentT {
                degrees_of_freedom: df,
            } => {
                for (k, &g) in gamma.iter().enumerate() {
                    let d = x - parameters.mean[k];
                    let pull = (df + 1.0) / (df + d * d / parameters.variance[k]);
                    self.add(k, g, g * pull, d);
                }
            }
        }
    }

    #[inline]
    fn add(&mut self, k: usize, gamma: f64, robust: f64, d: f64) {
        self.weight[k] += gamma;
        self.robust[k] += robust;
        self.distance[k] += robust * d;
        self.square[k] += robust * d * d;
    }

    /// M-step: moves `parameters` to the maximum of the expected log likelihood. A state without
    /// any weight stays as it is.
    pub fn maximise(&self, parameters: &mut HmmParameters, variance_floor: f64) {
        let k = parameters.states();
        normalise(&self.first, &mut parameters.initial);
        for i in 0..k {
            let row = &mut parameters.transition[i * k..(i + 1) * k];
            let counts: Vec<f64> = row
                .iter()
                .zip(&self.moves[i * k..(i + 1) * k])
                .map(|(a, m)| a * m)
                .collect();
            normalise(&counts, row);
            // A weight below the smallest normal number has no digits left to divide by.
            if !(self.robust[i].is_normal() && self.weight[i].is_normal()) {
                continue;
            }
            let shift = self.distance[i] / self.robust[i];
            let spread = (self.square[i] - shift * self.distance[i]) / self.weight[i];
            if shift.is_finite() && spread.is_finite() {
                parameters.mean[i] += shift;
                parameters.variance[i] = spread.max(variance_floor);
            }
        }
    }
}

/// Moments of K states, K known to the compiler, while an E-step runs.
pub(super) struct Sums<const K: usize> {
    mean: [f64; K],
    /// Degrees of freedom of Student's t, and the variances.
    tail: Option<(f64, [f64; K])>,
    weight: [f64; K],
    robust: [f64; K],
    distance: [f64; K],
    square: [f64; K],
}

impl<const K: usize> Sums<K> {
    pub fn new(parameters: &HmmParameters) -> Self {
        let tail = match parameters.emission {
            Emission::Gaussian => None,
            Emission::StudentT {
                degrees_of_freedom: df,
            } => Some((df, std::array::from_fn(|k| parameters.variance[k]))),
        };
        Sums {
            mean: std::array::from_fn(|k| parameters.mean[k]),
            tail,
            weight: [0.0; K],
            robust: [0.0; K],
            distance: [0.0; K],
            square: [0.0; K],
        }
    }

    /// As [`Statistics::observe`].
    #[inline]
    pub fn observe(&mut self, x: f64, gamma: &[f64; K]) {
        for k in 0..K {
            let d = x - self.mean[k];
            let robust = match &self.tail {
                None => gamma[k],
                Some((df, variance)) => gamma[k] * ((df + 1.0) / (df + d * d / variance[k])),
            };
            self.weight[k] += gamma[k];
            self.robust[k] += robust;
            self.distance[k] += robust * d;
            self.square[k] += robust * d * d;
        }
    }

    pub fn write(&self, statistics: &mut Statistics) {
        statistics.weight.copy_from_slice(&self.weight);
        statistics.robust.copy_from_slice(&self.robust);
        statistics.distance.copy_from_slice(&self.distance);
        statistics.square.copy_from_slice(&self.square);
    }
}

/// Writes `counts` divided by their sum; leaves `out` alone where there are none.
fn normalise(counts: &[f64], out: &mut [f64]) {
    let total: f64 = counts.iter().sum();
    if total.is_normal() {
        for (o, c) in out.iter_mut().zip(counts) {
            *o = c / total;
        }
    }
}
