//! Expected rewards of every action in each of three situations: discounted means, shrunk to a
//! symmetric table.
//!
//! A situation is the latent class for the naive Bayes components, and plurality's action for the
//! plurality component; in both, situation `i` is the one in which action `i` ought to be right.

use super::action::{ACTIONS, Action};
use super::config::DeciderConfig;
use super::confusion::Table;
use super::feedback::Feedback;

/// Pseudo-outcomes behind the prior reward of a trade.
const TRADE_PRIOR: f64 = 10.0;
/// The same for holding. Few, because what holding earns is either known exactly (nothing) or,
/// with one reward observed at a time, must be believed quickly or it is never tried again.
const HOLD_PRIOR: f64 = 1.0;
/// The right trade earns at least this share of the scale more than the wrong one: the labelling
/// cannot turn around.
const SEPARATION_FLOOR: f64 = 0.02;

/// Discounted sufficient statistics and the means made of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RewardTable {
    /// Discounted probability of each situation, `[situation][action]`.
    pub mass: Table,
    /// Discounted rewards weighted by that.
    pub total: Table,
    /// Expected gross reward, `[situation][action]`; made from the statistics.
    pub means: Table,
}

impl RewardTable {
    /// A table made of its statistics, `sigma` being the robust scale of rewards.
    pub fn new(mass: Table, total: Table, sigma: f64, config: &DeciderConfig) -> Self {
        let mut table = RewardTable {
            mass,
            total,
            means: [[0.0; ACTIONS]; ACTIONS],
        };
        table.refresh(sigma, config);
        table
    }

    /// Adds one outcome, after forgetting.
    pub fn learn(
        &mut self,
        gross: Feedback,
        situation: &[f64; ACTIONS],
        keep: f64,
        sigma: f64,
        config: &DeciderConfig,
    ) {
        for cell in self
            .mass
            .as_flattened_mut()
            .iter_mut()
            .chain(self.total.as_flattened_mut())
        {
            *cell *= keep;
        }
        for action in Action::ALL {
            if let Some(reward) = gross.of(action) {
                for (row, p) in situation.iter().enumerate() {
                    self.mass[row][action.index()] += p;
                    self.total[row][action.index()] += p * reward;
                }
            }
        }
        self.refresh(sigma, config);
    }

    /// Expected gross rewards when the situation is known as a distribution.
    pub fn expected(&self, p: &[f64; ACTIONS]) -> [f64; ACTIONS] {
        let [buy, hold, sell] = &self.means;
        let mut expected = [0.0; ACTIONS];
        for (action, out) in expected.iter_mut().enumerate() {
            *out = p[0] * buy[action] + p[1] * hold[action] + p[2] * sell[action];
        }
        expected
    }

    /// Makes the means again.
    pub fn refresh(&mut self, sigma: f64, config: &DeciderConfig) {
        let prior = config.prior_signal * sigma;
        // The symmetric table has five numbers: a right trade, a wrong one, a trade where holding
        // was right, holding where a trade was right, holding where it was right.
        let mut right = self.pooled([(0, 0), (2, 2)], TRADE_PRIOR, prior);
        let mut wrong = self.pooled([(0, 2), (2, 0)], TRADE_PRIOR, -prior);
        let idle = self.pooled([(1, 0), (1, 2)], TRADE_PRIOR, 0.0);
        let missed = self.pooled([(0, 1), (2, 1)], HOLD_PRIOR, 0.0);
        let held = self.pooled([(1, 1)], HOLD_PRIOR, 0.0);
        let floor = SEPARATION_FLOOR * sigma;
        if right - wrong < 2.0 * floor {
            let middle = 0.5 * (right + wrong);
            right = middle + floor;
            wrong = middle - floor;
        }
        let symmetric = [
            [right, missed, wrong],
            [idle, held, idle],
            [wrong, missed, right],
        ];
        let weight = config.reward_shrinkage;
        let cells = self
            .total
            .as_flattened()
            .iter()
            .zip(self.mass.as_flattened());
        let means = self
            .means
            .as_flattened_mut()
            .iter_mut()
            .zip(symmetric.as_flattened());
        for ((mean, symmetric), (total, mass)) in means.zip(cells) {
            *mean = (total + weight * symmetric) / (mass + weight);
        }
    }

    fn pooled<const N: usize>(&self, cells: [(usize, usize); N], weight: f64, prior: f64) -> f64 {
        let mut mass = weight;
        let mut total = weight * prior;
        for (situation, action) in cells {
            mass += self.mass[situation][action];
            total += self.total[situation][action];
        }
        total / mass
    }
}
