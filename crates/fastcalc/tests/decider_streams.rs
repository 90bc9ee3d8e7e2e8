//! The decider against the plain vote and the best combination, on seeded streams.

mod support;

use fastcalc::decider::DeciderConfig;
use support::run::{Books, Options, mean, run};
use support::stream::{B, Payoff, Settings, generate};

/// Debug builds are some thirty times slower; one seed keeps them in the suite.
const SEEDS: u64 = if cfg!(debug_assertions) { 1 } else { 4 };

fn books(settings: &Settings, options: &Options) -> Vec<Books> {
    let of_seed = |seed| {
        run(
            &generate(settings, seed),
            settings,
            DeciderConfig::default(),
            options,
        )
        .expect("sound settings")
        .1
    };
    (101..101 + SEEDS).map(of_seed).collect()
}

fn average(books: &[Books], of: impl Fn(&Books) -> f64) -> f64 {
    mean(&books.iter().map(of).collect::<Vec<f64>>())
}

#[test]
fn most_of_the_headroom_is_reached_when_rewards_are_noisy_returns() {
    let books = books(&Settings::of(B), &Options::default());
    let headroom = average(&books, Books::headroom);
    assert!(headroom >= 0.84, "H = {headroom}");
    for book in &books {
        assert!(book.shortfall() <= 250.0, "shortfall {}", book.shortfall());
        assert!(mean(&book.learner[..1000]) >= mean(&book.plurality[..1000]));
    }
}

#[test]
fn accuracy_is_near_the_best_when_rewards_say_what_was_right() {
    let books = books(&Settings::of(Payoff::ZeroOne), &Options::default());
    let accuracy = average(&books, |book| mean(&book.learner));
    assert!(accuracy >= 0.745, "accuracy {accuracy}");
}

#[test]
fn one_reward_at_a_time_is_enough() {
    let options = Options {
        bandit: true,
        ..Options::default()
    };
    let exact = books(&Settings::of(Payoff::ZeroOne), &options);
    let accuracy = average(&exact, |book| mean(&book.learner));
    assert!(accuracy >= 0.735, "accuracy {accuracy}");
    let headroom = average(&books(&Settings::of(B), &options), Books::headroom);
    assert!(headroom >= 0.7, "H = {headroom}");
}

#[test]
fn late_and_missing_outcomes_cost_little() {
    let late = books(
        &Settings::of(B),
        &Options {
            delay: 200,
            ..Options::default()
        },
    );
    let missing = books(
        &Settings::of(B),
        &Options {
            missing: 0.4,
            ..Options::default()
        },
    );
    for (name, books) in [("late", late), ("missing", missing)] {
        let headroom = average(&books, Books::headroom);
        assert!(headroom >= 0.75, "{name}: H = {headroom}");
    }
}

#[test]
fn rapid_switches_and_a_brilliant_newcomer_are_followed() {
    let switching = books(
        &Settings {
            regime: (40, 40),
            ..Settings::of(B)
        },
        &Options::default(),
    );
    let headroom = average(&switching, Books::headroom);
    assert!(headroom >= 0.65, "switching: H = {headroom}");
    let newcomer = books(
        &Settings {
            newcomer: 0.98,
            ..Settings::of(B)
        },
        &Options::default(),
    );
    let headroom = average(&newcomer, Books::headroom);
    assert!(headroom >= 0.85, "newcomer: H = {headroom}");
}

#[test]
fn experts_that_copy_one_another_do_not_take_it_along() {
    let herding = books(
        &Settings {
            herding: 0.8,
            ..Settings::of(B)
        },
        &Options::default(),
    );
    let headroom = average(&herding, Books::headroom);
    assert!(headroom >= 0.68, "H = {headroom}");
    for book in &herding {
        assert!(book.shortfall() <= 250.0, "shortfall {}", book.shortfall());
    }
}

#[test]
fn three_times_the_noise_is_never_worse_than_the_vote_in_the_end() {
    let noisy = Payoff::Returns {
        sigma: 100.0,
        student_t3: false,
    };
    for book in books(&Settings::of(noisy), &Options::default()) {
        assert!(book.headroom() >= 0.4, "H = {}", book.headroom());
    }
}

#[test]
fn knowing_the_regime_pays_where_the_accuracies_depend_on_it() {
    let returning = Settings {
        regime: (100, 300),
        recurring: 4,
        ..Settings::of(B)
    };
    let of = |blind| {
        books(
            &returning,
            &Options {
                blind,
                ..Options::default()
            },
        )
    };
    let (seen, unseen) = (of(false), of(true));
    for (with, without) in seen.iter().zip(&unseen) {
        assert_eq!(with.best, without.best, "the same stream");
        let (with, without) = (with.headroom(), without.headroom());
        assert!(with > without + 0.03, "H = {with}, unseen {without}");
    }
}

#[test]
fn a_context_that_never_changes_changes_nothing() {
    let settings = Settings {
        decisions: 3000,
        recurring: 1,
        ..Settings::of(B)
    };
    let steps = generate(&settings, 7);
    let of = |blind| {
        let options = Options {
            blind,
            ..Options::default()
        };
        run(&steps, &settings, DeciderConfig::default(), &options)
            .expect("sound settings")
            .1
            .sized
    };
    assert_eq!(of(false), of(true));
}
