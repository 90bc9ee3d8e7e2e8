//! How far rewards fall from what was expected: discounted variances of their nearly independent
//! parts.
//!
//! A buy's and a sell's reward are almost mirror images, so a fully known outcome is split into
//! the difference of the two trades, their common part, and the reward of holding. A reward seen
//! alone, as bandit feedback shows it, has a variance of its own.

use super::action::{ACTIONS, Action};
use super::feedback::Feedback;

const DIFFERENCE: usize = 0;
const COMMON: usize = 1;
const HOLDING: usize = 2;
/// One trade seen alone.
const ALONE: usize = 3;
/// The parts of an outcome that have a variance of their own.
pub(crate) const PARTS: usize = 4;

/// Pseudo-outcomes behind the prior variance, which is the squared scale.
const PRIOR_OUTCOMES: f64 = 10.0;
/// A variance never falls below this share of the squared scale: rewards without any noise (0 and
/// 1, say) make labels all but certain, and no division by zero.
const VARIANCE_FLOOR: f64 = 1e-4;

/// Discounted squares and the precisions made of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Residuals {
    /// Discounted weight and sum of squares per part.
    pub squares: [[f64; 2]; PARTS],
    /// Reciprocals of the variances; 0 while nothing is known. Made from the squares.
    precision: [f64; PARTS],
}

impl Residuals {
    /// Residuals made of their statistics, `sigma` being the robust scale of rewards.
    pub fn new(squares: [[f64; 2]; PARTS], sigma: f64) -> Self {
        let mut residuals = Residuals {
            squares,
            precision: [0.0; PARTS],
        };
        residuals.refresh(sigma);
        residuals
    }

    /// Log-density of an outcome around what was expected, up to a constant.
    pub fn log_density(&self, gross: Feedback, expected: &[f64; ACTIONS]) -> f64 {
        let energy = match gross {
            Feedback::Full(rewards) => {
                let (seen, expected) = (parts(&rewards), parts(expected));
                let square = |part: usize| {
                    let residual = seen[part] - expected[part];
                    residual * residual * self.precision[part]
                };
                square(DIFFERENCE) + square(COMMON) + square(HOLDING)
            }
            Feedback::Bandit(action, reward) => {
                let residual = reward - expected[action.index()];
                residual * residual * self.precision[alone(action)]
            }
        };
        -0.5 * energy
    }

    /// Forgets a part of everything.
    pub fn decay(&mut self, keep: f64) {
        for cell in self.squares.as_flattened_mut() {
            *cell *= keep;
        }
    }

    /// Adds the residuals of an outcome around `expected`, with this weight.
    pub fn add(&mut self, gross: Feedback, expected: &[f64; ACTIONS], weight: f64) {
        match gross {
            Feedback::Full(rewards) => {
                let (seen, middle) = (parts(&rewards), parts(expected));
                for part in [DIFFERENCE, COMMON, HOLDING] {
                    self.add_square(part, seen[part] - middle[part], weight);
                }
                for action in [Action::Buy.index(), Action::Sell.index()] {
                    self.add_square(ALONE, rewards[action] - expected[action], weight);
                }
            }
            Feedback::Bandit(action, reward) => {
                self.add_square(alone(action), reward - expected[action.index()], weight);
            }
        }
    }

    /// Makes the precisions again.
    pub fn refresh(&mut self, sigma: f64) {
        let variance = sigma * sigma;
        let floor = VARIANCE_FLOOR * variance;
        for (precision, [weight, squares]) in self.precision.iter_mut().zip(self.squares) {
            let estimate = (squares + PRIOR_OUTCOMES * variance) / (weight + PRIOR_OUTCOMES);
            let value = if estimate > floor { estimate } else { floor };
            *precision = if value > 0.0 { 1.0 / value } else { 0.0 };
        }
    }

    fn add_square(&mut self, part: usize, residual: f64, weight: f64) {
        self.squares[part][0] += weight;
        self.squares[part][1] += weight * residual * residual;
    }
}

fn parts(rewards: &[f64; ACTIONS]) -> [f64; 3] {
    let [buy, hold, sell] = *rewards;
    [0.5 * (buy - sell), 0.5 * (buy + sell), hold]
}

fn alone(action: Action) -> usize {
    if action.trades() { ALONE } else { HOLDING }
}
