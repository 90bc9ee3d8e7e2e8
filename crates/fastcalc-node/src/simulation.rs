//! Binding of the simulations: overfitting, bootstrap, Monte Carlo.

use crate::errors::refused;
use crate::outputs::{column, whole};
use fastcalc::risk::{self as kernels, BootstrapOptions, MonteCarloOptions, Resampling, Statistic};
use napi::Result;
use napi::bindgen_prelude::Float64Array;
use napi_derive::napi;

/// How the best of one half does in the other.
#[napi(object)]
pub struct NativeOverfitting {
    /// Share of splits at or below the median.
    pub probability: f64,
    /// Logit of the rank, a split.
    pub logits: Float64Array,
    /// Ratio where it was chosen, a split.
    pub chosen: Float64Array,
    /// Ratio in the other half, a split.
    pub other: Float64Array,
    /// Share of splits with a loss there.
    pub probability_of_loss: f64,
}

/// Probability of backtest overfitting.
#[napi(catch_unwind)]
pub fn probability_of_overfitting(
    returns: &[f64],
    trials: u32,
    blocks: u32,
) -> Result<NativeOverfitting> {
    let out = kernels::probability_of_overfitting(returns, trials as usize, blocks as usize)
        .map_err(refused)?;
    Ok(NativeOverfitting {
        probability: out.probability,
        logits: out.logits.into(),
        chosen: out.chosen.into(),
        other: out.other.into(),
        probability_of_loss: out.probability_of_loss,
    })
}

/// How to bootstrap; `statistic` 0 mean, 1 Sharpe ratio, 2 maximum drawdown, 3 total return.
#[napi(object)]
pub struct NativeBootstrapOptions {
    /// What is computed.
    pub statistic: u32,
    /// Expected length of a block.
    pub mean_block: f64,
    /// Resamples.
    pub replicates: u32,
    /// Of all randomness.
    pub seed: i64,
    /// 0 for as many as there are.
    pub threads: u32,
}

/// The statistic of each resample.
#[napi(catch_unwind)]
pub fn stationary_bootstrap(
    returns: &[f64],
    options: NativeBootstrapOptions,
) -> Result<Float64Array> {
    let statistic = match options.statistic {
        0 => Statistic::Mean,
        1 => Statistic::Sharpe,
        2 => Statistic::MaximumDrawdown,
        _ => Statistic::TotalReturn,
    };
    let options = BootstrapOptions {
        mean_block: options.mean_block,
        replicates: options.replicates as usize,
        seed: options.seed as u64,
        threads: options.threads as usize,
    };
    column(kernels::stationary_bootstrap(returns, statistic, &options))
}

/// The rows of one resample.
#[napi(catch_unwind)]
pub fn stationary_bootstrap_rows(
    rows: u32,
    mean_block: f64,
    seed: i64,
    replicate: u32,
) -> Result<Float64Array> {
    let (rows, replicate) = (rows as usize, u64::from(replicate));
    kernels::stationary_bootstrap_rows(rows, mean_block, seed as u64, replicate)
        .map(whole)
        .map_err(refused)
}

/// How to simulate trades.
#[napi(object)]
pub struct NativeMonteCarloOptions {
    /// Another order of all trades instead of draws.
    pub shuffle: bool,
    /// Paths.
    pub paths: u32,
    /// Trades a path.
    pub steps: u32,
    /// Returns instead of amounts.
    pub compounding: bool,
    /// Of all randomness.
    pub seed: i64,
    /// 0 for as many as there are.
    pub threads: u32,
}

/// One value a path.
#[napi(object)]
pub struct NativeMonteCarlo {
    /// Where it ends.
    pub total: Float64Array,
    /// How deep it fell.
    pub maximum_drawdown: Float64Array,
}

/// Simulates paths of trades.
#[napi(catch_unwind)]
pub fn monte_carlo(results: &[f64], options: NativeMonteCarloOptions) -> Result<NativeMonteCarlo> {
    let options = MonteCarloOptions {
        resampling: if options.shuffle {
            Resampling::Shuffle
        } else {
            Resampling::Bootstrap
        },
        paths: options.paths as usize,
        steps: options.steps as usize,
        compounding: options.compounding,
        seed: options.seed as u64,
        threads: options.threads as usize,
    };
    let out = kernels::monte_carlo(results, &options).map_err(refused)?;
    Ok(NativeMonteCarlo {
        total: out.total.into(),
        maximum_drawdown: out.maximum_drawdown.into(),
    })
}
