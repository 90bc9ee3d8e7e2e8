//! Bernstein online aggregation (Wintenberger 2017), as in the R package opera.

use super::Aggregation;
use super::rows::{Rows, combine, regret};

/// Learning rate before the first regret.
const FIRST_RATE: f64 = 1e152;

pub(crate) fn run(rows: &Rows<'_>) -> Aggregation {
    let count = rows.experts();
    let prior = libm::log(if count > 1 { count as f64 } else { 2.0 });
    let mut potential = vec![0.0; count];
    let mut rates = vec![FIRST_RATE; count];
    let mut variance = vec![0.0; count];
    let mut largest = vec![0.0f64; count];
    let mut predictions = Vec::with_capacity(rows.len());
    let mut last = 0.0;
    for (forecasts, target) in rows.iter() {
        let mut weights = weigh(&potential, &rates);
        let prediction = combine(&mut weights, forecasts, last);
        last = prediction;
        predictions.push(prediction);
        for (index, forecast) in forecasts.iter().enumerate() {
            if forecast.is_nan() {
                continue;
            }
            let r = regret(prediction, target, *forecast);
            variance[index] += r * r;
            largest[index] = largest[index].max(r.abs());
            if largest[index] > 0.0 {
                let bound = 1.0 / largest[index];
                let root = libm::sqrt(prior / variance[index]);
                rates[index] = bound.min(root);
                let over = if rates[index] * r > 0.5 {
                    largest[index]
                } else {
                    0.0
                };
                potential[index] += 0.5 * (r - rates[index] * r * r + over);
            }
        }
    }
    let mut weights = weigh(&potential, &rates);
    combine(&mut weights, &vec![1.0; count], 0.0);
    Aggregation {
        predictions,
        weights,
    }
}

/// Proportional to `rate * exp(rate * potential)`, the largest exponent taken off.
fn weigh(potential: &[f64], rates: &[f64]) -> Vec<f64> {
    let exponents: Vec<f64> = potential
        .iter()
        .zip(rates)
        .map(|(p, rate)| p * rate + libm::log(*rate))
        .collect();
    let most = exponents.iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b));
    exponents.iter().map(|e| libm::exp(e - most)).collect()
}
