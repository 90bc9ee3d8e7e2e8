//! The three actions, and which one a vote or a score stands for.

/// What the committee can do. The discriminants index every `[f64; 3]` of this module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Action {
    /// Take the long side.
    Buy = 0,
    /// Stay out.
    Hold = 1,
    /// Take the short side.
    Sell = 2,
}

/// Number of actions, and of latent classes: a class is the action that is best in expectation.
pub const ACTIONS: usize = 3;

impl Action {
    /// All actions, in index order.
    pub const ALL: [Action; ACTIONS] = [Action::Buy, Action::Hold, Action::Sell];

    /// Position in every `[f64; 3]` of this module.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// The action with this index, if there is one.
    #[must_use]
    pub fn from_index(index: usize) -> Option<Action> {
        Action::ALL.get(index).copied()
    }

    /// True for the actions that trade, and so pay the cost of a round trip.
    #[must_use]
    pub fn trades(self) -> bool {
        self != Action::Hold
    }
}

/// The action with the strictly highest value; any tie for the first place is Hold, because a
/// doubt about money is Hold.
#[must_use]
pub fn top(values: &[f64; ACTIONS]) -> Action {
    let [buy, hold, sell] = *values;
    if buy > hold && buy > sell {
        Action::Buy
    } else if sell > hold && sell > buy {
        Action::Sell
    } else {
        Action::Hold
    }
}

/// All probability on one action.
pub(crate) fn one_hot(action: Action) -> [f64; ACTIONS] {
    let mut values = [0.0; ACTIONS];
    values[action.index()] = 1.0;
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictly_highest_value_wins() {
        assert_eq!(top(&[0.5, 0.3, 0.2]), Action::Buy);
        assert_eq!(top(&[0.2, 0.5, 0.3]), Action::Hold);
        assert_eq!(top(&[0.2, 0.3, 0.5]), Action::Sell);
    }

    #[test]
    fn any_tie_for_the_first_place_is_hold() {
        for tie in [
            [0.4, 0.2, 0.4],
            [0.4, 0.4, 0.2],
            [0.2, 0.4, 0.4],
            [1.0 / 3.0; 3],
        ] {
            assert_eq!(top(&tie), Action::Hold);
        }
    }
}
