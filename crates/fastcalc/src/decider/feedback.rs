//! What is known of an outcome: every action's reward, or only that of the action taken.

use super::action::{ACTIONS, Action};
use super::error::DeciderError;

/// Largest reward or cost that is accepted, in basis points.
pub const MAX_REWARD_BPS: f64 = 1e6;

/// The reward of a decision, in basis points net of costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Feedback {
    /// What each action earned or would have earned: buy, hold, sell.
    Full([f64; ACTIONS]),
    /// What the action taken earned; nothing is known of the others.
    Bandit(Action, f64),
}

impl Feedback {
    /// Adds the costs back, after checking the numbers.
    pub(crate) fn gross(self, round_trip_bps: f64) -> Result<Feedback, DeciderError> {
        let add = |action: Action, reward: f64| {
            if action.trades() {
                reward + round_trip_bps
            } else {
                reward
            }
        };
        match self {
            Feedback::Full(rewards) => {
                let mut gross = [0.0; ACTIONS];
                for (action, name) in Action::ALL.into_iter().zip(["buy", "hold", "sell"]) {
                    let reward = rewards[action.index()];
                    check(&format_args!("feedback.rewardsBps.{name}"), reward)?;
                    gross[action.index()] = add(action, reward);
                }
                Ok(Feedback::Full(gross))
            }
            Feedback::Bandit(action, reward) => {
                check(&format_args!("feedback.rewardBps"), reward)?;
                Ok(Feedback::Bandit(action, add(action, reward)))
            }
        }
    }

    /// Every reward passed through `change`.
    pub(crate) fn map(self, change: impl Fn(f64) -> f64) -> Feedback {
        match self {
            Feedback::Full(rewards) => Feedback::Full(rewards.map(change)),
            Feedback::Bandit(action, reward) => Feedback::Bandit(action, change(reward)),
        }
    }

    /// The reward of this action, where it is known.
    pub(crate) fn of(self, action: Action) -> Option<f64> {
        match self {
            Feedback::Full(rewards) => Some(rewards[action.index()]),
            Feedback::Bandit(taken, reward) => (taken == action).then_some(reward),
        }
    }

    /// Whether an action was right: no other earned more, net of costs. With one reward known, a trade
    /// that was made is judged against holding, which earns nothing; of the rest nothing is known.
    pub(crate) fn judges(self, action: Action) -> Option<bool> {
        match self {
            Feedback::Full(rewards) => {
                let earned = rewards[action.index()];
                Some(rewards.iter().all(|other| *other <= earned))
            }
            Feedback::Bandit(taken, reward) => {
                (taken == action && action.trades()).then_some(reward >= 0.0)
            }
        }
    }

    /// The largest reward in absolute value.
    pub(crate) fn size(self) -> f64 {
        match self {
            Feedback::Full([buy, hold, sell]) => {
                let size = if buy.abs() > sell.abs() {
                    buy.abs()
                } else {
                    sell.abs()
                };
                if hold.abs() > size { hold.abs() } else { size }
            }
            Feedback::Bandit(_, reward) => reward.abs(),
        }
    }
}

/// Checks the cost of a round trip, in basis points.
pub(crate) fn check_costs(round_trip_bps: f64) -> Result<(), DeciderError> {
    if (0.0..=MAX_REWARD_BPS).contains(&round_trip_bps) {
        return Ok(());
    }
    Err(DeciderError::invalid(
        "costs.roundTripBps",
        round_trip_bps,
        "0 to 1e6",
    ))
}

fn check(field: &dyn core::fmt::Display, reward: f64) -> Result<(), DeciderError> {
    if (-MAX_REWARD_BPS..=MAX_REWARD_BPS).contains(&reward) {
        return Ok(());
    }
    Err(DeciderError::invalid(
        field.to_string(),
        reward,
        "-1e6 to 1e6",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_added_back_to_trades_only() {
        let gross = Feedback::Full([8.0, 0.0, -12.0]).gross(2.0);
        assert_eq!(gross, Ok(Feedback::Full([10.0, 0.0, -10.0])));
        assert_eq!(
            Feedback::Bandit(Action::Hold, 0.0).gross(2.0),
            Ok(Feedback::Bandit(Action::Hold, 0.0))
        );
        assert_eq!(
            Feedback::Bandit(Action::Sell, 1.0).gross(2.0),
            Ok(Feedback::Bandit(Action::Sell, 3.0))
        );
    }

    #[test]
    fn rewards_beyond_reason_are_refused() {
        for reward in [f64::NAN, f64::INFINITY, 1e308, -1.1e6] {
            assert!(Feedback::Full([0.0, reward, 0.0]).gross(0.0).is_err());
            assert!(Feedback::Bandit(Action::Buy, reward).gross(0.0).is_err());
        }
        assert!(check_costs(-1.0).is_err());
        assert!(check_costs(f64::NAN).is_err());
    }
}
