//! Exponential weights and Fixed-Share whose rates are calibrated online: every pair of rates on a
//! grid runs along, and the pair with the least loss so far predicts (Devaine, Gaillard, Goude and
//! Stoltz 2013). The grid of learning rates grows where the best one lies at its edge.

use super::Aggregation;
use super::rows::{Rows, combine, regret};

/// No sharing: exponential weights.
pub(crate) const EWA_SHARES: [f64; 1] = [0.0];
/// Shares of weight spread anew in every row.
pub(crate) const FIXED_SHARES: [f64; 4] = [1e-4, 1e-3, 1e-2, 1e-1];
/// Ratio of neighbours on the grid of learning rates.
const RATIO: f64 = 2.0;
/// Rates added at once at an edge.
const ADDED: i32 = 3;
/// Weights are cut here, at e^700 and e^-700: none is ever zero or infinite, and a rate that is far
/// too high weighs all better experts alike instead of betting on one.
const LARGEST: f64 = 1.014_232_054_735_004_5e304;

/// One pair of rates and where it stands.
#[derive(Clone)]
struct Runner {
    rate: f64,
    share: f64,
    weights: Vec<f64>,
    /// Summed regrets, which are all that exponential weights without sharing need.
    regrets: Vec<f64>,
    loss: f64,
    last: f64,
}

impl Runner {
    fn new(rate: f64, share: f64, experts: usize) -> Self {
        Runner {
            rate,
            share,
            weights: vec![1.0 / experts as f64; experts],
            regrets: vec![0.0; experts],
            loss: 0.0,
            last: 0.0,
        }
    }

    fn predict(&self, forecasts: &[f64]) -> f64 {
        combine(&mut self.weights.clone(), forecasts, self.last)
    }

    fn learn(&mut self, forecasts: &[f64], target: f64) {
        let prediction = self.predict(forecasts);
        self.last = prediction;
        self.loss += (prediction - target) * (prediction - target);
        let mut total = 0.0;
        for (index, forecast) in forecasts.iter().enumerate() {
            let r = regret(prediction, target, *forecast);
            self.regrets[index] += r;
            self.weights[index] = if self.share > 0.0 {
                cut(self.weights[index] * libm::exp(self.rate * r))
            } else {
                cut(libm::exp(self.rate * self.regrets[index]))
            };
            total += self.weights[index];
        }
        let fresh = self.share / self.weights.len() as f64;
        for weight in &mut self.weights {
            *weight = fresh + (1.0 - self.share) * *weight / total;
        }
    }
}

pub(crate) fn run(rows: &Rows<'_>, shares: &[f64]) -> Aggregation {
    let experts = rows.experts();
    let at_rate = |rate: f64| -> Vec<Runner> {
        shares
            .iter()
            .map(|share| Runner::new(rate, *share, experts))
            .collect()
    };
    // By rate, lowest first; within, by share.
    let rates = first_rates(rows, shares.len());
    let start = rates.last().copied().unwrap_or(1.0);
    let mut grid = vec![at_rate(start)];
    for (runner, rate) in grid[0].iter_mut().zip(&rates) {
        runner.rate = *rate;
    }
    let mut best = (0, shares.len() / 2);
    let mut predictions = Vec::with_capacity(rows.len());
    for (row, (forecasts, target)) in rows.iter().enumerate() {
        predictions.push(grid[best.0][best.1].predict(forecasts));
        for runner in grid.iter_mut().flatten() {
            runner.learn(forecasts, target);
        }
        if row == 0 {
            for runner in &mut grid[0] {
                runner.rate = start;
            }
        }
        best = least(&grid);
        let edge = grid[best.0][best.1].rate;
        let caught_up = |rate: f64| {
            let mut runners = at_rate(rate);
            for (forecasts, target) in rows.iter().take(row + 1) {
                for runner in &mut runners {
                    runner.learn(forecasts, target);
                }
            }
            runners
        };
        let top = best.0 + 1 == grid.len() && edge < 1e100;
        let bottom = best.0 == 0 && edge > 1e-100;
        if top {
            for power in 1..=ADDED {
                grid.push(caught_up(edge * libm::pow(RATIO, f64::from(power))));
            }
        }
        if bottom {
            for power in 1..=ADDED {
                grid.insert(0, caught_up(edge / libm::pow(RATIO, f64::from(power))));
            }
            best.0 += ADDED as usize;
        }
    }
    Aggregation {
        predictions,
        weights: grid[best.0][best.1].weights.clone(),
    }
}

/// The learning rate of each share in the first row, the last of them being where the grid starts:
/// one over the mean size of the first scaled regrets, which include the logarithm of the prior
/// weight at the rate before. The scale of the data decides, and the order is that of the R package
/// opera, whose published errors this reproduces. 1 where no first regret is positive.
fn first_rates(rows: &Rows<'_>, shares: usize) -> Vec<f64> {
    let experts = rows.experts();
    let prior = libm::log(1.0 / experts as f64);
    let first = rows.iter().find_map(|(forecasts, target)| {
        let prediction = combine(&mut vec![1.0; experts], forecasts, 0.0);
        let regrets: Vec<f64> = forecasts
            .iter()
            .map(|forecast| regret(prediction, target, *forecast))
            .collect();
        regrets.iter().any(|r| *r != 0.0).then_some(regrets)
    });
    let mut rates = vec![1.0; shares];
    if let Some(regrets) = first {
        let mut rate = 1.0;
        for place in &mut rates {
            let total: f64 = regrets.iter().map(|r| (prior / rate + r).abs()).sum();
            rate = experts as f64 / total;
            *place = rate;
        }
    }
    rates
}

/// The first with the least loss.
fn least(grid: &[Vec<Runner>]) -> (usize, usize) {
    let mut best = (0, 0);
    for (i, runners) in grid.iter().enumerate() {
        for (j, runner) in runners.iter().enumerate() {
            if runner.loss < grid[best.0][best.1].loss {
                best = (i, j);
            }
        }
    }
    best
}

fn cut(weight: f64) -> f64 {
    weight.clamp(1.0 / LARGEST, LARGEST)
}
