//! Answering one set of votes: action, scores, and what each expert contributed to them.

use super::action::{ACTIONS, Action, top};
use super::belief::Belief;
use super::context::Context;
use super::error::DeciderError;
use super::feedback::check_costs;
use super::guardrail::decide_between;
use super::herd::{Link, links};
use super::slot::{Rows, Slot};
use super::state::State;
use super::vote::{HardVote, Vote, prepare};

/// The decider's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What to do: the action with the strictly highest score (a tie is Hold), or plurality's where
    /// the guardrail gives plurality the greater say.
    pub action: Action,
    /// Fraction of a full position, 0 to 1: 0 for Hold, 1 where plurality agrees, else by the say of
    /// the two.
    pub size: f64,
    /// Share of the learned mixture in the guardrail, 0 to 1; 0 on probation.
    pub guardrail: f64,
    /// Expected basis points of buy, hold, sell, net of costs.
    pub scores: [f64; ACTIONS],
    /// Probability that each action is the right one.
    pub probabilities: [f64; ACTIONS],
    /// What each vote added to the scores, in the order the votes were given. They sum to the
    /// scores.
    pub contributions: Vec<[f64; ACTIONS]>,
    /// What the plain plurality vote says.
    pub plurality: Action,
    /// Weights of the components: plurality, naive Bayes, realised
    /// best, the regressions, edge-weighted.
    pub mixture: Vec<f64>,
}

/// Answers; changes nothing.
pub(crate) fn decide(
    state: &State,
    votes: &[Vote<'_>],
    context: Context<'_>,
    round_trip_bps: f64,
) -> Result<Answer, DeciderError> {
    check_costs(round_trip_bps)?;
    context.check()?;
    let hard = prepare(votes)?;
    let slots: Vec<&Slot> = hard.iter().map(|vote| state.slot(vote.slot)).collect();
    let mut belief = Belief::new(state);
    let probabilities_of = |belief: &Belief| {
        if !state.rewards.proven() {
            belief.calibrated(state)
        } else {
            belief.mixed(state)
        }
    };
    if hard.is_empty() {
        return Ok(Answer {
            action: Action::Hold,
            size: 0.0,
            guardrail: state.say(),
            scores: [0.0; ACTIONS],
            probabilities: probabilities_of(&belief),
            contributions: Vec::new(),
            plurality: Action::Hold,
            mixture: state.mixture.weights.clone(),
        });
    }
    let base = belief.scores(state, round_trip_bps);
    let mut contributions = vec![[0.0; ACTIONS]; hard.len()];
    let links = links_of(state, &hard, &slots);
    let circumstances = state.labels.circumstances(context);
    let rows: Vec<Rows> = slots
        .iter()
        .zip(&hard)
        .map(|(slot, vote)| slot.rows(vote.action, &circumstances))
        .collect();
    let ballot = Ballot {
        votes: &hard,
        slots: &slots,
        rows: &rows,
        links: &links,
    };
    let count = hard.len();
    let backward = ballot.marginals(
        state,
        round_trip_bps,
        base,
        (0..count).rev(),
        &mut contributions,
    );
    debug_assert_eq!(backward.1.plurality(), plurality_of(&hard));
    let (scores, all) = ballot.marginals(state, round_trip_bps, base, 0..count, &mut contributions);
    belief = all;
    spread(&mut contributions, &base, &scores);
    let say = state.say();
    let (action, size) =
        decide_between(say, top(&scores), baseline(state, &belief, round_trip_bps));
    Ok(Answer {
        action,
        size,
        scores,
        probabilities: probabilities_of(&belief),
        contributions,
        plurality: belief.plurality(),
        mixture: state.mixture.weights.clone(),
        guardrail: say,
    })
}

/// What the guardrail guards: plurality's action, unless the costs, which are known and not learned, are
/// larger than a usual move: then no vote can be worth a trade.
fn baseline(state: &State, belief: &Belief, round_trip_bps: f64) -> Action {
    let hopeless = state.rewards.proven() && round_trip_bps > state.rewards.sigma(&state.config);
    if hopeless {
        Action::Hold
    } else {
        belief.plurality()
    }
}

/// Checked votes, who gave them, and who copies whom.
struct Ballot<'a> {
    votes: &'a [HardVote<'a>],
    slots: &'a [&'a Slot],
    rows: &'a [Rows],
    links: &'a [Link],
}

impl Ballot<'_> {
    /// Adds half of what every vote changes when the votes arrive in this order; returns the
    /// scores and the belief in the end.
    fn marginals(
        &self,
        state: &State,
        round_trip_bps: f64,
        base: [f64; ACTIONS],
        order: impl Iterator<Item = usize>,
        contributions: &mut [[f64; ACTIONS]],
    ) -> ([f64; ACTIONS], Belief) {
        let mut belief = Belief::new(state);
        let mut before = base;
        let mut waiting = self.links.to_vec();
        let mut here = vec![false; self.votes.len()];
        for index in order {
            let vote = &self.votes[index];
            belief.add(
                state,
                self.slots[index].arrival,
                vote.action,
                &self.rows[index],
            );
            here[index] = true;
            waiting.retain(|link| {
                let complete = here[link.parent] && here[link.child];
                if complete {
                    belief.link(&self.rows[link.child], link.copying);
                }
                !complete
            });
            let after = belief.scores(state, round_trip_bps);
            for (action, total) in contributions[vote.position].iter_mut().enumerate() {
                *total += 0.5 * (after[action] - before[action]);
            }
            before = after;
        }
        (before, belief)
    }
}

/// Who copies whom among these voters.
fn links_of(state: &State, votes: &[HardVote<'_>], slots: &[&Slot]) -> Vec<Link> {
    let known = |slot: &&Slot| (slot.outcomes > 0).then_some(slot.arrival);
    let seats: Vec<Option<usize>> = slots.iter().map(known).collect();
    let actions: Vec<Action> = votes.iter().map(|vote| vote.action).collect();
    links(state, &seats, &actions)
}

/// Splits what the scores are without any vote (priors and costs) evenly over the voters, and
/// gives the rounding that is left to the last.
fn spread(contributions: &mut [[f64; ACTIONS]], base: &[f64; ACTIONS], scores: &[f64; ACTIONS]) {
    let share = 1.0 / contributions.len() as f64;
    for action in 0..ACTIONS {
        let mut rest = scores[action];
        for contribution in contributions.iter_mut() {
            contribution[action] += base[action] * share;
            rest -= contribution[action];
        }
        if let Some(last) = contributions.last_mut() {
            last[action] += rest;
        }
    }
}

fn plurality_of(hard: &[HardVote<'_>]) -> Action {
    let mut counts = [0u32; ACTIONS];
    for vote in hard {
        counts[vote.action.index()] += 1;
    }
    super::vote::plurality(&counts)
}
