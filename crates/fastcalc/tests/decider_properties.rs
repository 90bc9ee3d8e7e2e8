//! What must hold of the decider whatever it is fed.

use fastcalc::decider::{
    Action, Answer, Context, Decider, DeciderConfig, DeciderError, Feedback, Vote, top,
};
use proptest::prelude::*;

const NAMES: [&str; 6] = [
    "anomaly@1",
    "flow@1",
    "flow@2",
    "regime@1",
    "trend@3",
    "zebra@1",
];

/// One decision and its outcome: votes by index into `NAMES`, and the feedback.
#[derive(Clone, Debug)]
struct Event {
    votes: Vec<(usize, [f64; 3])>,
    labels: [Option<usize>; 2],
    costs: f64,
    feedback: Feedback,
}

/// More labels than are kept.
const LABELS: [&str; 20] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s",
    "t",
];

impl Event {
    fn asked(votes: Vec<(usize, [f64; 3])>, costs: f64) -> Self {
        let feedback = Feedback::Full([0.0; 3]);
        Event {
            votes,
            labels: [Some(1), None],
            costs,
            feedback,
        }
    }

    fn context(&self) -> Context<'static> {
        let [regime, anomaly] = self.labels.map(|label| label.map(|label| LABELS[label]));
        Context { regime, anomaly }
    }

    fn votes(&self) -> Vec<Vote<'static>> {
        let vote = |&(slot, probabilities): &(usize, [f64; 3])| Vote {
            slot: NAMES[slot],
            probabilities,
        };
        self.votes.iter().map(vote).collect()
    }
}

fn probabilities() -> impl Strategy<Value = [f64; 3]> {
    // Small integers make ties frequent.
    [0u32..4, 0u32..4, 0u32..4].prop_map(|[buy, hold, sell]| {
        let total = f64::from(buy + hold + sell);
        if total == 0.0 {
            return [1.0 / 3.0; 3];
        }
        [
            f64::from(buy) / total,
            f64::from(hold) / total,
            f64::from(sell) / total,
        ]
    })
}

fn votes() -> impl Strategy<Value = Vec<(usize, [f64; 3])>> {
    let vote = proptest::option::of(probabilities());
    proptest::collection::vec(vote, NAMES.len()).prop_map(|votes| {
        votes
            .into_iter()
            .enumerate()
            .filter_map(|(slot, vote)| vote.map(|p| (slot, p)))
            .collect()
    })
}

fn feedback() -> impl Strategy<Value = Feedback> {
    let reward = || prop_oneof![8 => -50.0..50.0, 1 => Just(0.0), 1 => -1e6..1e6f64];
    prop_oneof![
        3 => [reward(), reward(), reward()].prop_map(Feedback::Full),
        1 => (0usize..3, reward()).prop_map(|(a, r)| Feedback::Bandit(Action::ALL[a], r)),
    ]
}

fn events(most: usize) -> impl Strategy<Value = Vec<Event>> {
    let label = || proptest::option::of(prop_oneof![4 => 0usize..3, 1 => 0..LABELS.len()]);
    let event = (
        votes(),
        [label(), label()],
        prop_oneof![Just(0.0), 0.0..20.0],
        feedback(),
    )
        .prop_map(|(votes, labels, costs, feedback)| Event {
            votes,
            labels,
            costs,
            feedback,
        });
    proptest::collection::vec(event, 0..most)
}

fn fresh() -> Decider {
    Decider::new(DeciderConfig::default()).unwrap()
}

fn fold(mut decider: Decider, events: &[Event]) -> Decider {
    for event in events {
        decider
            .learn_in(&event.votes(), event.context(), event.costs, event.feedback)
            .unwrap();
    }
    decider
}

fn bits(answer: &Answer) -> Vec<u64> {
    let numbers = answer
        .scores
        .iter()
        .chain(&answer.probabilities)
        .chain(&answer.mixture);
    numbers
        .chain(answer.contributions.as_flattened())
        .map(|v| v.to_bits())
        .collect()
}

fn counted_plurality(votes: &[Vote<'_>]) -> Action {
    let mut counts = [0.0; 3];
    for vote in votes {
        counts[top(&vote.probabilities).index()] += 1.0;
    }
    top(&counts)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(if cfg!(debug_assertions) { 64 } else { 512 }) })]

    #[test]
    fn the_same_events_give_the_same_bits(events in events(40), last in votes()) {
        let (one, two) = (fold(fresh(), &events), fold(fresh(), &events));
        prop_assert_eq!(one.snapshot(), two.snapshot());
        let ask = Event::asked(last, 2.0);
        let answers = (one.decide(&ask.votes(), 2.0).unwrap(), two.decide(&ask.votes(), 2.0).unwrap());
        prop_assert_eq!(bits(&answers.0), bits(&answers.1));
    }

    #[test]
    fn deciding_changes_nothing(events in events(20)) {
        let decider = fold(fresh(), &events);
        let before = decider.state_hash();
        for event in &events {
            decider.decide_in(&event.votes(), event.context(), event.costs).unwrap();
        }
        prop_assert_eq!(decider.state_hash(), before);
    }

    #[test]
    fn a_restored_decider_has_the_same_future(past in events(30), future in events(30)) {
        let decider = fold(fresh(), &past);
        let restored = Decider::restore(&decider.snapshot()).unwrap();
        prop_assert_eq!(&restored, &decider);
        for event in &future {
            let answers =
                [&restored, &decider].map(|d| bits(&d.decide_in(&event.votes(), event.context(), event.costs).unwrap()));
            prop_assert_eq!(&answers[0], &answers[1]);
        }
        prop_assert_eq!(fold(restored, &future).snapshot(), fold(decider, &future).snapshot());
    }

    #[test]
    fn contributions_add_up_to_the_scores(events in events(40), last in votes(), costs in 0.0..50.0) {
        let decider = fold(fresh(), &events);
        let ask = Event::asked(last, costs);
        let answer = decider.decide_in(&ask.votes(), ask.context(), costs).unwrap();
        prop_assert_eq!(answer.contributions.len(), ask.votes.len());
        for action in 0..3 {
            let sum: f64 = answer.contributions.iter().map(|c| c[action]).sum();
            prop_assert!((sum - answer.scores[action]).abs() <= 1e-9, "{} {:?}", sum, answer.scores);
        }
    }

    #[test]
    fn the_action_has_the_highest_score_and_all_numbers_are_sound(events in events(40), last in votes()) {
        let decider = fold(fresh(), &events);
        let ask = Event::asked(last, 3.0);
        let answer = decider.decide_in(&ask.votes(), ask.context(), 3.0).unwrap();
        let decides = if answer.guardrail >= 0.5 { top(&answer.scores) } else { answer.plurality };
        prop_assert_eq!(answer.action, decides);
        prop_assert!((0.0..=1.0).contains(&answer.size));
        prop_assert_eq!(answer.size > 0.0 || answer.guardrail == 0.5, answer.action != Action::Hold || answer.guardrail == 0.5);
        prop_assert!(bits(&answer).into_iter().all(|b| f64::from_bits(b).is_finite()));
        prop_assert!((answer.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        prop_assert!((answer.mixture.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        let weights: f64 = decider.experts().iter().map(|e| e.weight).sum();
        prop_assert!(decider.experts().is_empty() || (weights - 1.0).abs() < 1e-9);
    }

    #[test]
    fn before_the_first_outcome_it_is_plurality(votes in votes(), costs in 0.0..100.0) {
        let ask = Event::asked(votes, costs);
        let answer = fresh().decide(&ask.votes(), costs).unwrap();
        prop_assert_eq!(answer.action, counted_plurality(&ask.votes()));
        prop_assert_eq!(answer.action, answer.plurality);
    }

    #[test]
    fn the_order_of_the_votes_does_not_matter(events in events(20), last in votes()) {
        let reversed: Vec<Event> = events.iter().cloned().map(|mut event| {
            event.votes.reverse();
            event
        }).collect();
        let (one, two) = (fold(fresh(), &events), fold(fresh(), &reversed));
        prop_assert_eq!(one.snapshot(), two.snapshot());
        let ask = Event::asked(last, 1.0);
        let mut backwards = ask.clone();
        backwards.votes.reverse();
        let mut answer = two.decide_in(&backwards.votes(), ask.context(), 1.0).unwrap();
        answer.contributions.reverse();
        let straight = one.decide_in(&ask.votes(), ask.context(), 1.0).unwrap();
        prop_assert_eq!(answer.scores.map(f64::to_bits), straight.scores.map(f64::to_bits));
        for (a, b) in answer.contributions.as_flattened().iter().zip(straight.contributions.as_flattened()) {
            prop_assert!((a - b).abs() <= 1e-9);
        }
    }

    #[test]
    fn a_sleeping_expert_is_untouched(past in events(20), future in events(20)) {
        let asleep = |event: &Event| Event {
            votes: event.votes.iter().copied().filter(|(slot, _)| *slot != 0).collect(),
            ..event.clone()
        };
        let before = fold(fresh(), &past);
        let after = fold(before.clone(), &future.iter().map(asleep).collect::<Vec<Event>>());
        let record = |decider: &Decider| {
            decider.experts().into_iter().find(|e| e.slot == NAMES[0]).map(|e| (e.outcomes, e.hits, e.hit_rate.to_bits()))
        };
        prop_assert_eq!(record(&before), record(&after));
    }

    #[test]
    fn what_is_refused_is_not_learned(past in events(20), votes in votes()) {
        let mut decider = fold(fresh(), &past);
        let before = decider.snapshot();
        let ask = Event::asked(votes, 1.0);
        let newcomer = Vote { slot: "newcomer@1", probabilities: [1.0, 0.0, 0.0] };
        let mut twice = ask.votes();
        twice.extend([newcomer, newcomer]);
        let mut once = ask.votes();
        once.push(newcomer);
        prop_assert!(decider.learn(&twice, 1.0, Feedback::Full([0.0; 3])).is_err());
        prop_assert!(decider.learn(&once, f64::NAN, Feedback::Full([0.0; 3])).is_err());
        prop_assert!(decider.learn(&once, 1.0, Feedback::Full([0.0, f64::NAN, 0.0])).is_err());
        prop_assert!(decider.learn(&once, 1.0, Feedback::Bandit(Action::Buy, 1e308)).is_err());
        let unnamed = Context { regime: Some("new"), anomaly: Some("") };
        prop_assert!(decider.learn_in(&once, unnamed, 1.0, Feedback::Full([0.0; 3])).is_err());
        prop_assert_eq!(decider.snapshot(), before);
    }

    #[test]
    fn any_bytes_restore_to_an_error_not_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Decider::restore(&bytes).is_err());
    }

    #[test]
    fn any_flipped_bit_of_a_snapshot_is_found(events in events(10), place in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut bytes = fold(fresh(), &events).snapshot();
        let at = place.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let found = matches!(
            Decider::restore(&bytes),
            Err(DeciderError::Damaged { .. } | DeciderError::Version { .. })
        );
        prop_assert!(found);
    }
}
