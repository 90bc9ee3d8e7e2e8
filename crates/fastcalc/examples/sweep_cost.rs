//! Nanoseconds per value of sweeps over fresh series: `sweep_cost [rows] [periods]`.

use fastcalc::indicators::Sweep;
use std::time::Instant;

const RUNS: usize = 15;

fn main() {
    let mut numbers = std::env::args()
        .skip(1)
        .map(|text| text.parse().expect("a number"));
    let (rows, count) = (
        numbers.next().unwrap_or(2_500),
        numbers.next().unwrap_or(32),
    );
    let periods: Vec<usize> = (1..=count).map(|at| 5 * at).collect();
    let series: Vec<Vec<f64>> = (0..(1_000_000 / rows).max(1))
        .map(|at| walk(rows, at))
        .collect();
    let mut out = vec![1.0; rows * periods.len()];
    for name in ["ema", "rsi", "sma"] {
        let sweep = Sweep::new(name, &periods).expect("periods");
        let mut times: Vec<f64> = (0..RUNS)
            .map(|_| {
                let start = Instant::now();
                for series in &series {
                    sweep.run(series, &mut out, || false).expect("a series");
                }
                start.elapsed().as_secs_f64() * 1e9
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let values = series.len() * rows * periods.len();
        println!(
            "{name:4} {:.3} ns a value, {:.3} at best",
            times[RUNS / 2] / values as f64,
            times[0] / values as f64
        );
    }
}

/// A random walk; the generator is xorshift64*.
fn walk(rows: usize, seed: usize) -> Vec<f64> {
    let mut state = 42 + seed as u64;
    let mut uniform = move || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut step = |close: &mut f64| {
        *close = (*close * (1.0 + 0.002 * (uniform() - 0.5))).max(1.0);
        Some(*close)
    };
    (0..rows).scan(100.0, |close, _| step(close)).collect()
}
