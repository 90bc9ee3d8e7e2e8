//! Ridge regression of the target on the forecasts' deviations from their mean, strengths on a grid,
//! the one with the least loss so far predicting. Pulled to equal weights; the weights sum to 1.

use super::Aggregation;
use super::rows::Rows;

/// Strengths, in rows of evidence at the mean square of the deviations in the first row.
const STRENGTHS: [f64; 9] = [0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0];

/// Recursive least squares with one strength.
struct Solver {
    strength: f64,
    inverse: Vec<Vec<f64>>,
    weights: Vec<f64>,
    loss: f64,
}

impl Solver {
    fn new(strength: f64, experts: usize) -> Self {
        Solver {
            strength,
            inverse: Vec::new(),
            weights: vec![0.0; experts],
            loss: 0.0,
        }
    }

    fn predict(&self, deviations: &[f64]) -> f64 {
        deviations
            .iter()
            .zip(&self.weights)
            .map(|(d, w)| d * w)
            .sum()
    }

    /// Sherman and Morrison (1950).
    fn learn(&mut self, deviations: &[f64], target: f64, scale: f64) {
        let count = deviations.len();
        let error = target - self.predict(deviations);
        self.loss += error * error;
        if self.inverse.is_empty() {
            let start = 1.0 / (self.strength * scale);
            self.inverse = (0..count)
                .map(|i| {
                    (0..count)
                        .map(|j| if i == j { start } else { 0.0 })
                        .collect()
                })
                .collect();
        }
        let gain: Vec<f64> = self
            .inverse
            .iter()
            .map(|row| row.iter().zip(deviations).map(|(p, d)| p * d).sum())
            .collect();
        let spread: f64 = gain.iter().zip(deviations).map(|(g, d)| g * d).sum();
        let factor = 1.0 / (1.0 + spread);
        for (row, g) in self.inverse.iter_mut().zip(&gain) {
            for (cell, h) in row.iter_mut().zip(&gain) {
                *cell -= factor * g * h;
            }
        }
        for (weight, g) in self.weights.iter_mut().zip(&gain) {
            *weight += factor * g * error;
        }
    }
}

pub(crate) fn run(rows: &Rows<'_>) -> Aggregation {
    let count = rows.experts();
    let mut solvers: Vec<Solver> = STRENGTHS
        .iter()
        .map(|strength| Solver::new(*strength, count))
        .collect();
    let mut best = STRENGTHS.len() - 1;
    let mut scale = 0.0;
    let mut last = 0.0;
    let mut predictions = Vec::with_capacity(rows.len());
    for (forecasts, target) in rows.iter() {
        let Some(mean) = mean(forecasts) else {
            predictions.push(last);
            continue;
        };
        // A forecast not made stands at the mean: it moves nothing.
        let deviation = |x: &f64| if x.is_nan() { 0.0 } else { x - mean };
        let deviations: Vec<f64> = forecasts.iter().map(deviation).collect();
        last = mean + solvers[best].predict(&deviations);
        predictions.push(last);
        if scale <= 0.0 {
            scale = deviations.iter().map(|d| d * d).sum::<f64>() / count as f64;
        }
        if scale <= 0.0 {
            continue;
        }
        for solver in &mut solvers {
            solver.learn(&deviations, target - mean, scale);
        }
        for (index, solver) in solvers.iter().enumerate() {
            if solver.loss < solvers[best].loss {
                best = index;
            }
        }
    }
    let equal = 1.0 / count as f64;
    let shift: f64 = solvers[best].weights.iter().sum::<f64>() * equal;
    Aggregation {
        predictions,
        weights: solvers[best]
            .weights
            .iter()
            .map(|w| w + equal - shift)
            .collect(),
    }
}

fn mean(forecasts: &[f64]) -> Option<f64> {
    let (mut total, mut awake) = (0.0, 0usize);
    for forecast in forecasts.iter().filter(|x| !x.is_nan()) {
        total += forecast;
        awake += 1;
    }
    (awake > 0).then(|| total / awake as f64)
}
