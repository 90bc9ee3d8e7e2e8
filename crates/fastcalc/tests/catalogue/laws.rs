//! What must hold of every indicator: warm-up, streaming, gaps, flat series, bounds, bad input.

use crate::bars::{Bars, compute, same};
use fastcalc::indicators::catalogue;
use fastcalc::indicators::engine::{Bundle, Candles, Definition, Gap, Source};

const ROWS: usize = 400;

/// Other ways than the default ones.
const OPTIONS: &[&str] = &[
    "ema(9,first)",
    "dema(9,first)",
    "tema(9,first)",
    "trix(9,first)",
    "macd(5,12,4,first)",
    "apo(5,12,ema,first)",
    "ppo(5,12,ema,first)",
    "zlema(9,first)",
    "zlema(2,first)",
    "emv(14)",
    "atr(9,simple)",
    "rsi(9,simple)",
    "cmo(9,simple)",
    "connors_rsi(3,2,20,keep)",
    "cdlmathold(0.9)",
    "pivots(woodie)",
    "macdext(5,kama,12,t3,4,mama)",
    "stoch(5,3,tema,3,trima)",
];

#[test]
fn other_ways_warm_up_and_stream_like_the_default_ones() {
    let bars = Bars::random(ROWS, 13);
    for spec in OPTIONS {
        let whole = compute(spec, &bars.candles()).unwrap();
        let mut bundle = Bundle::new(spec).unwrap();
        let first = (0..ROWS).find(|row| whole.iter().all(|c| !c[*row].is_nan()));
        assert_eq!(first, Some(bundle.lookback()), "{spec}");
        let mut out = vec![0.0; bundle.width()];
        for row in 0..ROWS {
            if row % 29 == 0 {
                bundle = Bundle::restore(&bundle.snapshot()).unwrap();
            }
            bundle
                .run(&bars.between(row, row + 1), &mut out, || false)
                .unwrap();
            let equal = whole.iter().zip(&out).all(|(c, v)| same(c[row], *v));
            assert!(equal, "{spec} row {row}");
        }
    }
}

fn each(check: impl Fn(&Definition)) {
    for definition in catalogue::all() {
        check(definition);
    }
}

#[test]
fn names_are_unique_and_everything_is_documented() {
    let mut names: Vec<&str> = catalogue::all().map(|d| d.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    each(|d| {
        assert!(
            d.about.len() > 3 && d.about.ends_with('.'),
            "{}: {}",
            d.name,
            d.about
        );
        assert!(!d.outputs.is_empty() && d.outputs.len() <= 8, "{}", d.name);
        assert_eq!(d.name, d.name.to_lowercase());
    });
}

#[test]
fn the_first_value_comes_after_the_lookback_and_nothing_is_missing_from_then_on() {
    let bars = Bars::random(ROWS, 3);
    each(|d| {
        let lookback = Bundle::new(d.name).unwrap().lookback();
        let columns = compute(d.name, &bars.candles()).unwrap();
        let first = (0..ROWS).find(|row| columns.iter().any(|c| !c[*row].is_nan()));
        let undefined = ["acos", "asin", "div", "exp", "sinh", "cosh"].contains(&d.name);
        if !undefined && !d.may_be_silent {
            assert_eq!(first, Some(lookback), "{}", d.name);
            for column in &columns {
                let start = column.iter().position(|v| !v.is_nan()).unwrap_or(0);
                let whole = column[start..].iter().all(|v| !v.is_nan());
                assert!(whole, "{}", d.name);
            }
        }
    });
}

#[test]
fn rows_one_by_one_with_snapshots_between_give_the_same_bits_as_all_at_once() {
    let mut bars = Bars::random(ROWS, 5);
    // Gaps too: their handling is part of the state.
    bars.columns[Source::Close as usize][150] = f64::NAN;
    bars.columns[Source::Volume as usize][151] = f64::NAN;
    bars.columns[Source::High as usize][220] = f64::NAN;
    each(|d| {
        let whole = compute(d.name, &bars.candles()).unwrap();
        let mut bundle = Bundle::new(d.name).unwrap();
        let mut row_out = vec![0.0; bundle.width()];
        for row in 0..ROWS {
            if row % 37 == 0 {
                bundle = Bundle::restore(&bundle.snapshot()).unwrap();
            }
            bundle
                .run(&bars.between(row, row + 1), &mut row_out, || false)
                .unwrap();
            for (column, value) in whole.iter().zip(&row_out) {
                assert!(
                    same(column[row], *value),
                    "{} row {row}: {} {value}",
                    d.name,
                    column[row]
                );
            }
        }
    });
}

#[test]
fn a_value_never_changes_when_later_rows_arrive() {
    let bars = Bars::random(ROWS, 7);
    each(|d| {
        let whole = compute(d.name, &bars.candles()).unwrap();
        let part = compute(d.name, &bars.between(0, 211)).unwrap();
        for (whole, part) in whole.iter().zip(&part) {
            assert!(
                part.iter().zip(whole).all(|(a, b)| same(*a, *b)),
                "{}",
                d.name
            );
        }
    });
}

#[test]
fn after_a_missing_row_an_indicator_is_as_new_or_carries_on_as_its_policy_says() {
    let bars = Bars::random(ROWS, 11);
    let at = 173;
    let mut broken = bars.clone();
    for column in &mut broken.columns {
        column[at] = f64::NAN;
    }
    each(|d| {
        let after = compute(d.name, &broken.candles()).unwrap();
        assert!(after.iter().all(|c| c[at].is_nan()), "{}", d.name);
        let fresh = match d.gap {
            Gap::Restart => compute(d.name, &bars.between(at + 1, ROWS)).unwrap(),
            Gap::PassOver | Gap::Seen => {
                let recovered = after.iter().all(|c| c[ROWS - 1].is_finite());
                assert!(recovered, "{} recovers", d.name);
                return;
            }
        };
        for (after, fresh) in after.iter().zip(&fresh) {
            let equal = after[at + 1..].iter().zip(fresh).all(|(a, b)| same(*a, *b));
            assert!(equal, "{} restarts", d.name);
        }
    });
}

#[test]
fn a_flat_market_without_volume_gives_finite_values_within_the_bounds() {
    let bars = Bars::flat(ROWS);
    each(|d| {
        let undefined = ["acos", "asin", "div", "exp", "sinh", "cosh"].contains(&d.name);
        for column in compute(d.name, &bars.candles()).unwrap() {
            let defined = undefined || d.may_be_silent || column[ROWS - 1].is_finite();
            assert!(defined, "{}: {}", d.name, column[ROWS - 1]);
        }
    });
}

#[test]
fn nothing_leaves_its_bounds_whatever_the_prices() {
    let mut random = crate::shared::Random(17);
    for seed in 1..6 {
        let mut bars = Bars::random(ROWS, seed);
        for (at, column) in bars.columns.iter_mut().enumerate().skip(1) {
            for value in column.iter_mut() {
                let wild = random.uniform();
                if wild < 0.02 {
                    *value = f64::NAN;
                } else if wild < 0.04 {
                    *value = 1e15 * random.uniform();
                } else if wild < 0.05 {
                    *value = 1e300;
                } else if wild < 0.06 && at != Source::Volume as usize {
                    *value = -*value;
                }
            }
        }
        each(|d| {
            for column in compute(d.name, &bars.candles()).unwrap() {
                assert!(column.iter().all(|v| !v.is_infinite()), "{}", d.name);
                if let Some((least, most)) = d.range {
                    let within = column
                        .iter()
                        .all(|v| v.is_nan() || (least..=most).contains(v));
                    assert!(within, "{}", d.name);
                }
            }
        });
    }
}

#[test]
fn no_row_and_one_row_are_fine() {
    let bars = Bars::random(1, 1);
    each(|d| {
        assert!(
            compute(d.name, &bars.between(0, 0))
                .unwrap()
                .iter()
                .all(Vec::is_empty),
            "{}",
            d.name
        );
        assert_eq!(
            compute(d.name, &bars.candles()).unwrap()[0].len(),
            1,
            "{}",
            d.name
        );
    });
}

#[test]
fn what_is_missing_infinite_or_of_another_length_is_named() {
    let bars = Bars::random(5, 1);
    each(|d| {
        let error = compute(d.name, &Candles::new()).unwrap_err();
        assert_eq!(error.actual, "nothing", "{}", d.name);
        let mut broken = bars.clone();
        for column in &mut broken.columns {
            column[3] = f64::INFINITY;
        }
        let error = compute(d.name, &broken.candles()).unwrap_err();
        assert!(error.field.ends_with("[3]"), "{}: {error}", d.name);
    });
    let candles = bars.candles().with(Source::Low, &[1.0]);
    assert_eq!(compute("midprice(2)", &candles).unwrap_err().field, "low");
    let mut short = [0.0; 4];
    let error = Bundle::new("sma(2)")
        .unwrap()
        .run(&bars.candles(), &mut short, || false);
    assert_eq!(error.unwrap_err().field, "out");
    let mut negative = bars.clone();
    negative.columns[Source::Volume as usize][2] = -1.0;
    assert_eq!(
        compute("obv", &negative.candles()).unwrap_err().field,
        "volume[2]"
    );
}

#[test]
fn a_damaged_snapshot_is_refused() {
    let bytes = Bundle::new("rsi(14),sma(3)").unwrap().snapshot();
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        assert!(Bundle::restore(&damaged).is_err(), "byte {at}");
        assert!(Bundle::restore(&bytes[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn a_cancelled_run_says_so() {
    let bars = Bars::random(50, 1);
    let mut bundle = Bundle::new("rsi(14),sma(3)").unwrap();
    let mut out = vec![0.0; 100];
    assert!(!bundle.run(&bars.candles(), &mut out, || true).unwrap());
}
