//! What is remembered of one expert.

use super::action::Action;
use super::config::DeciderConfig;
use super::confusion::{Confusion, Table, transposed};

/// Discount per vote of the published hit rate.
pub(crate) const HIT_DISCOUNT: f64 = 0.998;

/// One expert slot. Nothing in it changes while the expert is absent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Slot {
    /// `expertId@major`.
    pub name: String,
    /// How many slots there were before it.
    pub arrival: usize,
    /// Per naive Bayes component: discounted counts `[class][vote]`.
    pub confusions: Vec<Confusion>,
    /// Per component: likelihood `[vote][class]`; made from the counts.
    pub likelihoods: Vec<Table>,
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
        let confusions = vec![Confusion::default(); config.bayes_components()];
        let likelihoods = confusions
            .iter()
            .enumerate()
            .map(|(component, c)| transposed(&c.smoothed(config.bayes_smoothing(component))))
            .collect();
        Slot {
            name: name.to_owned(),
            arrival: usize::MAX,
            right: [0.0; 2],
            confusions,
            likelihoods,
            outcomes: 0,
            hits: 0,
            hit_mass: [0.0; 2],
            latest: 0,
        }
    }

    /// Counts one vote in one component, against that component's posterior of the classes;
    /// `copying` is the rate at which it copies the vote it repeats, 0 where it repeats none.
    pub fn learn(
        &mut self,
        component: usize,
        vote: Action,
        posterior: &[f64; 3],
        copying: f64,
        config: &DeciderConfig,
    ) {
        let confusion = &mut self.confusions[component];
        confusion.decay(config.bayes_discount(component));
        let mut own = *posterior;
        if copying > 0.0 {
            // Of a repeated vote only the part that is its own opinion counts.
            for (mass, p) in own
                .iter_mut()
                .zip(&self.likelihoods[component][vote.index()])
            {
                let opinion = (1.0 - copying) * p;
                *mass *= opinion / (copying + opinion);
            }
        }
        confusion.add_column(vote, &own);
        self.likelihoods[component] =
            transposed(&confusion.smoothed(config.bayes_smoothing(component)));
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
