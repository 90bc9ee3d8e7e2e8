//! Hurst exponent.

use crate::indicators::prelude::*;

struct Hurst {
    last: Last,
    /// Logarithms of the lags, from 2 on, less their mean.
    lags: Vec<f64>,
    spread: f64,
}
state!(Hurst: last);

/// Shortest lag.
const FIRST: usize = 2;

impl Hurst {
    fn new(period: usize, most: usize) -> Self {
        let logs: Vec<f64> = (FIRST..=most).map(|lag| libm::log(lag as f64)).collect();
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        let lags: Vec<f64> = logs.iter().map(|v| v - mean).collect();
        let spread = lags.iter().map(|v| v * v).sum();
        Hurst {
            last: Last::new(period),
            lags,
            spread,
        }
    }
}

/// Standard deviation of the changes over `lag` rows.
fn deviation(window: &[f64], lag: usize) -> f64 {
    let changes = || {
        window[lag..]
            .iter()
            .zip(window)
            .map(|(now, before)| now - before)
    };
    let n = (window.len() - lag) as f64;
    let mean = changes().sum::<f64>() / n;
    (changes().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n).sqrt()
}

impl Kernel<1, 1> for Hurst {
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let window = self.last.push(x)?;
        let mut slope = 0.0;
        for (at, lag) in self.lags.iter().enumerate() {
            let deviation = deviation(window, FIRST + at);
            if deviation <= 0.0 {
                // A straight line has no exponent: the neutral one.
                return Some([0.5]);
            }
            slope += lag * libm::log(deviation);
        }
        Some([slope / self.spread])
    }
}

pub const HURST: Definition = Definition {
    constraint: |p| (p.n(0) < p.n(1) + 2).then_some(("period", "at least maxlag + 2")),
    ..define(
        "hurst",
        Group::Statistic,
        "Hurst exponent (Hurst 1951) of the last `period` rows: slope of the logarithm of the standard deviation of changes on that of their \
         lag, 2 to `maxlag`; .5 for a random walk, and where a change has no spread.",
        &[Input::Real],
        &[whole("period", 5, 100), whole("maxlag", 3, 20)],
        |p| p.n(0) - 1,
        |p| node(Hurst::new(p.n(0), p.n(1))),
    )
};
