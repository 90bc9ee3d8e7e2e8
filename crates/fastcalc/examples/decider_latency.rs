//! Measures decide and learn in process: `cargo run --release --example decider_latency`.

use std::time::Instant;

use fastcalc::decider::{Decider, DeciderConfig, Feedback, Vote};
use fastcalc::simulation::rng::Rng;

fn main() {
    for experts in [8usize, 32] {
        let names: Vec<String> = (0..experts).map(|i| format!("expert-{i}@1")).collect();
        let mut rng = Rng::new(7);
        let mut decider = Decider::new(DeciderConfig::default()).expect("defaults are valid");
        let (mut decide, mut learn) = (Vec::new(), Vec::new());
        for _ in 0..100_000 {
            let vote = |slot| {
                let mut probabilities = [0.25; 3];
                probabilities[rng.below(3)] = 0.5;
                Vote {
                    slot,
                    probabilities,
                }
            };
            let votes: Vec<Vote<'_>> = names.iter().map(String::as_str).map(vote).collect();
            let r = 30.0 * rng.normal();
            let start = Instant::now();
            decider.decide(&votes, 2.0).expect("valid votes");
            let middle = Instant::now();
            decider
                .learn(&votes, 2.0, Feedback::Full([r - 2.0, 0.0, -r - 2.0]))
                .expect("valid outcome");
            decide.push((middle - start).as_nanos());
            learn.push(middle.elapsed().as_nanos());
        }
        for (name, mut times) in [("decide", decide), ("learn", learn)] {
            times.sort_unstable();
            println!(
                "{experts} experts, {name}: p50 {} ns, p99 {} ns",
                times[times.len() / 2],
                times[times.len() * 99 / 100]
            );
        }
    }
}
