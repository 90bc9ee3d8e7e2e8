//! The league table: what is known of every expert.

use super::confusion::{Table, sum};
use super::slot::Slot;
use super::state::State;

/// One expert's record.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpertRecord {
    /// `expertId@major`.
    pub slot: String,
    /// Share of say: how much a vote of this expert tells about the right action (the mutual
    /// information of its confusion tables), as a share of the total over all slots.
    pub weight: f64,
    /// Whether it voted on the latest outcome.
    pub awake: bool,
    /// Outcomes it voted on.
    pub outcomes: u64,
    /// Of these, how often no other action would have earned more, as far as that is known.
    pub hits: u64,
    /// Discounted share of its votes, among those that can be judged, that were right in that sense;
    /// 0 before the first.
    pub hit_rate: f64,
}

/// The record of every slot, sorted by slot.
pub(crate) fn experts(state: &State) -> Vec<ExpertRecord> {
    let information: Vec<f64> = state
        .slots
        .iter()
        .map(|slot| informative(state, slot))
        .collect();
    let total: f64 = information.iter().sum();
    let equal = 1.0 / state.slots.len() as f64;
    let record = |(slot, information): (&Slot, f64)| ExpertRecord {
        slot: slot.name.clone(),
        weight: if total > 0.0 {
            information / total
        } else {
            equal
        },
        awake: slot.latest == state.outcomes,
        outcomes: slot.outcomes,
        hits: slot.hits,
        hit_rate: if slot.hit_mass[1] > 0.0 {
            slot.hit_mass[0] / slot.hit_mass[1]
        } else {
            0.0
        },
    };
    state.slots.iter().zip(information).map(record).collect()
}

/// Mutual information of vote and class, averaged over the naive Bayes components by weight.
fn informative(state: &State, slot: &Slot) -> f64 {
    let weights = &state.mixture.weights[1..=state.config.bayes_components()];
    let total: f64 = weights.iter().sum();
    let mixed: f64 = weights
        .iter()
        .zip(&slot.likelihoods)
        .map(|(w, t)| w * mutual_information(t))
        .sum();
    mixed / total
}

/// Mutual information, in nats, of a vote and equally frequent classes; `table` is `[vote][class]`.
fn mutual_information(table: &Table) -> f64 {
    let mut information = 0.0;
    for row in table {
        let mean = sum(row) / 3.0;
        for &p in row {
            information += p / 3.0 * libm::log(p / mean);
        }
    }
    if information > 0.0 { information } else { 0.0 }
}
