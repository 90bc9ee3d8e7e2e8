//! What can be set on a decider, with defaults and the ranges that are accepted.

use super::confusion::Smoothing;
use super::error::DeciderError;

/// Most naive Bayes components one decider may mix.
pub const MAX_DISCOUNTS: usize = 8;

/// Naive Bayes components, and their places among them.
pub(crate) const BAYES: usize = 2;
pub(crate) const LATENT: usize = 0;
pub(crate) const REALISED: usize = 1;
/// Number of ridge regressions.
pub(crate) const REGRESSIONS: usize = 2;
/// Components that predict rewards without classes: the regressions and the edge-weighted vote.
pub(crate) const LINEAR: usize = REGRESSIONS + 1;

/// Which action came out best is mostly noise, so an expert's hit rate against it is near chance
/// and takes many votes to tell from it.
const REALISED_SMOOTHING: Smoothing = Smoothing {
    accuracy: 0.36,
    votes: 100.0,
    rows: 300.0,
};

/// Settings of a decider. They are part of its snapshot and of its policy version.
#[derive(Clone, Debug, PartialEq)]
pub struct DeciderConfig {
    /// Discount per vote of each memory of an expert: it forgets with time constant
    /// `1 / (1 - discount)` votes. 1 to 8 values in (0.5, 1]. Default .97, .985, .995.
    pub discounts: Vec<f64>,
    /// Discount per outcome of the component that learns which action came out best, (0.5, 1].
    pub realised_discount: f64,
    /// Prior weight of that component, above 0 and with `plurality_prior` below 1. Small: where the
    /// latent classes can be told it has nothing to add.
    pub realised_prior: f64,
    /// Discount per outcome of the faster ridge regression, (0.5, 1]; the edge-weighted vote shares
    /// its memory.
    pub fast_ridge_discount: f64,
    /// Discount per outcome of the slower ridge regression, (0.5, 1].
    pub slow_ridge_discount: f64,
    /// Prior weight of each regression and of the edge-weighted vote.
    pub linear_prior: f64,
    /// Share of the mixture's weight that returns to its prior at every outcome (Fixed-Share,
    /// Herbster and Warmuth 1998), 0 to 0.5.
    pub share_rate: f64,
    /// Share of an expert's weights over its memories that is spread equally at every vote, 0 to 0.5.
    pub memory_share_rate: f64,
    /// Prior weight of the plurality component, in (0, 1).
    pub plurality_prior: f64,
    /// Assumed hit rate of an expert nobody knows yet, in (1/3, 1): above chance, or the labels
    /// could be learned mirrored.
    pub prior_accuracy: f64,
    /// Pseudo-votes behind `prior_accuracy`, in (0, 1000].
    pub prior_votes: f64,
    /// Pseudo-votes per row that pull an expert's confusion to the symmetric one of its own hit
    /// rate, in (0, 1000].
    pub row_shrinkage: f64,
    /// Discount per outcome of the plurality's calibration, (0.5, 1].
    pub plurality_discount: f64,
    /// Discount per outcome of the reward model, (0.5, 1].
    pub reward_discount: f64,
    /// Pseudo-outcomes per cell that pull the reward table to its symmetric form, (0, 10000].
    pub reward_shrinkage: f64,
    /// Assumed size of the move when a trade is right, before any outcome, in basis points, (0, 1e6].
    pub prior_move_bps: f64,
    /// Assumed ratio of that move to the rewards' scale once outcomes arrive, (0, 10].
    pub prior_signal: f64,
    /// Rewards are learned from after clipping at this multiple of their robust scale, [1, 1000].
    pub winsor_sigmas: f64,
    /// Outcomes after which the learned mixture may act, 0 to 1e9; sooner where the evidence for it
    /// is overwhelming.
    pub probation_outcomes: f64,
}

impl Default for DeciderConfig {
    fn default() -> Self {
        DeciderConfig {
            discounts: vec![0.97, 0.985, 0.995],
            realised_discount: 0.999,
            realised_prior: 0.01,
            fast_ridge_discount: 0.998,
            slow_ridge_discount: 0.9995,
            linear_prior: 0.01,
            share_rate: 0.00005,
            memory_share_rate: 0.001,
            plurality_prior: 0.5,
            prior_accuracy: 0.5,
            prior_votes: 4.0,
            row_shrinkage: 50.0,
            plurality_discount: 0.998,
            reward_discount: 0.9995,
            reward_shrinkage: 500.0,
            prior_move_bps: 10.0,
            prior_signal: 0.3,
            winsor_sigmas: 5.0,
            probation_outcomes: 1000.0,
        }
    }
}

impl DeciderConfig {
    /// The scalar settings in the order of the snapshot, under the names used outside this crate.
    #[must_use]
    pub fn scalars(&self) -> [(&'static str, f64); 18] {
        [
            ("realisedDiscount", self.realised_discount),
            ("realisedPrior", self.realised_prior),
            ("fastRidgeDiscount", self.fast_ridge_discount),
            ("slowRidgeDiscount", self.slow_ridge_discount),
            ("linearPrior", self.linear_prior),
            ("shareRate", self.share_rate),
            ("memoryShareRate", self.memory_share_rate),
            ("pluralityPrior", self.plurality_prior),
            ("priorAccuracy", self.prior_accuracy),
            ("priorVotes", self.prior_votes),
            ("rowShrinkage", self.row_shrinkage),
            ("pluralityDiscount", self.plurality_discount),
            ("rewardDiscount", self.reward_discount),
            ("rewardShrinkage", self.reward_shrinkage),
            ("priorMoveBps", self.prior_move_bps),
            ("priorSignal", self.prior_signal),
            ("winsorSigmas", self.winsor_sigmas),
            ("probationOutcomes", self.probation_outcomes),
        ]
    }

    /// Rebuilds a configuration from [`DeciderConfig::scalars`] and the discounts.
    #[must_use]
    pub fn from_scalars(discounts: Vec<f64>, scalars: [f64; 18]) -> Self {
        let [
            realised_discount,
            realised_prior,
            fast_ridge_discount,
            slow_ridge_discount,
            linear_prior,
            share_rate,
            memory_share_rate,
            plurality_prior,
            prior_accuracy,
            prior_votes,
            row_shrinkage,
            plurality_discount,
            reward_discount,
            reward_shrinkage,
            prior_move_bps,
            prior_signal,
            winsor_sigmas,
            probation_outcomes,
        ] = scalars;
        DeciderConfig {
            discounts,
            realised_discount,
            realised_prior,
            fast_ridge_discount,
            slow_ridge_discount,
            linear_prior,
            share_rate,
            memory_share_rate,
            plurality_prior,
            prior_accuracy,
            prior_votes,
            row_shrinkage,
            plurality_discount,
            reward_discount,
            reward_shrinkage,
            prior_move_bps,
            prior_signal,
            winsor_sigmas,
            probation_outcomes,
        }
    }

    /// Number of naive Bayes components.
    pub(crate) fn bayes_components(&self) -> usize {
        BAYES
    }

    /// Number of components: plurality, naive Bayes, regressions, edge-weighted vote.
    pub(crate) fn components(&self) -> usize {
        1 + self.bayes_components() + LINEAR
    }

    /// Discounts of the regressions.
    pub(crate) fn ridge_discounts(&self) -> [f64; REGRESSIONS] {
        [self.fast_ridge_discount, self.slow_ridge_discount]
    }

    /// Prior weight of the latent-class components together.
    pub(crate) fn latent_prior(&self) -> f64 {
        1.0 - self.plurality_prior - self.realised_prior - LINEAR as f64 * self.linear_prior
    }

    /// What the tables of a latent-class component, and plurality's calibration, are pulled to.
    pub(crate) fn smoothing(&self) -> Smoothing {
        Smoothing {
            accuracy: self.prior_accuracy,
            votes: self.prior_votes,
            rows: self.row_shrinkage,
        }
    }

    /// What the tables on realised outcomes are pulled to.
    pub(crate) fn realised_smoothing(&self) -> Smoothing {
        REALISED_SMOOTHING
    }

    /// Discount of the frequencies of the classes in a naive Bayes component.
    pub(crate) fn bayes_discount(&self, component: usize) -> f64 {
        if component == LATENT {
            self.plurality_discount
        } else {
            self.realised_discount
        }
    }

    /// Checks every setting against its range.
    ///
    /// # Errors
    /// `Invalid` naming the first setting that is out of range.
    pub fn validate(&self) -> Result<(), DeciderError> {
        let count = self.discounts.len();
        if count == 0 || count > MAX_DISCOUNTS {
            let allowed = format!("1 to {MAX_DISCOUNTS} values");
            return Err(DeciderError::invalid(
                "config.discounts",
                format!("{count} values"),
                allowed,
            ));
        }
        for (index, &discount) in self.discounts.iter().enumerate() {
            check(&format!("discounts[{index}]"), discount, DISCOUNT)?;
        }
        for ((name, value), range) in self.scalars().into_iter().zip(RANGES) {
            check(name, value, range)?;
        }
        if self.latent_prior() <= 0.0 {
            let allowed = "with pluralityPrior and 3 linearPrior below 1";
            return Err(DeciderError::invalid(
                "config.realisedPrior",
                self.realised_prior,
                allowed,
            ));
        }
        Ok(())
    }
}

/// An interval, for values and for messages: the text, the ends, and whether each end belongs.
type Range = (&'static str, f64, bool, f64, bool);

const DISCOUNT: Range = ("above 0.5, at most 1", 0.5, false, 1.0, true);

const RANGES: [Range; 18] = [
    DISCOUNT,
    ("above 0, below 1", 0.0, false, 1.0, false),
    DISCOUNT,
    DISCOUNT,
    ("above 0, below 1/3", 0.0, false, 1.0 / 3.0, false),
    ("0 to 0.5", 0.0, true, 0.5, true),
    ("0 to 0.5", 0.0, true, 0.5, true),
    ("above 0, below 1", 0.0, false, 1.0, false),
    ("above 1/3, below 1", 1.0 / 3.0, false, 1.0, false),
    ("above 0, at most 1000", 0.0, false, 1e3, true),
    ("above 0, at most 1000", 0.0, false, 1e3, true),
    DISCOUNT,
    DISCOUNT,
    ("above 0, at most 10000", 0.0, false, 1e4, true),
    ("above 0, at most 1e6", 0.0, false, 1e6, true),
    ("above 0, at most 10", 0.0, false, 10.0, true),
    ("1 to 1000", 1.0, true, 1e3, true),
    ("0 to 1e9", 0.0, true, 1e9, true),
];

fn check(name: &str, value: f64, range: Range) -> Result<(), DeciderError> {
    let (text, low, with_low, high, with_high) = range;
    let above = value > low || (with_low && value == low);
    let below = value < high || (with_high && value == high);
    if above && below {
        return Ok(());
    }
    Err(DeciderError::invalid(format!("config.{name}"), value, text))
}
