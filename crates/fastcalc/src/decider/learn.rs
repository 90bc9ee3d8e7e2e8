//! Folding one outcome into the state.

use super::action::{ACTIONS, Action, one_hot, top};
use super::belief::Belief;
use super::config::LATENT;
use super::confusion::normalised;
use super::context::Context;
use super::error::DeciderError;
use super::feedback::{Feedback, check_costs};
use super::herd::links;
use super::slot::Rows;
use super::state::State;
use super::vote::{Vote, prepare};

/// An outcome whose likelihood is above this in all classes says nothing about the class: with one
/// reward known at a time, that of holding, for example.
const SILENT: f64 = 0.999;

/// Learns the outcome of a decision from the votes it was made on. The state is unchanged when
/// this fails.
pub(crate) fn learn(
    state: &mut State,
    votes: &[Vote<'_>],
    context: Context<'_>,
    round_trip_bps: f64,
    feedback: Feedback,
) -> Result<(), DeciderError> {
    check_costs(round_trip_bps)?;
    context.check()?;
    let gross = feedback.gross(round_trip_bps)?;
    let hard = prepare(votes)?;
    state.meet(hard.iter().map(|vote| vote.slot))?;

    let active = state.labels.circumstances(context);
    let places = state.labels.meet(context);
    let mut belief = Belief::new(state);
    let mut rows: Vec<Rows> = Vec::with_capacity(hard.len());
    let mut seats = Vec::with_capacity(hard.len());
    for vote in &hard {
        // `meet` made a slot for every vote, so the two cases of `find` do not differ here.
        let (Ok(seat) | Err(seat)) = state.find(vote.slot);
        let slot = &state.slots[seat];
        let likelihoods = slot.rows(vote.action, &active);
        belief.add(state, slot.arrival, vote.action, &likelihoods);
        rows.push(likelihoods);
        seats.push((seat, vote.action));
    }
    let arrivals: Vec<Option<usize>> = seats
        .iter()
        .map(|&(seat, _)| Some(state.slots[seat].arrival))
        .collect();
    let actions: Vec<_> = seats.iter().map(|&(_, action)| action).collect();
    let copied = links(state, &arrivals, &actions);
    for link in &copied {
        belief.link(&rows[link.child], link.copying);
    }
    let mut copying = vec![0.0; seats.len()];
    for link in &copied {
        copying[link.child] = link.copying;
    }
    let gross = state.rewards.winsorised(gross, &state.config);
    let likelihood = state.rewards.likelihood(gross);
    // Labels made without any evidence would only confirm what is believed already.
    let silent = likelihood.iter().all(|value| *value > SILENT);
    let posterior = joint(&belief.mixed(state), &likelihood);
    let plurality = belief.plurality();
    let expected = belief.expected(state);
    let predictive = &state.rewards.predictive;
    let mut evidence = vec![predictive.log_density(gross, &belief.plurality_expects(state))];
    let mut labels = Vec::with_capacity(state.config.bayes_components());
    for component in 0..state.config.bayes_components() {
        evidence.push(predictive.log_density(gross, &belief.bayes_expects(state, component)));
        labels.push(if component == LATENT {
            (!silent).then(|| joint(&belief.bayes(component), &likelihood))
        } else {
            realised(gross)
        });
    }
    for linear in belief.linear_expects(state) {
        evidence.push(predictive.log_density(gross, &linear));
    }
    let learned = top(&belief.scores(state, round_trip_bps));
    let sigma = state.rewards.sigma(&state.config);
    if state.rewards.proven() {
        let wanted = [learned, plurality];
        state
            .guardrail
            .learn(wanted, gross, &expected, round_trip_bps, sigma);
    }
    regress(state, &seats, gross, &belief, &expected);
    for (component, label) in labels.iter().enumerate() {
        let Some(label) = label else { continue };
        let discount = state.config.bayes_discount(component);
        for (count, mass) in state.classes[component].iter_mut().zip(label) {
            *count = *count * discount + mass;
        }
        for (&(seat, vote), copying) in seats.iter().zip(&copying) {
            let slot = &mut state.slots[seat];
            let circumstances = [&active, &places];
            slot.learn(
                component,
                vote,
                label,
                *copying,
                circumstances,
                &state.config,
            );
        }
    }
    if !silent {
        for &(seat, vote) in &seats {
            state.slots[seat].believe(posterior[vote.index()]);
        }
    }
    let accuracies: Vec<f64> = seats
        .iter()
        .map(|&(seat, _)| state.slots[seat].accuracy(&state.config))
        .collect();
    for (index, &(seat, vote)) in seats.iter().enumerate() {
        let arrival = state.slots[seat].arrival;
        for (other, &(peer, said)) in seats[..index].iter().enumerate() {
            let peer = state.slots[peer].arrival;
            let both = [accuracies[index], accuracies[other]];
            state.pairs.learn(arrival, peer, vote == said, both);
        }
    }

    state.outcomes += 1;
    let discount = state.config.plurality_discount;
    for (count, mass) in state.plurality_classes.iter_mut().zip(posterior) {
        *count = *count * discount + mass;
    }
    if !hard.is_empty() {
        state.calibration.decay(discount);
        state.calibration.add_row(plurality, &posterior);
        state.calibration_rows = state.calibration.smoothed(state.config.smoothing());
        let gain = state.mixture.learn(&evidence, &state.config);
        // One reward at a time is chosen by whoever acts: no ground to judge the two by.
        if state.rewards.proven() && matches!(gross, Feedback::Full(_)) {
            state.guardrail.weigh(gain);
        }
    }
    for &(seat, vote) in &seats {
        state.slots[seat].record(feedback.judges(vote), state.outcomes);
    }
    state.rewards.learn(
        gross,
        [Some(posterior), Some(one_hot(plurality)), realised(gross)],
        &expected,
        state.outcomes - 1,
        &state.config,
    );
    Ok(())
}

/// Teaches the regressions what of the outcome is known.
fn regress(
    state: &mut State,
    seats: &[(usize, Action)],
    gross: Feedback,
    belief: &Belief,
    expected: &[f64; ACTIONS],
) {
    let signal = state.signal();
    let votes: Vec<(usize, Action)> = seats
        .iter()
        .map(|&(seat, vote)| (state.slots[seat].arrival, vote))
        .collect();
    let level = 0.5 * (expected[0] + expected[2]);
    let (difference, rest) = match gross {
        Feedback::Full([buy, hold, sell]) => (0.5 * (buy - sell), Some((0.5 * (buy + sell), hold))),
        // A trade seen alone: its opposite would have earned the mirror image.
        Feedback::Bandit(Action::Buy, reward) => (reward - level, None),
        Feedback::Bandit(Action::Sell, reward) => (level - reward, None),
        Feedback::Bandit(Action::Hold, _) => return,
    };
    let discounts = state.config.ridge_discounts();
    let parts = state
        .regressions
        .iter_mut()
        .zip(discounts)
        .zip(&belief.linear);
    for ((regression, discount), sum) in parts {
        regression.learn_difference(&votes, difference, sum.edges, discount, signal);
        if let Some((common, holding)) = rest {
            regression.learn_level(&votes, common, holding, discount);
        }
    }
}

/// The probabilities of the classes given what was observed.
fn joint(belief: &[f64; ACTIONS], likelihood: &[f64; ACTIONS]) -> [f64; ACTIONS] {
    normalised(&[
        belief[0] * likelihood[0],
        belief[1] * likelihood[1],
        belief[2] * likelihood[2],
    ])
}

/// The action that came out best, where all rewards are known; a tie is Hold.
fn realised(gross: Feedback) -> Option<[f64; ACTIONS]> {
    match gross {
        Feedback::Full(rewards) => Some(one_hot(top(&rewards))),
        Feedback::Bandit(..) => None,
    }
}
