//! Cost of one EM iteration per observation. Run: cargo run --release --example em_cost
use fastcalc::hmm::{Emission, FitOptions, HmmParameters, filter_hmm, fit_hmm};
use std::time::Instant;

fn main() {
    let rows = 100_000;
    let x: Vec<f64> = (0..rows)
        .map(|i| libm::sin(f64::from(i) * f64::from(i)) * if i % 4000 < 2000 { 1.0 } else { 3.0 })
        .collect();
    for (name, emission) in [
        ("gaussian", Emission::Gaussian),
        (
            "student-t",
            Emission::StudentT {
                degrees_of_freedom: 5.0,
            },
        ),
    ] {
        for states in [2, 3, 4, 8] {
            let mut transition = vec![0.1 / (states - 1) as f64; states * states];
            for i in 0..states {
                transition[i * states + i] = 0.9;
            }
            let start = HmmParameters {
                emission,
                initial: vec![1.0 / states as f64; states],
                transition,
                mean: vec![0.0; states],
                variance: (1..=states).map(|k| k as f64).collect(),
            };
            let mut options = FitOptions {
                states,
                emission,
                max_iterations: 2,
                tolerance: 0.0,
                initial: Some(start.clone()),
                variance_floor: None,
            };
            let mut best = f64::INFINITY;
            for _ in 0..5 {
                options.max_iterations = 2;
                let t = Instant::now();
                fit_hmm(&x, &options).expect("fits");
                let short = t.elapsed();
                options.max_iterations = 12;
                let t = Instant::now();
                let fit = fit_hmm(&x, &options).expect("fits");
                let took = t.elapsed().saturating_sub(short);
                best = best
                    .min(took.as_nanos() as f64 / (fit.iterations - 2) as f64 / f64::from(rows));
            }
            let t = Instant::now();
            filter_hmm(&x, &start).expect("filters");
            let filter = t.elapsed().as_nanos() as f64 / f64::from(rows);
            println!(
                "{name:9} {states} states: {best:5.1} ns an iteration and observation, filter {filter:5.1} ns"
            );
        }
    }
}
