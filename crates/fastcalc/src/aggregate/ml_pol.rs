//! Polynomially weighted averages with multiple learning rates (Gaillard, Stoltz and van Erven
//! 2014), as in the R package opera.

use super::Aggregation;
use super::rows::{Rows, combine, regret};

/// Learning rate before the first regret: any, as weights are relative.
const FIRST_RATE: f64 = 1e152;

pub(crate) fn run(rows: &Rows<'_>) -> Aggregation {
    let count = rows.experts();
    let mut regrets = vec![0.0; count];
    let mut rates = vec![FIRST_RATE; count];
    // Of all experts together, as in opera.
    let mut largest = 0.0;
    let weigh = |regrets: &[f64], rates: &[f64]| -> Vec<f64> {
        let part = |(regret, rate): (&f64, &f64)| if *regret > 0.0 { regret * rate } else { 0.0 };
        regrets.iter().zip(rates).map(part).collect()
    };
    let mut predictions = Vec::with_capacity(rows.len());
    let mut last = 0.0;
    for (forecasts, target) in rows.iter() {
        let mut weights = weigh(&regrets, &rates);
        let prediction = combine(&mut weights, forecasts, last);
        last = prediction;
        predictions.push(prediction);
        let before = largest;
        for forecast in forecasts {
            let r = regret(prediction, target, *forecast);
            if r * r > largest {
                largest = r * r;
            }
        }
        for (index, forecast) in forecasts.iter().enumerate() {
            if forecast.is_nan() {
                continue;
            }
            let r = regret(prediction, target, *forecast);
            regrets[index] += r;
            rates[index] = 1.0 / (1.0 / rates[index] + r * r + largest - before);
        }
    }
    let mut weights = weigh(&regrets, &rates);
    let ones = vec![1.0; count];
    combine(&mut weights, &ones, 0.0);
    Aggregation {
        predictions,
        weights,
    }
}
