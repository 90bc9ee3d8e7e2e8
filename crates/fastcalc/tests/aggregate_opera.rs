//! Aggregation on the real forecasts of the R package opera, against its published results.

mod shared;

use fastcalc::aggregate::{Method, Rows, aggregate, root_mean_square};

/// Forecasts, row-major, and the load they are of.
fn opera() -> Option<(Vec<f64>, Vec<f64>)> {
    let path = shared::data("opera/opera_data.csv")?;
    let text = std::fs::read_to_string(path).expect("readable data");
    let (mut forecasts, mut target) = (Vec::new(), Vec::new());
    for line in text.lines().skip(1) {
        let mut cells = line.split(',').map(|cell| cell.parse().expect("a number"));
        target.push(cells.next().expect("the load"));
        // The second column is the operator's own forecast, no expert.
        forecasts.extend(cells.skip(1));
    }
    Some((forecasts, target))
}

fn error_of(method: Method) -> Option<f64> {
    let (forecasts, target) = opera()?;
    let rows = Rows::new(&forecasts, &target, forecasts.len() / target.len()).expect("sound rows");
    let result = aggregate(&rows, method).expect("aggregates");
    let error = root_mean_square(&result.predictions, &target);
    eprintln!("{method:?}: {error}");
    Some(error)
}

#[test]
fn ml_pol_gives_the_published_error() {
    let Some(error) = error_of(Method::MlPol) else {
        return;
    };
    assert!((error - 1056.946).abs() <= 0.01, "RMSE {error}");
}

#[test]
fn fixed_share_gives_the_published_error() {
    let Some(error) = error_of(Method::FixedShare) else {
        return;
    };
    assert!((error - 1063.43).abs() <= 1.0, "RMSE {error}");
}

#[test]
fn the_automatic_choice_is_at_least_as_good_as_the_best_published() {
    let Some(error) = error_of(Method::Auto) else {
        return;
    };
    assert!(error <= 1057.0, "RMSE {error}");
}

#[test]
fn exponential_weights_boa_and_ridge_beat_the_best_expert() {
    for method in [Method::Ewa, Method::Boa, Method::Ridge] {
        let Some(error) = error_of(method) else {
            return;
        };
        assert!(error < 1476.4, "{method:?}: RMSE {error}");
    }
}
