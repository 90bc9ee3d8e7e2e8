//! What a bootstrap step with drawdown costs, per CPU second: one thread, medians of nine runs.
//!
//! `cargo run --release -p fastcalc --example monte_carlo_cost`

use fastcalc::risk::{MonteCarloOptions, Resampling, monte_carlo};
use std::time::Instant;

fn main() {
    let results: Vec<f64> = (0..500)
        .map(|i| f64::from(i * 197 % 500) / 1e4 - 0.024)
        .collect();
    let options = MonteCarloOptions {
        resampling: Resampling::Bootstrap,
        paths: 80_000,
        steps: 500,
        compounding: true,
        seed: 1,
        threads: 1,
    };
    let mut seconds: Vec<f64> = (0..9)
        .map(|_| {
            let start = Instant::now();
            let out = monte_carlo(&results, &options).expect("sound options");
            assert_eq!(out.total.len(), options.paths);
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    let steps = (options.paths * options.steps) as f64;
    println!("{:.0} million steps a second", steps / seconds[4] / 1e6);
}
