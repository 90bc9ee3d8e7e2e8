//! The vectors of Tulip Indicators, at their printed decimals.

use crate::bars::{Bars, compute};
use crate::shared::golden;
use fastcalc::indicators::engine::Source;

/// Heading in the file, spec here, columns read in the file's order.
type Row = (&'static str, &'static str, &'static str);

const GOLDEN: &[Row] = &[
    ("ad", "ad", "hlcv"),
    ("adosc 2 5", "adosc(2,5)", "hlcv"),
    ("aroon 5", "aroon(5)", "hl"),
    ("aroonosc 5", "aroonosc(5)", "hl"),
    ("avgprice", "avgprice", "ohlc"),
    ("bop", "bop", "ohlc"),
    ("cci 5", "cci(5)", "hlc"),
    ("cmo 5", "cmo(5,simple)", "c"),
    ("dpo 5", "dpo(5)", "c"),
    ("ema 5", "ema(5,first)", "c"),
    ("fisher 5", "fisher(5)", "hl"),
    ("hma 5", "hma(5)", "c"),
    ("kama 5", "kama(5)", "c"),
    ("kvo 2 5", "kvo(2,5)", "hlcv"),
    ("emv", "emv", "hlv"),
    ("linreg 5", "linearreg(5)", "c"),
    ("linregslope 5", "linearreg_slope(5)", "c"),
    ("max 5", "max(5)", "c"),
    ("md 5", "avgdev(5)", "c"),
    ("medprice", "medprice", "hl"),
    ("mfi 5", "mfi(5)", "hlcv"),
    ("min 5", "min(5)", "c"),
    ("mom 5", "mom(5)", "c"),
    ("nvi", "nvi", "cv"),
    ("pvi", "pvi", "cv"),
    ("rocr 5", "rocr(5)", "c"),
    ("rsi 5", "rsi(5)", "c"),
    ("sma 5", "sma(5)", "c"),
    ("stddev 5", "stddev(5)", "c"),
    ("stoch 5 3 3", "stoch(5,3,sma,3,sma)", "hlc"),
    ("sum 5", "sum(5)", "c"),
    ("trima 5", "trima(5)", "c"),
    ("tsf 5", "tsf(5)", "c"),
    ("typprice", "typprice", "hlc"),
    ("ultosc 2 3 5", "ultosc(2,3,5)", "hlc"),
    ("var 5", "var(5)", "c"),
    ("vidya 2 5 .2", "vidya(2,5,0.2)", "c"),
    ("vwma 5", "vwma(5)", "cv"),
    ("wcprice", "wclprice", "hlc"),
    ("wilders 5", "wilders(5)", "c"),
    ("willr 5", "willr(5)", "hlc"),
    ("wma 5", "wma(5)", "c"),
    ("apo 2 5", "apo(2,5,ema,first)", "c"),
    ("dema 5", "dema(5,first)", "c"),
    ("di 5", "plus_di(5),minus_di(5)", "hlc"),
    ("dm 5", "plus_dm(5),minus_dm(5)", "hl"),
    ("linregintercept 5", "linearreg_intercept(5)", "c"),
    ("macd 2 5 9", "macd(2,5,9,first)", "c"),
    ("ppo 2 5", "ppo(2,5,ema,first)", "c"),
    ("psar .2 2", "sar(0.2,2)", "hl"),
    ("roc 5", "rocp(5)", "c"),
    ("tema 5", "tema(5,first)", "c"),
    ("tr", "trange", "hlc"),
    ("zlema 5", "zlema(5,first)", "c"),
];

/// The same of the worked examples of Achelis' book.
const EXAMPLES: &[Row] = &[
    ("adosc 3 10", "adosc(3,10)", "hlcv"),
    ("aroon 5", "aroon(5)", "hl"),
    ("atr 4", "atr(4)", "hlc"),
    ("cci 5", "cci(5)", "hlc"),
    ("cmo 5", "cmo(5,simple)", "c"),
    ("dema 5", "dema(5,first)", "c"),
    ("dpo 6", "dpo(6)", "c"),
    ("emv", "emv", "hlv"),
    ("kvo 34 55", "kvo(34,55)", "hlcv"),
    ("mass 3", "mass(3)", "hl"),
    ("mfi 14", "mfi(14)", "hlcv"),
    ("nvi", "nvi", "cv"),
    ("rsi 5", "rsi(5)", "c"),
    ("stddev 5", "stddev(5)", "c"),
    ("stoch 5 3 3", "stoch(5,3,sma,3,sma)", "hlc"),
    ("tema 5", "tema(5,first)", "c"),
    ("trima 5", "trima(5)", "c"),
    ("trix 3", "trix(3,first)", "c"),
    ("ultosc 7 14 28", "ultosc(7,14,28)", "hlc"),
    ("wilders 5", "wilders(5)", "c"),
    ("willr 5", "willr(5)", "hlc"),
];

/// Arrays under a heading.
fn vectors(text: &str, heading: &str) -> Vec<Vec<f64>> {
    let mut lines = text
        .lines()
        .skip_while(|line| line.trim() != heading)
        .skip(1);
    let mut arrays = Vec::new();
    for line in lines.by_ref() {
        if line.trim_start().starts_with('{') {
            let inner = line.trim().trim_matches(['{', '}']);
            arrays.push(
                inner
                    .split(',')
                    .map(str::trim)
                    .filter(|v| !v.is_empty())
                    .map(|v| v.parse().expect("number"))
                    .collect(),
            );
        } else if !line.trim_start().starts_with('#') {
            break;
        }
    }
    arrays
}

fn bars(letters: &str, arrays: &[Vec<f64>]) -> Bars {
    let mut bars = Bars::default();
    for (letter, values) in letters.chars().zip(arrays) {
        let source = match letter {
            'o' => Source::Open,
            'h' => Source::High,
            'l' => Source::Low,
            'v' => Source::Volume,
            _ => Source::Close,
        };
        bars.columns[source as usize] = values.clone();
    }
    bars
}

#[test]
fn vectors_of_tulip_are_met() {
    check("tulip/untest.txt", GOLDEN);
}

#[test]
fn worked_examples_of_achelis_are_met() {
    check("tulip/atoz.txt", EXAMPLES);
}

fn check(file: &str, rows: &[Row]) {
    let Some(path) = golden(file) else {
        return;
    };
    let text = std::fs::read_to_string(path).expect("readable vectors");
    let mut wrong = Vec::new();
    for &(heading, spec, letters) in rows {
        let arrays = vectors(&text, heading);
        assert!(arrays.len() > letters.len(), "{heading} is in the file");
        let (inputs, expected) = arrays.split_at(letters.len());
        let actual = compute(spec, &bars(letters, inputs).candles()).unwrap();
        assert_eq!(actual.len(), expected.len(), "{heading}");
        for (a, e) in actual.iter().zip(expected) {
            // The file has no warm-up rows: both end together.
            let start = a.len() - e.len();
            for (row, (a, e)) in a[start..].iter().zip(e).enumerate() {
                if (a - e).abs() > 5.001e-4_f64.max(1e-12 * e.abs()) && !a.is_nan() {
                    wrong.push(format!("{heading} row {}: {a} is not {e}", start + row));
                }
            }
            if a[start..].iter().filter(|v| !v.is_nan()).count() == 0 {
                wrong.push(format!("{heading}: nothing to compare"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
