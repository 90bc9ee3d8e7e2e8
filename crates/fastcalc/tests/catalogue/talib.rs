//! Every function of TA-Lib's golden outputs, by name, at 1e-10.

use crate::bars::{Bars, compute};
use crate::shared::{golden, golden_json, numbers};
use fastcalc::indicators::catalogue;
use fastcalc::indicators::engine::{Candles, Source};

/// TA-Lib's 252 daily bars.
pub fn reference_bars() -> Option<Bars> {
    let text = std::fs::read_to_string(golden("talib/ref252.csv")?).expect("readable bars");
    let mut bars = Bars::default();
    for line in text.lines().skip(1) {
        for (at, cell) in line.split(',').enumerate() {
            bars.columns[Source::Open as usize + at].push(cell.trim().parse().expect("number"));
        }
    }
    Some(bars)
}

fn candles(bars: &Bars) -> Candles<'_> {
    bars.candles()
}

#[test]
fn every_function_is_that_of_talib_with_its_default_parameters() {
    let (Some(golden), Some(bars)) = (
        golden_json("talib/full_outputs_default_params.json"),
        reference_bars(),
    ) else {
        return;
    };
    let functions = golden.as_array().expect("functions");
    assert_eq!(functions.len(), 97);
    let mut checked = 0;
    for function in functions {
        let name = function["name"].as_str().expect("name").to_lowercase();
        let Some(definition) = catalogue::find(&name) else {
            panic!("{name} is missing");
        };
        let outputs = function["outputs"].as_object().expect("outputs");
        assert_eq!(outputs.len(), definition.outputs.len(), "{name}");
        let first = function["begIdx"].as_u64().expect("index") as usize;
        let actual = compute(&name, &candles(&bars)).unwrap();
        for (output, values) in definition.outputs.iter().zip(&actual) {
            let of_name = outputs.iter().find(|(key, _)| {
                let key = key.trim_start_matches("out").to_lowercase();
                key == *output || key.trim_start_matches("real") == *output || key == "integer"
            });
            let expected = numbers_or_nan(of_name.unwrap_or_else(|| panic!("{name}.{output}")).1);
            assert_eq!(values.len(), first + expected.len(), "{name}");
            assert!(
                values[..first].iter().all(|v| v.is_nan()),
                "{name} warms up"
            );
            for (at, (a, e)) in values[first..].iter().zip(&expected).enumerate() {
                let what = format!("{name}.{output} row {}", first + at);
                // Below this size TA-Lib's own running sums are off by more.
                let near = (a - e).abs() <= 1e-10 * e.abs().max(1e-3);
                assert!(near || (a.is_nan() && e.is_nan()), "{what}: {a} is not {e}");
            }
        }
        checked += 1;
    }
    assert_eq!(checked, 97);
}

/// Arc sines of prices are null in the file, and infinities are NaN here.
fn numbers_or_nan(value: &serde_json::Value) -> Vec<f64> {
    if value
        .as_array()
        .is_some_and(|v| v.iter().all(serde_json::Value::is_number))
    {
        return numbers(value);
    }
    let all = value.as_array().expect("array").iter();
    all.map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}
