//! What is remembered of one expert.

use super::action::Action;
use super::config::{BAYES, DeciderConfig, LATENT, REALISED};
use super::confusion::{Confusion, Table, transposed};
use super::context::Circumstances;
use super::memory::Memory;

/// Discount per vote of the published hit rate.
pub(crate) const HIT_DISCOUNT: f64 = 0.998;

/// For one vote, per naive Bayes component, its likelihood in every class.
pub(crate) type Rows = [[f64; 3]; BAYES];

/// One expert slot. Nothing in it changes while the expert is absent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Slot {
    /// `expertId@major`.
    pub name: String,
    /// How many slots there were before it.
    pub arrival: usize,
    /// How it votes given the latent class.
    pub memory: Memory,
    /// Discounted counts `[best action][vote]`.
    pub realised: Confusion,
    /// Per component: likelihood `[vote][class]` whatever the circumstances; made from the counts.
    pub likelihoods: [Table; BAYES],
    /// Outcomes this expert voted on.
    pub outcomes: u64,
    /// Of these, how often the vote turned out right, as far as that is known.
    pub hits: u64,
    /// Discounted numbers of its votes that were right, and of those that could be judged.
    pub hit_mass: [f64; 2],
    /// Discounted probability that its votes, copied or not, were of the latent class, and their
    /// number.
    pub right: [f64; 2],
    /// The number, from 1, of the latest outcome it voted on.
    pub latest: u64,
}

impl Slot {
    /// A newcomer.
    pub fn new(name: &str, config: &DeciderConfig) -> Self {
        let mut slot = Slot {
            name: name.to_owned(),
            arrival: usize::MAX,
            memory: Memory::new(config),
            realised: Confusion::default(),
            likelihoods: [Table::default(); BAYES],
            outcomes: 0,
            hits: 0,
            hit_mass: [0.0; 2],
            right: [0.0; 2],
            latest: 0,
        };
        slot.refresh(config);
        slot
    }

    /// Makes the tables again from the counts.
    pub fn refresh(&mut self, config: &DeciderConfig) {
        self.memory.refresh(config);
        self.likelihoods[LATENT] = self.memory.mixed();
        self.likelihoods[REALISED] =
            transposed(&self.realised.smoothed(config.realised_smoothing()));
    }

    /// Likelihood of one vote in every class, in these circumstances.
    pub fn rows(&self, vote: Action, circumstances: &Circumstances) -> Rows {
        let latent = &self.likelihoods[LATENT];
        [
            self.memory.row(latent, vote, circumstances),
            self.likelihoods[REALISED][vote.index()],
        ]
    }

    /// Counts one vote in one component, against that component's posterior of the classes.
    /// `copying` is the rate at which it copies the vote it repeats, 0 where it repeats none;
    /// `active` are the circumstances of the answer, `places` those to count it under.
    pub fn learn(
        &mut self,
        component: usize,
        vote: Action,
        posterior: &[f64; 3],
        copying: f64,
        [active, places]: [&Circumstances; 2],
        config: &DeciderConfig,
    ) {
        let row = self.rows(vote, active)[component];
        let own = own_opinion(posterior, &row, copying);
        if component == LATENT {
            let mixed = self.likelihoods[LATENT];
            self.memory
                .judge(&mixed, vote, posterior, &row, copying, active, config);
            self.memory.count(vote, &own, places, config);
            self.likelihoods[LATENT] = self.memory.mixed();
        } else {
            self.realised.decay(config.realised_discount);
            self.realised.add_column(vote, &own);
            self.likelihoods[REALISED] =
                transposed(&self.realised.smoothed(config.realised_smoothing()));
        }
    }

    /// Counts one vote against the latent class.
    pub fn believe(&mut self, right: f64) {
        self.right[0] = self.right[0] * HIT_DISCOUNT + right;
        self.right[1] = self.right[1] * HIT_DISCOUNT + 1.0;
    }

    /// How often its votes, copied or not, are of the latent class.
    pub fn accuracy(&self, config: &DeciderConfig) -> f64 {
        (self.right[0] + config.prior_votes * config.prior_accuracy)
            / (self.right[1] + config.prior_votes)
    }

    /// Counts one vote in the published record; `right` is what the outcome says of it, if anything.
    pub fn record(&mut self, right: Option<bool>, outcome: u64) {
        self.outcomes += 1;
        self.latest = outcome;
        let Some(right) = right else { return };
        self.hits += u64::from(right);
        self.hit_mass[0] = self.hit_mass[0] * HIT_DISCOUNT + f64::from(u8::from(right));
        self.hit_mass[1] = self.hit_mass[1] * HIT_DISCOUNT + 1.0;
    }
}

/// Of a repeated vote only the part that is its own opinion counts.
fn own_opinion(posterior: &[f64; 3], row: &[f64; 3], copying: f64) -> [f64; 3] {
    let mut own = *posterior;
    if copying > 0.0 {
        for (mass, p) in own.iter_mut().zip(row) {
            let opinion = (1.0 - copying) * p;
            *mass *= opinion / (copying + opinion);
        }
    }
    own
}
