//! The guardrail: a probation, then (A,B)-Prod (Sani, Neu and Lazaric 2014) of the learned mixture A against the
//! plurality vote B.
//!
//! A's weight is multiplied by `1 + rate * lead`, where the lead is how much more A's action earned
//! than B's, in units of the rewards' scale; B's weight stays 1. What A gains on B grows A's say,
//! what it loses shrinks it: in the end B is never left behind by more than a constant. Where the
//! two disagree, A's share of the weight says who decides and how large the position is.

use super::action::{ACTIONS, Action};
use super::feedback::Feedback;

/// Share of weight that one scale of lead moves.
const RATE: f64 = 0.03;
/// Leads are cut at this many scales.
const MOST_LEAD: f64 = 10.0;
/// Share of the way back to the start that an outcome moves which says nothing of the two.
const FADING: f64 = 0.001;
/// A's weight stays within these, so that neither long success nor long failure makes it deaf.
const LEAST: f64 = 0.55;
const MOST: f64 = 1000.0;
/// Weight of A at first, against 1: below, so that plurality decides until A has earned its say.
const START: f64 = 0.55;
/// Evidence, as a logarithm, by which the mixture must have foretold the outcomes better than
/// plurality to be let off probation early. Leads of a few hundred trades are mostly luck; forty
/// nats of likelihood are not.
const CONVINCING: f64 = 40.0;

/// The weight of the learned mixture against the plurality's 1, and the evidence for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Guardrail {
    pub weight: f64,
    /// Log likelihood ratio of the outcomes, mixture against plurality; kept once it convinces.
    pub evidence: f64,
}

impl Default for Guardrail {
    fn default() -> Self {
        Guardrail {
            weight: START,
            evidence: 0.0,
        }
    }
}

impl Guardrail {
    /// True for a weight that learning can lead to.
    pub fn is_sound(&self) -> bool {
        (LEAST..=MOST).contains(&self.weight) && self.evidence.is_finite()
    }

    /// Counts by how much the mixture foretold an outcome better than plurality.
    pub fn weigh(&mut self, gain: f64) {
        if !self.convinced() {
            self.evidence += gain;
        }
    }

    /// Whether probation has been passed for good by the evidence.
    pub fn convinced(&self) -> bool {
        self.evidence >= CONVINCING
    }

    /// Share of the learned mixture.
    pub fn share(&self) -> f64 {
        self.weight / (self.weight + 1.0)
    }

    /// Learns from one outcome. `expected` stands in, gross, for a reward that is not known.
    pub fn learn(
        &mut self,
        [learned, plurality]: [Action; 2],
        gross: Feedback,
        expected: &[f64; ACTIONS],
        round_trip_bps: f64,
        sigma: f64,
    ) {
        if learned == plurality {
            return;
        }
        if gross.of(learned).is_none() && gross.of(plurality).is_none() {
            return;
        }
        if matches!(gross, Feedback::Bandit(Action::Hold, _)) {
            // Nobody knows what the trade not made would have earned, and to believe the mixture's
            // own estimate would confirm it for ever. Trust wears off: plurality is tried again.
            self.weight += FADING * (START - self.weight);
        }
        let earned = |action: Action| gross.of(action).unwrap_or(expected[action.index()]);
        let (ours, theirs) = (earned(learned), earned(plurality));
        let net = |action: Action, reward: f64| {
            if action.trades() {
                reward - round_trip_bps
            } else {
                reward
            }
        };
        let lead = (net(learned, ours) - net(plurality, theirs)) / sigma;
        let lead = lead.clamp(-MOST_LEAD, MOST_LEAD);
        self.weight = (self.weight * (1.0 + RATE * lead)).clamp(LEAST, MOST);
    }
}

/// Action and size, given the mixture's say, what it wants and what the plurality wants.
pub(crate) fn decide_between(share: f64, learned: Action, plurality: Action) -> (Action, f64) {
    let (action, other, say) = if share >= 0.5 {
        (learned, plurality, share)
    } else {
        (plurality, learned, 1.0 - share)
    };
    let size = if !action.trades() {
        0.0
    } else if action == other {
        1.0
    } else if other.trades() {
        // Opposite positions cancel.
        2.0 * say - 1.0
    } else {
        say
    };
    (action, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurality_decides_until_the_mixture_has_earned_its_say() {
        let mut rail = Guardrail::default();
        assert_eq!(
            decide_between(rail.share(), Action::Buy, Action::Hold),
            (Action::Hold, 0.0)
        );
        for _ in 0..40 {
            let gross = Feedback::Full([30.0, 0.0, -30.0]);
            rail.learn([Action::Buy, Action::Hold], gross, &[0.0; 3], 2.0, 30.0);
        }
        let (action, size) = decide_between(rail.share(), Action::Buy, Action::Hold);
        assert_eq!(action, Action::Buy);
        assert!(size > 0.5 && size < 1.0);
    }

    #[test]
    fn without_a_say_the_answer_is_plurality_s_at_full_size() {
        for learned in Action::ALL {
            assert_eq!(
                decide_between(0.0, learned, Action::Buy),
                (Action::Buy, 1.0)
            );
        }
    }

    #[test]
    fn evidence_convinces_for_good() {
        let mut rail = Guardrail::default();
        rail.weigh(39.0);
        assert!(!rail.convinced());
        rail.weigh(2.0);
        rail.weigh(-10.0);
        assert!(rail.convinced());
    }

    #[test]
    fn agreement_is_a_full_position_and_opposites_cancel() {
        let rail = Guardrail {
            weight: 3.0,
            evidence: 0.0,
        };
        assert_eq!(
            decide_between(rail.share(), Action::Sell, Action::Sell),
            (Action::Sell, 1.0)
        );
        assert_eq!(
            decide_between(rail.share(), Action::Buy, Action::Sell),
            (Action::Buy, 0.5)
        );
        assert_eq!(
            decide_between(rail.share(), Action::Hold, Action::Sell),
            (Action::Hold, 0.0)
        );
    }

    #[test]
    fn whatever_happens_the_weight_stays_within_its_bounds() {
        let mut rail = Guardrail::default();
        for reward in [-1e6, 1e6] {
            for _ in 0..1000 {
                let gross = Feedback::Bandit(Action::Buy, reward);
                rail.learn([Action::Buy, Action::Sell], gross, &[0.0; 3], 2.0, 30.0);
                assert!(rail.is_sound());
            }
        }
    }

    #[test]
    fn trust_wears_off_while_holding_is_all_that_is_seen() {
        let mut rail = Guardrail {
            weight: 10.0,
            evidence: 0.0,
        };
        rail.learn(
            [Action::Hold, Action::Buy],
            Feedback::Bandit(Action::Hold, 0.0),
            &[2.0, 0.0, -2.0],
            2.0,
            30.0,
        );
        assert!(rail.weight < 10.0 && rail.weight > 9.9);
    }
}
