//! The votes of one decision: checked, reduced to hard votes, and put in a canonical order.

use super::action::{ACTIONS, Action, top};
use super::error::DeciderError;

/// Longest slot key, in characters.
pub const MAX_SLOT_CHARS: usize = 128;
/// How far from 1 the probabilities of a vote may sum.
pub const SUM_TOLERANCE: f64 = 1e-6;

/// One expert's opinion on one decision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vote<'a> {
    /// `expertId@major`.
    pub slot: &'a str,
    /// Probabilities of buy, hold, sell; they sum to 1.
    pub probabilities: [f64; ACTIONS],
}

/// A checked vote.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HardVote<'a> {
    pub slot: &'a str,
    /// The action it stands for.
    pub action: Action,
    /// Its position among the votes as given.
    pub position: usize,
}

/// Checks the votes and sorts them by slot, so that the order in which they came cannot change
/// any result, not even in its last bit.
///
/// # Errors
/// `Invalid` for a malformed slot key, probabilities that are none, or a slot voting twice.
pub(crate) fn prepare<'a>(votes: &[Vote<'a>]) -> Result<Vec<HardVote<'a>>, DeciderError> {
    let mut hard = Vec::with_capacity(votes.len());
    for (position, vote) in votes.iter().enumerate() {
        check_slot(vote.slot, position)?;
        check_probabilities(&vote.probabilities, position)?;
        hard.push(HardVote {
            slot: vote.slot,
            action: top(&vote.probabilities),
            position,
        });
    }
    hard.sort_by(|a, b| a.slot.cmp(b.slot));
    for pair in hard.windows(2) {
        if pair[0].slot == pair[1].slot {
            let field = format!("votes[{}].slot", pair[1].position);
            let actual = format!("\"{}\" a second time", pair[1].slot);
            return Err(DeciderError::invalid(field, actual, "one vote per slot"));
        }
    }
    Ok(hard)
}

/// True for 1 to 128 characters, none of them a control character or U+FFFD, which is what
/// malformed text becomes: two broken names could turn into the same.
pub(crate) fn is_slot(slot: &str) -> bool {
    let refused = |c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER;
    !slot.is_empty() && slot.chars().count() <= MAX_SLOT_CHARS && !slot.chars().any(refused)
}

fn check_slot(slot: &str, position: usize) -> Result<(), DeciderError> {
    if is_slot(slot) {
        return Ok(());
    }
    let allowed = format!("1 to {MAX_SLOT_CHARS} characters, no control characters, well-formed");
    Err(DeciderError::invalid(
        format!("votes[{position}].slot"),
        format!("{slot:?}"),
        allowed,
    ))
}

fn check_probabilities(
    probabilities: &[f64; ACTIONS],
    position: usize,
) -> Result<(), DeciderError> {
    for (&value, name) in probabilities.iter().zip(["buy", "hold", "sell"]) {
        if !(0.0..=1.0 + SUM_TOLERANCE).contains(&value) {
            let field = format!("votes[{position}].probabilities.{name}");
            return Err(DeciderError::invalid(field, value, "0 to 1"));
        }
    }
    let sum = probabilities[0] + probabilities[1] + probabilities[2];
    if (sum - 1.0).abs() > SUM_TOLERANCE {
        let field = format!("votes[{position}].probabilities");
        return Err(DeciderError::invalid(
            field,
            format!("a sum of {sum}"),
            "probabilities that sum to 1",
        ));
    }
    Ok(())
}

/// The plurality of vote counts; any tie for the first place is Hold.
pub(crate) fn plurality(counts: &[u32; ACTIONS]) -> Action {
    top(&[
        f64::from(counts[0]),
        f64::from(counts[1]),
        f64::from(counts[2]),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote(slot: &str, probabilities: [f64; 3]) -> Vote<'_> {
        Vote {
            slot,
            probabilities,
        }
    }

    fn field_of(votes: &[Vote<'_>]) -> String {
        match prepare(votes) {
            Err(DeciderError::Invalid { field, .. }) => field,
            other => panic!("expected Invalid, got {other:?}"),
        }
    }

    #[test]
    fn votes_come_out_sorted_by_slot() {
        let votes = [vote("b@1", [0.0, 1.0, 0.0]), vote("a@1", [0.6, 0.2, 0.2])];
        let hard = prepare(&votes).unwrap();
        assert_eq!(
            (hard[0].slot, hard[0].action, hard[0].position),
            ("a@1", Action::Buy, 1)
        );
        assert_eq!(
            (hard[1].slot, hard[1].action, hard[1].position),
            ("b@1", Action::Hold, 0)
        );
    }

    #[test]
    fn a_slot_voting_twice_is_refused_at_the_second_vote() {
        let same = vote("a@1", [1.0, 0.0, 0.0]);
        assert_eq!(
            field_of(&[same, vote("b@1", [1.0, 0.0, 0.0]), same]),
            "votes[2].slot"
        );
    }

    #[test]
    fn malformed_slots_are_refused() {
        let long = "x".repeat(MAX_SLOT_CHARS + 1);
        for slot in ["", "a\nb", "a\u{fffd}", long.as_str()] {
            assert_eq!(field_of(&[vote(slot, [1.0, 0.0, 0.0])]), "votes[0].slot");
        }
        assert!(prepare(&[vote(&"é".repeat(MAX_SLOT_CHARS), [1.0, 0.0, 0.0])]).is_ok());
    }

    #[test]
    fn probabilities_that_are_none_are_refused() {
        assert_eq!(
            field_of(&[vote("a", [f64::NAN, 0.5, 0.5])]),
            "votes[0].probabilities.buy"
        );
        assert_eq!(
            field_of(&[vote("a", [0.6, -0.1, 0.5])]),
            "votes[0].probabilities.hold"
        );
        assert_eq!(
            field_of(&[vote("a", [0.0, 0.0, f64::INFINITY])]),
            "votes[0].probabilities.sell"
        );
        assert_eq!(
            field_of(&[vote("a", [0.3, 0.3, 0.3])]),
            "votes[0].probabilities"
        );
    }
}
