//! Everything the decider knows: a pure fold over the outcomes it was shown.

use super::action::ACTIONS;
use super::config::{DeciderConfig, REGRESSIONS};
use super::confusion::{Confusion, Table, sum};
use super::context::Labels;
use super::error::DeciderError;
use super::guardrail::Guardrail;
use super::herd::Pairs;
use super::mixture::Mixture;
use super::regression::Regression;
use super::reward_model::RewardModel;
use super::slot::Slot;

/// Most expert slots one decider keeps.
pub const MAX_SLOTS: usize = 65_536;
/// Pseudo-outcomes that pull the frequencies of the classes to equal ones.
const CLASS_PRIOR: f64 = 10.0;

/// The state, and the tables made of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub config: DeciderConfig,
    /// Outcomes learned.
    pub outcomes: u64,
    /// Sorted by name.
    pub slots: Vec<Slot>,
    /// Agreement of the slots, by order of arrival.
    pub pairs: Pairs,
    pub mixture: Mixture,
    /// Labels of the context met so far.
    pub labels: Labels,
    /// Discounted counts `[plurality's action][class]`.
    pub calibration: Confusion,
    /// The same as smoothed rows; made from the counts.
    pub calibration_rows: Table,
    /// Discounted frequencies of the classes, for plurality when nobody votes.
    pub plurality_classes: [f64; ACTIONS],
    /// Discounted frequencies of the classes, per naive Bayes component.
    pub classes: Vec<[f64; ACTIONS]>,
    pub rewards: RewardModel,
    /// One per regression discount.
    pub regressions: [Regression; REGRESSIONS],
    pub guardrail: Guardrail,
    /// An expert nobody has seen.
    pub newcomer: Slot,
}

impl State {
    /// Nothing learned yet.
    pub fn new(config: DeciderConfig) -> Self {
        let calibration = Confusion::default();
        let mut regressions: [Regression; REGRESSIONS] = Default::default();
        for regression in &mut regressions {
            regression.grow(0, 0.0);
        }
        State {
            outcomes: 0,
            slots: Vec::new(),
            labels: Labels::default(),
            pairs: Pairs::default(),
            mixture: Mixture::new(&config),
            calibration_rows: calibration.smoothed(config.smoothing()),
            calibration,
            plurality_classes: [0.0; ACTIONS],
            classes: vec![[0.0; ACTIONS]; config.bayes_components()],
            rewards: RewardModel::new(&config),
            regressions,
            guardrail: Guardrail::default(),
            newcomer: Slot::new("", &config),
            config,
        }
    }

    /// Share of the learned mixture against plurality: none on probation.
    pub fn say(&self) -> f64 {
        if self.outcomes as f64 >= self.config.probation_outcomes || self.guardrail.convinced() {
            self.guardrail.share()
        } else {
            0.0
        }
    }

    /// What a right trade is assumed to earn at the rewards' scale, in basis points.
    pub fn signal(&self) -> f64 {
        self.config.prior_signal * self.rewards.sigma(&self.config)
    }

    /// Frequencies of the classes as probabilities.
    pub fn class_prior(&self, classes: &[f64; ACTIONS]) -> [f64; ACTIONS] {
        let scale = 1.0 / (sum(classes) + CLASS_PRIOR);
        classes.map(|count| (count + CLASS_PRIOR / ACTIONS as f64) * scale)
    }

    /// The slot of this name; the newcomer's when there is none.
    pub fn slot(&self, name: &str) -> &Slot {
        match self.find(name) {
            Ok(index) => &self.slots[index],
            Err(_) => &self.newcomer,
        }
    }

    /// Where the slot of this name is, or would be.
    pub fn find(&self, name: &str) -> Result<usize, usize> {
        self.slots
            .binary_search_by(|slot| slot.name.as_str().cmp(name))
    }

    /// Makes room for every name that has no slot yet.
    ///
    /// # Errors
    /// `Exhausted`, with no slot made, when there would be too many.
    pub fn meet<'a>(
        &mut self,
        names: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<(), DeciderError> {
        let new = names
            .clone()
            .filter(|name| self.find(name).is_err())
            .count();
        if self.slots.len() + new > MAX_SLOTS {
            return Err(DeciderError::Exhausted { limit: MAX_SLOTS });
        }
        for name in names {
            if let Err(index) = self.find(name) {
                let mut slot = Slot::new(name, &self.config);
                slot.arrival = self.slots.len();
                self.slots.insert(index, slot);
            }
        }
        self.pairs.grow(self.slots.len());
        let signal = self.signal();
        for regression in &mut self.regressions {
            regression.grow(self.slots.len(), signal);
        }
        Ok(())
    }
}
