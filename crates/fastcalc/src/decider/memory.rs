//! How one expert votes given the latent class: several memories of it, weighted by how well each
//! foretold its votes.
//!
//! Short memories follow an expert that changes, long ones estimate one that does not; which of
//! them is right is a matter of each expert alone, and its votes tell soon: where it turns bad, the
//! long memory expects agreement with the others and the rewards, and keeps being wrong. So every
//! expert has its own Fixed-Share (Herbster and Warmuth 1998) over tables that forget at different
//! rates, one that knows nothing, and one per key of the context, which remembers how right the
//! expert was in these very circumstances, shrunk to how right it is in general. Memories without a
//! say in a vote sleep (Freund, Schapire, Singer and Warmuth 1997).

use super::action::{ACTIONS, Action};
use super::config::DeciderConfig;
use super::confusion::{Confusion, Table, normalised, transposed};
use super::context::{Circumstances, KEYS};

/// Pseudo-votes that pull a hit rate in some circumstances to the general one.
const CONTEXT_VOTES: f64 = 30.0;
/// Discount per vote in these circumstances.
const CONTEXT_DISCOUNT: f64 = 0.998;

/// The memories, in order: one per discount, the one that knows nothing, one per key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Memory {
    /// Per discount: discounted counts `[class][vote]`.
    pub confusions: Vec<Confusion>,
    /// Per key and label: discounted numbers of right votes, and of votes.
    pub hits: [Vec<[f64; 2]>; KEYS],
    /// Weight of every memory; they sum to 1.
    pub weights: Vec<f64>,
    /// Per discount, and for nothing known: likelihood `[vote][class]`; made from the counts.
    tables: Vec<Table>,
}

impl Memory {
    /// Nothing known.
    pub fn new(config: &DeciderConfig) -> Self {
        let count = config.discounts.len();
        let memories = count + 1 + KEYS;
        Memory {
            confusions: vec![Confusion::default(); count],
            hits: Default::default(),
            weights: vec![1.0 / memories as f64; memories],
            tables: vec![transposed(&Confusion::default().smoothed(config.smoothing())); count + 1],
        }
    }

    /// Makes the tables again.
    pub fn refresh(&mut self, config: &DeciderConfig) {
        for (table, confusion) in self.tables.iter_mut().zip(&self.confusions) {
            *table = transposed(&confusion.smoothed(config.smoothing()));
        }
    }

    /// The table whatever the circumstances: `[vote][class]`.
    pub fn mixed(&self) -> Table {
        let mut mixed = Table::default();
        let scale = 1.0 / self.general();
        for (table, weight) in self.tables.iter().zip(&self.weights) {
            let weight = weight * scale;
            for (total, value) in mixed
                .as_flattened_mut()
                .iter_mut()
                .zip(table.as_flattened())
            {
                *total += weight * value;
            }
        }
        mixed
    }

    /// Weight of the memories that do not look at circumstances.
    pub fn general(&self) -> f64 {
        self.weights[..self.tables.len()].iter().sum()
    }

    /// Likelihood of a vote in every class, `mixed` being the general table.
    pub fn row(
        &self,
        mixed: &Table,
        vote: Action,
        circumstances: &Circumstances,
    ) -> [f64; ACTIONS] {
        let general = mixed[vote.index()];
        if circumstances.iter().all(Option::is_none) {
            return general;
        }
        let mut total = self.general();
        let mut row = general.map(|p| p * total);
        for (key, label) in circumstances.iter().enumerate() {
            let Some(label) = label else { continue };
            let weight = self.weights[self.tables.len() + key];
            let special = self.special(key, *label, mixed, vote);
            for (sum, p) in row.iter_mut().zip(special) {
                *sum += weight * p;
            }
            total += weight;
        }
        row.map(|sum| sum / total)
    }

    /// The same by what is known of these circumstances alone: one hit rate for all classes.
    fn special(&self, key: usize, label: usize, mixed: &Table, vote: Action) -> [f64; ACTIONS] {
        let [right, votes] = self.hits[key].get(label).copied().unwrap_or_default();
        let general = (mixed[0][0] + mixed[1][1] + mixed[2][2]) / ACTIONS as f64;
        let accuracy = (right + CONTEXT_VOTES * general) / (votes + CONTEXT_VOTES);
        let mut row = [(1.0 - accuracy) * 0.5; ACTIONS];
        row[vote.index()] = accuracy;
        row
    }

    /// Weighs the memories by the probability each gave to the vote, the classes being what the
    /// other votes and the rewards say: the posterior without the likelihood `row` of this vote.
    #[allow(clippy::too_many_arguments)]
    pub fn judge(
        &mut self,
        mixed: &Table,
        vote: Action,
        posterior: &[f64; ACTIONS],
        row: &[f64; ACTIONS],
        copying: f64,
        circumstances: &Circumstances,
        config: &DeciderConfig,
    ) {
        let mut rest = *posterior;
        for (mass, p) in rest.iter_mut().zip(row) {
            *mass /= copying + (1.0 - copying) * p;
        }
        let rest = normalised(&rest);
        let foretold = |row: &[f64; ACTIONS]| {
            copying + (1.0 - copying) * (rest[0] * row[0] + rest[1] * row[1] + rest[2] * row[2])
        };
        let general = self.tables.len();
        let asleep = |index: usize| index >= general && circumstances[index - general].is_none();
        let (mut before, mut after, mut awake) = (0.0, 0.0, 0.0);
        for index in 0..self.weights.len() {
            if asleep(index) {
                continue;
            }
            let p = match self.tables.get(index) {
                Some(table) => foretold(&table[vote.index()]),
                None => {
                    let key = index - general;
                    let label = circumstances[key].unwrap_or_default();
                    foretold(&self.special(key, label, mixed, vote))
                }
            };
            before += self.weights[index];
            self.weights[index] *= p;
            after += self.weights[index];
            awake += 1.0;
        }
        let share = config.memory_share_rate;
        let (keep, back) = ((1.0 - share) * before / after, share * before / awake);
        for index in 0..self.weights.len() {
            if !asleep(index) {
                self.weights[index] = self.weights[index] * keep + back;
            }
        }
    }

    /// Counts one vote, the class known as a distribution.
    pub fn count(
        &mut self,
        vote: Action,
        own: &[f64; ACTIONS],
        places: &Circumstances,
        config: &DeciderConfig,
    ) {
        let parts = self.confusions.iter_mut().zip(&mut self.tables);
        for ((confusion, table), discount) in parts.zip(&config.discounts) {
            confusion.decay(*discount);
            confusion.add_column(vote, own);
            *table = transposed(&confusion.smoothed(config.smoothing()));
        }
        for (hits, place) in self.hits.iter_mut().zip(places) {
            let Some(place) = *place else { continue };
            if hits.len() <= place {
                hits.resize(place + 1, [0.0; 2]);
            }
            let [right, votes] = &mut hits[place];
            *right = *right * CONTEXT_DISCOUNT + own[vote.index()];
            *votes = *votes * CONTEXT_DISCOUNT + own[0] + own[1] + own[2];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOWHERE: Circumstances = [None; KEYS];

    fn settings() -> DeciderConfig {
        DeciderConfig::default()
    }

    /// A vote in turn for each action, which is of the class with this probability.
    fn vote(memory: &mut Memory, turn: usize, right: f64, place: Circumstances) {
        let config = settings();
        let vote = Action::ALL[turn % ACTIONS];
        let mut truth = [(1.0 - right) * 0.5; ACTIONS];
        truth[vote.index()] = right;
        let mixed = memory.mixed();
        let row = memory.row(&mixed, vote, &place);
        memory.judge(&mixed, vote, &truth, &row, 0.0, &place, &config);
        memory.count(vote, &truth, &place, &config);
    }

    #[test]
    fn an_expert_that_turns_bad_is_a_stranger_after_twenty_votes_and_known_to_be_bad_after_a_hundred()
     {
        let mut memory = Memory::new(&settings());
        for turn in 0..2000 {
            vote(&mut memory, turn, 0.9, NOWHERE);
        }
        assert!(memory.mixed()[0][0] > 0.8);
        for turn in 0..20 {
            vote(&mut memory, turn, 0.05, NOWHERE);
        }
        let stranger = memory.mixed()[0][0];
        assert!((0.45..0.55).contains(&stranger), "{stranger}");
        for turn in 20..100 {
            vote(&mut memory, turn, 0.05, NOWHERE);
        }
        let table = memory.mixed();
        assert!(table[0][0] < table[0][1], "{table:?}");
    }

    #[test]
    fn what_is_known_of_some_circumstances_is_kept_for_them() {
        let mut memory = Memory::new(&settings());
        for turn in 0..4000 {
            let good = turn / 40 % 2 == 0;
            let right = if good { 0.9 } else { 0.1 };
            vote(&mut memory, turn, right, [Some(usize::from(good)), None]);
        }
        let mixed = memory.mixed();
        let good = memory.row(&mixed, Action::Buy, &[Some(1), None]);
        let bad = memory.row(&mixed, Action::Buy, &[Some(0), None]);
        assert!(good[0] > 0.8 && bad[0] < 0.3, "{good:?} {bad:?}");
    }

    #[test]
    fn memories_asleep_keep_their_weight_and_all_sum_to_one() {
        let mut memory = Memory::new(&settings());
        let last = memory.weights.len() - 1;
        let before = memory.weights[last];
        for turn in 0..500 {
            vote(&mut memory, turn, 0.7, [Some(turn % 3), None]);
        }
        assert_eq!(memory.weights[last], before);
        let total: f64 = memory.weights.iter().sum();
        assert!((total - 1.0).abs() < 1e-12);
    }
}
