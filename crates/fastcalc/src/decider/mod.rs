//! The learning decider: combines the votes of experts, learns from every outcome.
//!
//! The stack: the plurality vote, naive Bayes with several memories per expert fitted by online EM
//! over the latent class "which action was best in expectation" (Dawid and Skene 1979; Cappe and
//! Moulines 2009), regressions, and a Fixed-Share mixture of them (Herbster and Warmuth 1998). While
//! the mixture is on probation, so certainly before the first outcome, the answer is exactly
//! plurality's.
//!
//! Latent classes explain the votes as much as the rewards, so a herd of experts that copy one
//! another can drag them along. Two components need no classes and bring the mixture back: the
//! plurality with its own rewards, and naive Bayes over the action that came out best.
//!
//! The state is a pure fold over the outcomes: the same calls give the same bits on any machine,
//! because only `+ - * /`, comparisons and `libm` are used, in one fixed order.

mod action;
mod belief;
mod codec;
mod config;
mod confusion;
mod context;
mod decide;
mod error;
mod experts;
mod feedback;
mod guardrail;
mod herd;
mod learn;
mod memory;
mod mixture;
mod regression;
mod residuals;
mod reward_model;
mod reward_table;
mod scale;
mod slot;
mod snapshot;
mod state;
mod vote;

pub use action::{ACTIONS, Action, top};
pub use config::{DeciderConfig, MAX_DISCOUNTS};
pub use context::{Context, MAX_CONTEXT_LABELS, MAX_LABEL_CHARS};
pub use decide::Answer;
pub use error::DeciderError;
pub use experts::ExpertRecord;
pub use feedback::{Feedback, MAX_REWARD_BPS};
pub use snapshot::SNAPSHOT_VERSION;
pub use state::MAX_SLOTS;
pub use vote::{MAX_SLOT_CHARS, SUM_TOLERANCE, Vote};

use state::State;

/// A decider: `decide` never changes it, `learn` folds one outcome in.
#[derive(Clone, Debug, PartialEq)]
pub struct Decider {
    state: State,
}

impl Decider {
    /// A decider that knows nothing.
    ///
    /// # Errors
    /// `Invalid` naming the setting that is out of range.
    pub fn new(config: DeciderConfig) -> Result<Self, DeciderError> {
        config.validate()?;
        Ok(Decider {
            state: State::new(config),
        })
    }

    /// Answers a set of votes; `round_trip_bps` is what buying or selling costs.
    ///
    /// # Errors
    /// `Invalid` naming the vote or cost that is malformed.
    pub fn decide(&self, votes: &[Vote<'_>], round_trip_bps: f64) -> Result<Answer, DeciderError> {
        self.decide_in(votes, Context::default(), round_trip_bps)
    }

    /// The same, with what is known of the circumstances.
    ///
    /// # Errors
    /// `Invalid` naming the vote, label or cost that is malformed.
    pub fn decide_in(
        &self,
        votes: &[Vote<'_>],
        context: Context<'_>,
        round_trip_bps: f64,
    ) -> Result<Answer, DeciderError> {
        decide::decide(&self.state, votes, context, round_trip_bps)
    }

    /// Folds one outcome in: the votes of the decision, and what came of it. Rewards are net of
    /// `round_trip_bps` where the action trades.
    ///
    /// # Errors
    /// `Invalid` naming what is malformed, `Exhausted` when there are too many slots; in either
    /// case nothing was learned.
    pub fn learn(
        &mut self,
        votes: &[Vote<'_>],
        round_trip_bps: f64,
        feedback: Feedback,
    ) -> Result<(), DeciderError> {
        self.learn_in(votes, Context::default(), round_trip_bps, feedback)
    }

    /// The same, with what was known of the circumstances when the decision was made.
    ///
    /// # Errors
    /// `Invalid` naming what is malformed, `Exhausted` when there are too many slots; in either
    /// case nothing was learned.
    pub fn learn_in(
        &mut self,
        votes: &[Vote<'_>],
        context: Context<'_>,
        round_trip_bps: f64,
        feedback: Feedback,
    ) -> Result<(), DeciderError> {
        learn::learn(&mut self.state, votes, context, round_trip_bps, feedback)
    }

    /// Outcomes learned.
    #[must_use]
    pub fn outcomes(&self) -> u64 {
        self.state.outcomes
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &DeciderConfig {
        &self.state.config
    }

    /// Every expert's record, sorted by slot.
    #[must_use]
    pub fn experts(&self) -> Vec<ExpertRecord> {
        experts::experts(&self.state)
    }

    /// The whole state as bytes: little-endian, versioned, with a checksum at the end.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        snapshot::write(&self.state)
    }

    /// The decider a snapshot was taken of, bit for bit.
    ///
    /// # Errors
    /// `Version` for a snapshot of a newer format, `Damaged` for anything else that is not one.
    pub fn restore(bytes: &[u8]) -> Result<Self, DeciderError> {
        Ok(Decider {
            state: snapshot::read(bytes)?,
        })
    }

    /// SHA-256 of the snapshot, in hexadecimal.
    #[must_use]
    pub fn state_hash(&self) -> String {
        snapshot::hex_digest(&self.snapshot())
    }

    /// Name of the arithmetic and its settings: `fixed-share-stack/<version>+<hash of the settings>`.
    #[must_use]
    pub fn policy_version(&self) -> String {
        snapshot::policy_version(&self.state.config)
    }
}
