//! Folds a long stream of events and prints the hash of the state they lead to:
//! `cargo run --release --example decider_determinism [EVENTS]`.
//!
//! Two deciders take every event: one that lives on, and one that is written down and restored at each checkpoint.
//! Every decision and every hash at a checkpoint must be the same, to the bit. Built for another set of
//! instructions (`RUSTFLAGS='-C target-cpu=haswell'`) it must print the same line.

use fastcalc::decider::{Action, Context, Decider, DeciderConfig, Feedback, Vote};
use fastcalc::simulation::rng::Rng;

const CHECKPOINT_EVERY: usize = 1_000;
const SLOTS: usize = 12;

fn main() {
    let events = std::env::args()
        .nth(1)
        .map_or(1_000_000, |text| text.parse().expect("a number of events"));
    let mut rng = Rng::new(17);
    let mut live = Decider::new(DeciderConfig::default()).expect("defaults are valid");
    let mut restarted = live.clone();
    let mut checkpoints = 0usize;
    for event in 0..events {
        let votes = votes_at(&mut rng, event, events);
        let context = context_at(event);
        let answer = live.decide_in(&votes, context, 2.0).expect("valid votes");
        let again = restarted
            .decide_in(&votes, context, 2.0)
            .expect("valid votes");
        assert_eq!(
            answer.size.to_bits(),
            again.size.to_bits(),
            "size at event {event}"
        );
        for (one, other) in answer.scores.iter().zip(again.scores) {
            assert_eq!(one.to_bits(), other.to_bits(), "scores at event {event}");
        }
        let feedback = feedback_at(&mut rng, event);
        live.learn_in(&votes, context, 2.0, feedback)
            .expect("valid outcome");
        restarted
            .learn_in(&votes, context, 2.0, feedback)
            .expect("valid outcome");
        if event % CHECKPOINT_EVERY == 0 {
            restarted = Decider::restore(&restarted.snapshot()).expect("its own snapshot");
            assert_eq!(live.state_hash(), restarted.state_hash(), "event {event}");
            checkpoints += 1;
        }
    }
    assert_eq!(live.state_hash(), restarted.state_hash());
    println!(
        "{events} events, {checkpoints} restarts, state {}",
        live.state_hash()
    );
}

const NAMES: [&str; SLOTS] = [
    "a@1", "b@1", "c@1", "d@1", "e@1", "f@1", "g@1", "h@1", "i@1", "j@1", "k@1", "l@1",
];

/// Experts join one after the other, now and then abstain, and the first leaves half-way.
fn votes_at(rng: &mut Rng, event: usize, events: usize) -> Vec<Vote<'static>> {
    let joined = (SLOTS * (event + 1)).div_ceil(events).clamp(3, SLOTS);
    let left = usize::from(event > events / 2);
    let mut votes = Vec::new();
    for slot in &NAMES[left..joined] {
        let lean = rng.below(3);
        if rng.uniform() < 0.1 {
            continue;
        }
        let mut probabilities = [0.3 * rng.uniform(); 3];
        probabilities[lean] = 0.0;
        probabilities[lean] = 1.0 - probabilities.iter().sum::<f64>();
        votes.push(Vote {
            slot,
            probabilities,
        });
    }
    votes
}

/// Regimes that return, more labels of anomalies than are kept, and times without either.
fn context_at(event: usize) -> Context<'static> {
    let anomaly = (event % 11 == 0).then(|| LABELS[event / 11 % LABELS.len()]);
    Context {
        regime: (event % 5 != 0).then(|| LABELS[event / 300 % 4]),
        anomaly,
    }
}

const LABELS: [&str; 18] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r",
];

/// Mostly all payoffs, sometimes only that of the action taken; fat tails.
fn feedback_at(rng: &mut Rng, event: usize) -> Feedback {
    let spike = if rng.below(500) == 0 { 100.0 } else { 1.0 };
    let reward = 30.0 * spike * rng.normal();
    if event % 7 == 0 {
        return Feedback::Bandit(Action::Buy, reward);
    }
    Feedback::Full([reward - 2.0, 0.0, -reward - 2.0])
}
