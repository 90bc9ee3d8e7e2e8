//! The HMM against hmmlearn's numbers.

mod shared;

use fastcalc::hmm::{Emission, FitOptions, HmmParameters, filter_hmm, fit_hmm, viterbi_hmm};
use serde_json::Value;
use shared::{assert_close, golden_json, numbers};

fn matrix(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .expect("rows")
        .iter()
        .flat_map(numbers)
        .collect()
}

fn parameters(case: &Value) -> HmmParameters {
    HmmParameters {
        emission: Emission::Gaussian,
        initial: numbers(&case["start"]),
        transition: matrix(&case["trans"]),
        mean: numbers(&case["means"]),
        variance: numbers(&case["vars"]),
    }
}

fn with_cases(check: impl Fn(&[f64], &Value, &HmmParameters)) {
    let Some(golden) = golden_json("hmm/gaussian_hmm_golden.json") else {
        return;
    };
    let x = numbers(&golden["x"]);
    for case in golden["cases"].as_array().expect("cases") {
        check(&x, case, &parameters(case));
    }
}

fn fit(x: &[f64], from: &HmmParameters, iterations: usize) -> fastcalc::hmm::HmmFit {
    let options = FitOptions {
        states: from.states(),
        emission: from.emission,
        max_iterations: iterations,
        tolerance: 0.0,
        initial: Some(from.clone()),
        variance_floor: Some(1e-12),
    };
    fit_hmm(x, &options).expect("fits")
}

#[test]
fn the_log_likelihood_of_fixed_parameters_is_that_of_hmmlearn() {
    with_cases(|x, case, model| {
        let filtered = filter_hmm(x, model).unwrap();
        for field in ["loglik", "loglik_scaling"] {
            let expected = case[field].as_f64().unwrap();
            assert_close(filtered.log_likelihood, expected, 1e-10, field);
        }
    });
}

#[test]
fn the_last_filtered_row_is_the_smoothed_one() {
    with_cases(|x, case, model| {
        let filtered = filter_hmm(x, model).unwrap();
        let last = &filtered.posterior[(x.len() - 1) * model.states()..];
        for (actual, expected) in last.iter().zip(numbers(&case["posterior_rows"]["999"])) {
            assert_close(*actual, expected, 1e-10, "posterior");
        }
    });
}

#[test]
fn the_likeliest_path_is_that_of_hmmlearn() {
    with_cases(|x, case, model| {
        let path = viterbi_hmm(x, model).unwrap();
        let states: String = path.states.iter().map(u8::to_string).collect();
        assert_eq!(states, case["viterbi"].as_str().expect("path"));
        let expected = case["viterbi_logprob"].as_f64().unwrap();
        assert_close(path.log_probability, expected, 1e-12, "log probability");
    });
}

#[test]
fn one_iteration_moves_the_parameters_where_hmmlearn_moves_them() {
    with_cases(|x, case, model| {
        let fit = fit(x, model, 1);
        let expected = &case["after_1_em"];
        let pairs = [
            (&fit.parameters.initial, numbers(&expected["start"])),
            (&fit.parameters.transition, matrix(&expected["trans"])),
            (&fit.parameters.mean, numbers(&expected["means"])),
            (&fit.parameters.variance, numbers(&expected["vars"])),
        ];
        for (actual, expected) in pairs {
            for (a, e) in actual.iter().zip(expected) {
                assert_close(*a, e, 1e-9, "parameter");
            }
        }
        let expected = expected["loglik"].as_f64().unwrap();
        assert_close(fit.log_likelihood, expected, 1e-10, "log likelihood");
    });
}

/// Fifty iterations of hmmlearn 0.3.3 from the golden start (diag covariance, all priors off):
/// log likelihood, means, variances, probabilities to stay. The block `after_50_em` of the golden
/// file repeats `after_1_em`, so it says nothing about fifty.
type Fifty = (f64, &'static [f64], &'static [f64], &'static [f64]);
const FIFTY: [Fifty; 3] = [
    (
        2_955.915_296_918_894_5,
        &[0.00050060171698, -0.000621445082731],
        &[7.93523569781e-05, 0.000696905370903],
        &[0.99615067054, 0.990935856167],
    ),
    (
        3_013.544_004_622_217,
        &[0.000533737665427, 0.000381894794935, -0.000540814985139],
        &[3.17627581259e-05, 0.000131222223166, 0.000704896378856],
        &[0.978548899216, 0.984497325011, 0.992877090024],
    ),
    (
        3_015.101_860_398_377_5,
        &[
            0.000543798481265,
            0.000374054051665,
            -0.00234157722957,
            0.000882931660048,
        ],
        &[
            3.17357882511e-05,
            0.000131012154128,
            0.000632554962623,
            0.000756321906629,
        ],
        &[0.979320854626, 0.984797438605, 0.9839806964, 0.993436014378],
    ),
];

#[test]
fn fifty_iterations_end_where_those_of_hmmlearn_end() {
    with_cases(|x, _, model| {
        let k = model.states();
        let fit = fit(x, model, 50);
        let (log_likelihood, mean, variance, stay) = FIFTY[k - 2];
        assert_close(fit.log_likelihood, log_likelihood, 1e-12, "log likelihood");
        let p = &fit.parameters;
        let stays: Vec<f64> = (0..k).map(|i| p.transition[i * k + i]).collect();
        for (actual, expected) in [(&p.mean, mean), (&p.variance, variance), (&stays, stay)] {
            for (a, e) in actual.iter().zip(expected) {
                // Rounding decides which of the last, nearly equal iterations is the highest.
                assert_close(*a, *e, 1e-5, "parameter");
            }
        }
    });
}
