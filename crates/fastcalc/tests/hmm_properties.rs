//! What must hold of fitting and filtering, whatever the series.

mod shared;

use fastcalc::hmm::{Emission, FitOptions, HmmFilter, HmmFit, HmmParameters, filter_hmm, fit_hmm};
use proptest::prelude::*;
use shared::{assert_close, regimes};

type Break = fn(&mut FitOptions);

const STUDENT: Emission = Emission::StudentT {
    degrees_of_freedom: 4.0,
};
const FAMILIES: [Emission; 3] = [
    Emission::Gaussian,
    STUDENT,
    Emission::StudentT {
        degrees_of_freedom: 3.7,
    },
];

fn options(states: usize, emission: Emission, max_iterations: usize) -> FitOptions {
    FitOptions {
        states,
        emission,
        max_iterations,
        tolerance: 1e-9,
        initial: None,
        variance_floor: None,
    }
}

fn fit(x: &[f64], states: usize, emission: Emission, iterations: usize) -> HmmFit {
    fit_hmm(x, &options(states, emission, iterations)).expect("fits")
}

/// A sticky model of `states` states whose spreads double.
fn model(states: usize, emission: Emission) -> HmmParameters {
    let leave = if states == 1 {
        0.0
    } else {
        0.1 / (states - 1) as f64
    };
    HmmParameters {
        emission,
        initial: vec![1.0 / states as f64; states],
        transition: (0..states * states)
            .map(|at| {
                if at / states == at % states {
                    1.0 - leave * (states - 1) as f64
                } else {
                    leave
                }
            })
            .collect(),
        mean: vec![0.0; states],
        variance: (0..states)
            .map(|k| 2.5e-5 * f64::from(1 << (2 * k)))
            .collect(),
    }
}

fn assert_sound(fit: &HmmFit) {
    fit.parameters.check().expect("sound parameters");
    assert!(fit.log_likelihood.is_finite());
    assert!(
        fit.parameters.variance.is_sorted(),
        "{:?}",
        fit.parameters.variance
    );
}

/// Likelihood by adding up every path, in logarithms of nothing: small cases only.
fn by_all_paths(x: &[f64], p: &HmmParameters) -> f64 {
    let k = p.states();
    let density = |state: usize, v: f64| {
        let d = v - p.mean[state];
        (-0.5 * d * d / p.variance[state]).exp()
            / (std::f64::consts::TAU * p.variance[state]).sqrt()
    };
    let paths = k.pow(x.len() as u32);
    let mut total = 0.0;
    for code in 0..paths {
        let (mut rest, mut before, mut weight) = (code, None, 1.0);
        for &v in x {
            let state = rest % k;
            rest /= k;
            weight *= before.map_or(p.initial[state], |b: usize| p.transition[b * k + state]);
            weight *= density(state, v);
            before = Some(state);
        }
        total += weight;
    }
    total.ln()
}

fn observations() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![
        10 => -0.1_f64..0.1,
        2 => Just(0.0),
        1 => Just(f64::NAN),
        1 => Just(1e9),
    ];
    prop::collection::vec(value, 0..80)
}

proptest! {
    #[test]
    fn the_likelihood_is_that_of_all_paths(x in prop::collection::vec(-0.05_f64..0.05, 1..7), k in 1_usize..4) {
        let model = model(k, Emission::Gaussian);
        let filtered = filter_hmm(&x, &model).unwrap();
        prop_assert!((filtered.log_likelihood - by_all_paths(&x, &model)).abs() < 1e-9);
    }

    #[test]
    fn the_posterior_is_a_distribution_and_later_rows_do_not_touch_it(
        x in observations(), k in 1_usize..5, cut in 0_usize..80,
    ) {
        for emission in FAMILIES {
            let model = model(k, emission);
            let all = filter_hmm(&x, &model).unwrap();
            prop_assert_eq!(all.posterior.len(), x.len() * k);
            prop_assert!(all.log_likelihood.is_finite());
            for row in all.posterior.chunks_exact(k) {
                prop_assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            }
            let cut = cut.min(x.len());
            let part = filter_hmm(&x[..cut], &model).unwrap();
            prop_assert_eq!(&all.posterior[..cut * k], &part.posterior[..]);
        }
    }

    #[test]
    fn streaming_through_snapshots_is_the_batch_bit_for_bit(x in observations(), k in 1_usize..4) {
        for emission in FAMILIES {
            let model = model(k, emission);
            let batch = filter_hmm(&x, &model).unwrap();
            let mut filter = HmmFilter::new(model).unwrap();
            for (row, &v) in x.iter().enumerate() {
                if row % 3 == 0 {
                    filter = HmmFilter::restore(&filter.snapshot()).unwrap();
                }
                let now = filter.update(v).unwrap();
                prop_assert_eq!(now, &batch.posterior[row * k..(row + 1) * k]);
            }
            prop_assert_eq!(filter.log_likelihood().to_bits(), batch.log_likelihood.to_bits());
            prop_assert_eq!(filter.rows(), x.len() as u64);
        }
    }

    #[test]
    fn fitting_anything_gives_a_sound_model_or_a_named_refusal(x in observations(), k in 1_usize..5) {
        for emission in FAMILIES {
            match fit_hmm(&x, &options(k, emission, 20)) {
                Ok(fit) => assert_sound(&fit),
                Err(error) => {
                    prop_assert_eq!(error.field, "observations");
                    prop_assert!(x.iter().filter(|v| !v.is_nan()).count() < k);
                }
            }
        }
    }
}

proptest! {
    // A case is 135 fits: fewer cases say as much.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn each_iteration_raises_the_likelihood(seed in 1_u64..1000, k in 2_usize..4, missing in any::<bool>()) {
        let mut x = regimes(300, seed);
        if missing {
            x.iter_mut().step_by(17).for_each(|v| *v = f64::NAN);
        }
        for emission in FAMILIES {
            let mut at = model(k, emission);
            let mut before = filter_hmm(&x, &at).unwrap().log_likelihood;
            for _ in 0..15 {
                let mut one = options(k, emission, 1);
                one.initial = Some(at);
                let fit = fit_hmm(&x, &one).unwrap();
                prop_assert!(fit.log_likelihood >= before - 1e-9 * before.abs());
                let filtered = filter_hmm(&x, &fit.parameters).unwrap().log_likelihood;
                prop_assert!((filtered - fit.log_likelihood).abs() < 1e-9 * filtered.abs());
                before = fit.log_likelihood;
                at = fit.parameters;
            }
        }
    }
}

#[test]
fn a_million_rows_do_not_underflow() {
    let x = regimes(1_000_000, 7);
    for emission in [Emission::Gaussian, STUDENT] {
        let filtered = filter_hmm(&x, &model(3, emission)).unwrap();
        assert!(filtered.log_likelihood.is_finite());
        assert!(
            filtered
                .posterior
                .iter()
                .all(|p| (0.0..=1.0 + 1e-9).contains(p))
        );
        let mut two = options(3, emission, 2);
        two.initial = Some(model(3, emission));
        let fit = fit_hmm(&x, &two).unwrap();
        assert_sound(&fit);
        assert!(fit.log_likelihood > filtered.log_likelihood);
    }
}

#[test]
fn finds_the_regimes_that_made_the_series() {
    let x = regimes(20_000, 3);
    let fit = fit(&x, 2, Emission::Gaussian, 200);
    assert!(fit.converged);
    let p = &fit.parameters;
    assert_close(p.variance[0].sqrt(), 0.005, 0.03, "calm");
    assert_close(p.variance[1].sqrt(), 0.03, 0.03, "wild");
    assert_close(p.transition[0], 0.98, 0.01, "stay calm");
    assert_close(p.transition[3], 0.98, 0.01, "stay wild");
}

#[test]
fn finds_states_that_differ_by_level_alone() {
    let x: Vec<f64> = regimes(4000, 5)
        .iter()
        .enumerate()
        .map(|(row, v)| v.signum() * 0.01 + if row % 200 < 100 { -5.0 } else { 5.0 })
        .collect();
    let mut mean = fit(&x, 2, Emission::Gaussian, 100).parameters.mean;
    mean.sort_by(f64::total_cmp);
    assert_close(mean[0], -5.0, 0.01, "low");
    assert_close(mean[1], 5.0, 0.01, "high");
}

#[test]
fn flat_and_tied_series_fit_without_breaking() {
    for value in [0.0, 3.25, -1e-9, 1e9] {
        for emission in FAMILIES {
            assert_sound(&fit(&[value; 30], 3, emission, 30));
        }
    }
    let tied: Vec<f64> = (0..60).map(|i| f64::from(i / 20)).collect();
    assert_sound(&fit(&tied, 3, Emission::Gaussian, 50));
    assert_sound(&fit(&[0.5], 1, STUDENT, 5));
}

#[test]
fn a_state_out_of_reach_stays_out_of_reach_however_well_it_would_fit() {
    let mut model = model(2, Emission::Gaussian);
    model.initial = vec![1.0, 0.0];
    model.transition = vec![1.0, 0.0, 0.0, 1.0];
    model.mean[1] = 1e6;
    let filtered = filter_hmm(&[0.0, 1e6, f64::MAX, 0.0], &model).unwrap();
    assert!(filtered.log_likelihood.is_finite());
    for row in filtered.posterior.chunks_exact(2) {
        assert_eq!(row[1], 0.0);
        assert_close(row[0], 1.0, 1e-15, "the only possible state");
    }
}

#[test]
fn a_missing_observation_moves_the_state_on_and_says_nothing() {
    let model = model(2, Emission::Gaussian);
    let seen = filter_hmm(&[0.02], &model).unwrap();
    let gap = filter_hmm(&[0.02, f64::NAN], &model).unwrap();
    assert_eq!(gap.log_likelihood, seen.log_likelihood);
    for j in 0..2 {
        let moved =
            gap.posterior[0] * model.transition[j] + gap.posterior[1] * model.transition[2 + j];
        assert_close(gap.posterior[2 + j], moved, 1e-15, "moved on");
    }
}

#[test]
fn student_t_shrugs_off_an_outlier_that_drags_the_normal_along() {
    let mut x = regimes(2000, 11);
    x[1000] = 50.0;
    let spread = |emission| fit(&x, 1, emission, 100).parameters.variance[0].sqrt();
    assert!(spread(Emission::Gaussian) > 1.0);
    assert!(spread(STUDENT) < 0.05);
}

#[test]
fn options_out_of_range_are_named() {
    let x = regimes(50, 1);
    let broken: [(&str, Break); 9] = [
        ("states", |o| o.states = 0),
        ("states", |o| o.states = 257),
        ("maxIterations", |o| o.max_iterations = 0),
        ("tolerance", |o| o.tolerance = -1.0),
        ("tolerance", |o| o.tolerance = f64::NAN),
        ("varianceFloor", |o| o.variance_floor = Some(0.0)),
        ("initial.states", |o| o.initial = Some(model(3, o.emission))),
        ("initial.emission", |o| o.initial = Some(model(2, STUDENT))),
        ("initial.variance", |o| {
            let mut bad = model(2, o.emission);
            bad.variance[0] = -1.0;
            o.initial = Some(bad);
        }),
    ];
    for (field, break_it) in broken {
        let mut o = options(2, Emission::Gaussian, 10);
        break_it(&mut o);
        assert_eq!(fit_hmm(&x, &o).unwrap_err().field, field);
    }
    let infinite = fit_hmm(&[0.0, f64::INFINITY], &options(1, Emission::Gaussian, 1));
    assert_eq!(infinite.unwrap_err().field, "observations[1]");
    let few = fit_hmm(&[0.0, f64::NAN], &options(2, Emission::Gaussian, 1));
    assert_eq!(few.unwrap_err().field, "observations");
}

#[test]
fn bytes_that_are_no_snapshot_are_refused() {
    let mut filter = HmmFilter::new(model(2, STUDENT)).unwrap();
    filter.update(0.01).unwrap();
    let good = filter.snapshot();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert_eq!(
            HmmFilter::restore(&bad).unwrap_err().field,
            "bytes",
            "byte {at}"
        );
        assert!(HmmFilter::restore(&good[..at]).is_err(), "cut at {at}");
    }
    assert_eq!(HmmFilter::restore(&good).unwrap().snapshot(), good);
    assert_eq!(
        filter.update(f64::INFINITY).unwrap_err().field,
        "observation"
    );
    assert_eq!(filter.snapshot(), good);
}
