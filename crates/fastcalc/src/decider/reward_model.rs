//! What each action earns, learned by online EM.
//!
//! Given a latent class, rewards are normal around the class's mean with one variance for all
//! classes: a Gaussian mixture with shared variance, fitted online (Cappe and Moulines 2009).
//! Beside it stands what each action earned after each of plurality's answers, which needs no
//! labels and so cannot be misled by them.

use super::action::ACTIONS;
use super::config::DeciderConfig;
use super::feedback::Feedback;
use super::residuals::{PARTS, Residuals};
use super::reward_table::RewardTable;
use super::scale::RobustScale;

/// Outcome t moves the statistics by at least t to this negative power; any exponent between 1/2
/// and 1 lets online EM converge.
const STEP_EXPONENT: f64 = 0.8;

/// Discounted number of known rewards of trades that it takes to depart from plurality; a fully
/// known outcome holds two. Where only the reward of the action taken is known, a run of Holds
/// teaches nothing of trades: as the memory fades the decider trades with the plurality again,
/// instead of holding for ever.
const PROOF: f64 = 20.0;

/// Tables, variances and scale of the rewards.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RewardModel {
    /// By latent class.
    pub classes: RewardTable,
    /// By plurality's action.
    pub plurality: RewardTable,
    /// By the action that came out best.
    pub realised: RewardTable,
    /// Around the means of the classes: what tells the classes apart.
    pub within: Residuals,
    /// Around what the mixture expected: what tells the components apart.
    pub predictive: Residuals,
    /// Robust scale of the rewards.
    pub scale: RobustScale,
}

impl RewardModel {
    /// A model that has seen nothing.
    pub fn new(config: &DeciderConfig) -> Self {
        let zero = [[0.0; ACTIONS]; ACTIONS];
        let sigma = assumed_sigma(config);
        let table = RewardTable::new(zero, zero, sigma, config);
        let residuals = Residuals::new([[0.0; 2]; PARTS], sigma);
        RewardModel {
            classes: table.clone(),
            plurality: table.clone(),
            realised: table,
            within: residuals.clone(),
            predictive: residuals,
            scale: RobustScale::default(),
        }
    }

    /// Whether enough rewards of trades are remembered to judge what a trade is worth.
    pub fn proven(&self) -> bool {
        let [buy, hold, sell] = &self.classes.mass;
        buy[0] + hold[0] + sell[0] + buy[2] + hold[2] + sell[2] >= PROOF
    }

    /// The scale of the rewards: the assumed one until a reward was seen that is not zero.
    pub fn sigma(&self, config: &DeciderConfig) -> f64 {
        let sigma = self.scale.sigma();
        if sigma > 0.0 {
            sigma
        } else {
            assumed_sigma(config)
        }
    }

    /// Rewards clipped at a multiple of their robust scale; as they are while there is no scale.
    pub fn winsorised(&self, gross: Feedback, config: &DeciderConfig) -> Feedback {
        let limit = config.winsor_sigmas * self.scale.sigma();
        if limit > 0.0 {
            gross.map(|reward| reward.clamp(-limit, limit))
        } else {
            gross
        }
    }

    /// Likelihood of the rewards in each class, up to a common factor; the largest is 1.
    pub fn likelihood(&self, gross: Feedback) -> [f64; ACTIONS] {
        let exponent = self
            .classes
            .means
            .map(|mean| self.within.log_density(gross, &mean));
        let best = exponent[0].max(exponent[1]).max(exponent[2]);
        exponent.map(|value| libm::exp(value - best))
    }

    /// Folds one outcome in. `situations` are the probabilities of the latent classes after it,
    /// plurality's action, and the action that came out best, where that is known; `expected` are
    /// the rewards the mixture expected, `outcomes` the number of outcomes before it.
    pub fn learn(
        &mut self,
        gross: Feedback,
        situations: [Option<[f64; ACTIONS]>; 3],
        expected: &[f64; ACTIONS],
        outcomes: u64,
        config: &DeciderConfig,
    ) {
        // Forget fast at first: the earliest labels were made with the prior's means.
        let keep = 1.0 - libm::pow(outcomes as f64 + 2.0, -STEP_EXPONENT);
        let keep = if keep < config.reward_discount {
            keep
        } else {
            config.reward_discount
        };
        self.scale.push(gross.size());
        let sigma = self.sigma(config);
        let tables = [&mut self.classes, &mut self.plurality, &mut self.realised];
        for (table, situation) in tables.into_iter().zip(&situations) {
            match situation {
                Some(situation) => table.learn(gross, situation, keep, sigma, config),
                // The means follow the scale too; a snapshot stores only what they are made of.
                None => table.refresh(sigma, config),
            }
        }
        self.within.decay(keep);
        for (mean, weight) in self
            .classes
            .means
            .iter()
            .zip(situations[0].unwrap_or_default())
        {
            self.within.add(gross, mean, weight);
        }
        self.within.refresh(sigma);
        self.predictive.decay(keep);
        self.predictive.add(gross, expected, 1.0);
        self.predictive.refresh(sigma);
    }
}

/// The scale at which the assumed move is what `prior_signal` says.
fn assumed_sigma(config: &DeciderConfig) -> f64 {
    config.prior_move_bps / config.prior_signal
}
