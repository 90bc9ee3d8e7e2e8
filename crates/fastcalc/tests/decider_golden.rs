//! A short run whose state hashes are recorded: any change of the arithmetic is noticed. The same
//! run goes through Node in the TypeScript tests.

use fastcalc::decider::{Action, Decider, DeciderConfig, Feedback, Vote};

const GOLDEN: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../test/fastcalc/golden/decider-run.json"
);
const NAMES: [&str; 6] = [
    "anomaly@1",
    "flow@1",
    "flow@2",
    "regime@1",
    "trend@3",
    "zebra@1",
];
const ACCURACY: [u64; 6] = [40, 45, 50, 55, 60, 65];

/// Lehmer's generator (Park and Miller 1988): exact in doubles, so the same in JavaScript.
struct Lehmer(u64);

impl Lehmer {
    fn draw(&mut self, below: u64) -> u64 {
        self.0 = self.0 * 48_271 % 2_147_483_647;
        self.0 % below
    }
}

/// Shortest decimals that read back as the same bits.
fn text(values: &[f64]) -> Vec<String> {
    values.iter().map(|value| format!("{value:?}")).collect()
}

#[test]
fn the_recorded_run_gives_the_recorded_bits() {
    let golden: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(GOLDEN).unwrap()).unwrap();
    let mut rng = Lehmer(20_260_101);
    let mut decider = Decider::new(DeciderConfig::default()).unwrap();
    let mut hashes = Vec::new();
    for t in 0..400 {
        let truth = rng.draw(3) as usize;
        let mut votes = Vec::new();
        for (expert, slot) in NAMES.into_iter().enumerate() {
            let (awake, right, shift) = (
                rng.draw(10) > 0,
                rng.draw(100) < ACCURACY[expert],
                rng.draw(2),
            );
            if !awake || (expert == 5 && t < 200) {
                continue;
            }
            let vote = if right {
                truth
            } else {
                (truth + 1 + shift as usize) % 3
            };
            let mut probabilities = [0.25; 3];
            probabilities[vote] = 0.5;
            votes.push(Vote {
                slot,
                probabilities,
            });
        }
        let r = 10.0 * (1.0 - truth as f64) + rng.draw(121) as f64 - 60.0;
        let rewards = [r - 2.0, 0.0, -r - 2.0];
        let feedback = if t % 5 == 0 {
            Feedback::Bandit(Action::ALL[truth], rewards[truth])
        } else {
            Feedback::Full(rewards)
        };
        decider.learn(&votes, 2.0, feedback).unwrap();
        if t % 50 == 49 {
            hashes.push(decider.state_hash());
        }
    }
    let all = NAMES.map(|slot| Vote {
        slot,
        probabilities: [0.5, 0.25, 0.25],
    });
    let answer = decider.decide(&all, 2.0).unwrap();
    let run = serde_json::json!({
        "hashes": hashes,
        "scores": text(&answer.scores),
        "probabilities": text(&answer.probabilities),
        "contributions": text(answer.contributions.as_flattened()),
        "policyVersion": decider.policy_version(),
    });
    assert_eq!(
        golden, run,
        "the arithmetic changed; the run now gives\n{run:#}"
    );
}
