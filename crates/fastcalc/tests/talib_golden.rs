//! The indicators against complete outputs of TA-Lib on its own regression series.

mod shared;

use fastcalc::indicators::{atr, directional_movement, linear_regression_slope, rsi};
use serde_json::Value;
use shared::{Bars, assert_close, golden_json, numbers, talib_bars};

/// TA-Lib's 252 daily bars and its outputs by function name.
fn load() -> Option<(Bars, Value)> {
    let outputs = golden_json("talib/full_outputs_default_params.json")?;
    Some((talib_bars()?, outputs))
}

/// Compares from TA-Lib's first row on, and that nothing comes before it.
fn assert_golden(outputs: &Value, name: &str, actual: &[f64]) {
    let all = outputs.as_array().expect("functions");
    let function = all.iter().find(|f| f["name"] == name).expect("function");
    let first = function["begIdx"].as_u64().expect("index") as usize;
    let expected = numbers(&function["outputs"]["outReal"]);
    assert_eq!(actual.len(), first + expected.len(), "{name}");
    assert!(
        actual[..first].iter().all(|v| v.is_nan()),
        "{name} warms up"
    );
    for (row, (a, e)) in actual[first..].iter().zip(expected).enumerate() {
        assert_close(*a, e, 1e-9, &format!("{name} row {}", first + row));
    }
}

#[test]
fn atr_in_percent_of_the_close_is_natr() {
    let Some((bars, outputs)) = load() else {
        return;
    };
    let range = atr(&bars.high, &bars.low, &bars.close, 14).unwrap();
    let percent: Vec<f64> = range
        .iter()
        .zip(&bars.close)
        .map(|(range, close)| range / close * 100.0)
        .collect();
    assert_golden(&outputs, "NATR", &percent);
}

#[test]
fn the_position_of_rsi_in_its_last_five_values_is_stochrsi() {
    let Some((bars, outputs)) = load() else {
        return;
    };
    let rsi = rsi(&bars.close, 14).unwrap();
    let all = outputs.as_array().expect("functions");
    let function = all
        .iter()
        .find(|f| f["name"] == "STOCHRSI")
        .expect("function");
    let first = function["begIdx"].as_u64().expect("index") as usize;
    for (at, expected) in numbers(&function["outputs"]["outFastK"]).iter().enumerate() {
        let row = first + at;
        let window = &rsi[row - 4..=row];
        let low = window.iter().copied().fold(f64::INFINITY, f64::min);
        let high = window.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let position = 100.0 * (rsi[row] - low) / (high - low);
        assert!(
            (position - expected).abs() < 1e-8,
            "row {row}: {position} is not {expected}"
        );
    }
}

#[test]
fn atr_of_one_row_is_the_true_range_of_talib() {
    let Some((bars, outputs)) = load() else {
        return;
    };
    let range = atr(&bars.high, &bars.low, &bars.close, 1).unwrap();
    assert_golden(&outputs, "TRANGE", &range);
}

#[test]
fn the_directional_movement_lines_are_those_of_talib() {
    let Some((bars, outputs)) = load() else {
        return;
    };
    let lines = directional_movement(&bars.high, &bars.low, &bars.close, 14).unwrap();
    assert_golden(&outputs, "ADX", &lines.adx);
    assert_golden(&outputs, "PLUS_DI", &lines.plus_di);
    assert_golden(&outputs, "MINUS_DI", &lines.minus_di);
}

#[test]
fn the_regression_slope_is_that_of_talib() {
    let Some((bars, outputs)) = load() else {
        return;
    };
    let slope = linear_regression_slope(&bars.close, 14).unwrap();
    assert_golden(&outputs, "LINEARREG_SLOPE", &slope);
}
