//! Runs a decider over a stream, with delayed outcomes, and keeps the books.

use std::collections::VecDeque;

use crate::decider::{Context, Decider, DeciderConfig, DeciderError, Feedback, Vote};

use super::rng::Rng;
use super::stream::{EXPERTS, Payoff, Settings, Step, best_action};

/// Slots of the experts.
pub const NAMES: [&str; EXPERTS] = [
    "e1@1", "e2@1", "e3@1", "e4@1", "e5@1", "e6@1", "e7@1", "e8@1",
];

/// Labels of the returning regimes.
const LABELS: [&str; 8] = [
    "dawn",
    "morning",
    "noon",
    "afternoon",
    "dusk",
    "evening",
    "midnight",
    "night",
];

/// How outcomes come back.
pub struct Options {
    /// Decisions after which an outcome is known.
    pub delay: usize,
    /// Only the reward of the action taken is known.
    pub bandit: bool,
    /// Share of outcomes that never come.
    pub missing: f64,
    /// The decider is not told which regime it is in.
    pub blind: bool,
    /// What the decider is told that rewards are net of, in basis points; what is true where not said.
    pub round_trip_bps: Option<f64>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            delay: 20,
            bandit: false,
            missing: 0.0,
            blind: false,
            round_trip_bps: None,
        }
    }
}

/// Expected payoff of every decision.
pub struct Books {
    /// The decider's, every trade counted in full.
    pub learner: Vec<f64>,
    /// The plurality's.
    pub plurality: Vec<f64>,
    /// Of the best combination of the votes.
    pub best: Vec<f64>,
    /// The learner's, times the size of a trade.
    pub sized: Vec<f64>,
}

impl Books {
    /// Share of the way from plurality to the best combination.
    #[must_use]
    pub fn headroom(&self) -> f64 {
        let [learner, plurality, best] =
            [&self.learner, &self.plurality, &self.best].map(|v| mean(v));
        (learner - plurality) / (best - plurality)
    }

    /// The books as they are when every trade is made at its size.
    #[must_use]
    pub fn at_size(self) -> Books {
        Books {
            learner: self.sized.clone(),
            ..self
        }
    }

    /// Deepest shortfall of the learner against plurality so far, at any time.
    #[must_use]
    pub fn shortfall(&self) -> f64 {
        self.shortfall_of(&self.learner)
    }

    /// The same of other payoffs, such as the learner's at size.
    #[must_use]
    pub fn shortfall_of(&self, learner: &[f64]) -> f64 {
        let (mut lead, mut worst) = (0.0, 0.0);
        for (learner, plurality) in learner.iter().zip(&self.plurality) {
            lead += learner - plurality;
            if lead < worst {
                worst = lead;
            }
        }
        -worst
    }
}

/// Arithmetic mean.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The votes of a step as the decider takes them.
#[must_use]
pub fn votes_of(step: &Step) -> Vec<Vote<'static>> {
    let mut votes = Vec::new();
    for (slot, vote) in NAMES.into_iter().zip(step.votes) {
        if let Some(vote) = vote {
            let mut probabilities = [0.15; 3];
            probabilities[vote] = 0.7;
            votes.push(Vote {
                slot,
                probabilities,
            });
        }
    }
    votes
}

/// Runs a decider over a stream.
///
/// # Errors
/// Those of the decider's settings.
pub fn run(
    steps: &[Step],
    settings: &Settings,
    config: DeciderConfig,
    options: &Options,
) -> Result<(Decider, Books), DeciderError> {
    let mut decider = Decider::new(config)?;
    let mut books = Books {
        learner: vec![],
        plurality: vec![],
        best: vec![],
        sized: vec![],
    };
    let mut pending: VecDeque<(Vec<Vote<'_>>, Context<'_>, Feedback)> = VecDeque::new();
    let costs = match options.round_trip_bps {
        Some(costs) => costs,
        None if settings.payoff == Payoff::ZeroOne => 0.0,
        None => 2.0,
    };
    let mut rng = Rng::new(99);
    for step in steps {
        let votes = votes_of(step);
        let seen = step.label.filter(|_| !options.blind);
        let context = Context {
            regime: seen.and_then(|label| LABELS.get(label).copied()),
            anomaly: None,
        };
        let answer = decider.decide_in(&votes, context, costs)?;
        let earned = step.expected[answer.action.index()];
        books.learner.push(earned);
        let size = if settings.payoff == Payoff::ZeroOne || !answer.action.trades() {
            1.0
        } else {
            answer.size
        };
        books.sized.push(earned * size);
        books
            .plurality
            .push(step.expected[answer.plurality.index()]);
        books.best.push(step.expected[best_action(step, settings)]);
        let feedback = if options.bandit {
            let action = answer.action;
            Feedback::Bandit(action, step.rewards[action.index()])
        } else {
            Feedback::Full(step.rewards)
        };
        if rng.uniform() >= options.missing {
            pending.push_back((votes, context, feedback));
        }
        if pending.len() > options.delay {
            if let Some((votes, context, feedback)) = pending.pop_front() {
                decider.learn_in(&votes, context, costs, feedback)?;
            }
        }
    }
    Ok((decider, books))
}
