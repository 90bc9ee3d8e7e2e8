//! The indicators against TA-Lib's own regression tables: single values, rounded, many periods.

mod shared;

use fastcalc::indicators::{atr, directional_movement, rolling_z_score, rsi};
use serde_json::Value;
use shared::{Bars, golden_json, talib_bars};

/// One row of a table: full range, nothing skipped as unstable, default compatibility.
struct Expected {
    function: String,
    period: usize,
    first: usize,
    row: usize,
    value: f64,
    /// Multiple of the deviation that the deviation table asks for.
    multiple: f64,
}

fn table(name: &str, function_field: &str, index: &str, value: &str) -> Option<Vec<Expected>> {
    let tables = golden_json("talib/regtest_tables.json")?;
    let rows = tables[name].as_array().expect("table").iter();
    let usable = rows.filter(|r| {
        let default = ["unstablePeriod", "startIdx"]
            .iter()
            .all(|f| r[f].as_i64().unwrap_or(0) == 0);
        let compatible = r["compatibility"]
            .as_str()
            .unwrap_or("TA_COMPATIBILITY_DEFAULT");
        default
            && r["endIdx"] == 251
            && r["expectedRetCode"] == "TA_SUCCESS"
            && compatible == "TA_COMPATIBILITY_DEFAULT"
    });
    let whole = |v: &Value| v.as_u64().expect("count") as usize;
    Some(
        usable
            .map(|r| Expected {
                function: r[function_field].as_str().unwrap_or("").to_owned(),
                period: whole(&r["optInTimePeriod"]),
                first: whole(&r["expectedBegIdx"]),
                row: whole(&r["expectedBegIdx"]) + whole(&r[index]),
                value: r[value].as_f64().expect("value"),
                multiple: r["optInNbDeviation_1"].as_f64().unwrap_or(1.0),
            })
            .collect(),
    )
}

/// Compares as TA-Lib does, and the end of the warm-up too; returns how many rows it checked.
fn check(
    name: &str,
    rows: Option<Vec<Expected>>,
    compute: impl Fn(&Bars, &Expected) -> Option<Vec<f64>>,
) -> Option<usize> {
    let (rows, bars) = (rows?, talib_bars()?);
    let mut checked = 0;
    for expected in &rows {
        let Some(actual) = compute(&bars, expected) else {
            continue;
        };
        let what = format!(
            "{} {} row {}",
            expected.function, expected.period, expected.row
        );
        let off = (actual[expected.row] - expected.value).abs();
        // The table of directional movement repeats its rows rounded to whole numbers.
        let whole = name == "adx" && expected.value.fract() == 0.0;
        let allowed = if whole {
            0.5
        } else {
            0.01_f64.max(0.01 * expected.value.abs())
        };
        assert!(off < allowed, "{what}: off by {off}");
        assert!(
            actual[..expected.first].iter().all(|v| v.is_nan()),
            "{what}: warm-up"
        );
        assert!(actual[expected.first].is_finite(), "{what}: first value");
        checked += 1;
    }
    Some(checked)
}

const INDEX: &str = "oneOfTheExpectedOutRealIndex0";
const VALUE: &str = "oneOfTheExpectedOutReal0";

#[test]
fn directional_movement_is_that_of_the_tables() {
    let rows = table("adx", "id", INDEX, VALUE);
    let checked = check("adx", rows, |bars, e| {
        let lines = (e.period >= 2)
            .then(|| directional_movement(&bars.high, &bars.low, &bars.close, e.period).unwrap())?;
        match e.function.as_str() {
            "TST_ADX" => Some(lines.adx),
            "TST_PLUS_DI" => Some(lines.plus_di),
            "TST_MINUS_DI" => Some(lines.minus_di),
            _ => None,
        }
    });
    assert!(checked.is_none_or(|n| n >= 10), "{checked:?}");
}

#[test]
fn rsi_is_that_of_the_tables() {
    let rows = table("rsi", "theFunction", INDEX, VALUE);
    let checked = check("rsi", rows, |bars, e| {
        (e.function == "TA_RSI_TEST" && e.period >= 2).then(|| rsi(&bars.close, e.period).unwrap())
    });
    assert!(checked.is_none_or(|n| n == 4), "{checked:?}");
}

#[test]
fn true_range_and_its_average_are_those_of_the_tables() {
    let rows = table(
        "trange",
        "id",
        "oneOfTheExpectedOutRealIndex",
        "oneOfTheExpectedOutReal",
    );
    let checked = check("trange", rows, |bars, e| {
        Some(atr(&bars.high, &bars.low, &bars.close, e.period.max(1)).unwrap())
    });
    assert!(checked.is_none_or(|n| n >= 5), "{checked:?}");
}

#[test]
fn the_deviation_behind_the_z_score_is_that_of_the_tables() {
    let rows = table("stddev", "id", INDEX, VALUE);
    let checked = check("stddev", rows, |bars, e| {
        let score = rolling_z_score(&bars.close, e.period).unwrap();
        let deviation = score.iter().enumerate().map(|(row, z)| {
            if z.is_nan() {
                return f64::NAN;
            }
            let window = &bars.close[row + 1 - e.period..=row];
            let mean = window.iter().sum::<f64>() / e.period as f64;
            e.multiple * (bars.close[row] - mean) / z
        });
        Some(deviation.collect())
    });
    assert!(checked.is_none_or(|n| n >= 3), "{checked:?}");
}
