//! Every set of vector instructions gives the same bits, and so do rows one by one.

use fastcalc::indicators::catalogue;
use fastcalc::indicators::engine::{Bundle, Candles, Source};
use fastcalc::simd::{Level, limit};

#[path = "catalogue/bars.rs"]
#[allow(dead_code)]
mod bars;
#[path = "shared/broken_bars.rs"]
mod broken_bars;
#[path = "shared/mod.rs"]
mod shared;

const ROWS: usize = 2_600;

/// Calls of any length: those that end inside a block of rows, too.
fn in_pieces(name: &str, bars: &bars::Bars) -> Vec<Vec<f64>> {
    let mut bundle = Bundle::new(name).unwrap();
    let mut columns = vec![Vec::new(); bundle.width()];
    let (mut from, mut length) = (0, 1);
    while from < ROWS {
        let to = ROWS.min(from + length);
        let mut out = vec![0.0; bundle.width() * (to - from)];
        bundle
            .run(&bars.between(from, to), &mut out, || false)
            .unwrap();
        for (column, part) in columns.iter_mut().zip(out.chunks_exact(to - from)) {
            column.extend_from_slice(part);
        }
        (from, length) = (to, 1 + length * 7 % 61);
    }
    columns
}

#[test]
fn every_level_and_every_length_of_call_gives_the_same_bits() {
    for bars in [
        bars::Bars::random(ROWS, 5),
        broken_bars::broken_bars(ROWS, 23),
    ] {
        for definition in catalogue::all() {
            let name = definition.name;
            limit(Level::Baseline);
            let base = bars::compute(name, &bars.candles()).unwrap();
            for level in [Level::Avx2, Level::Avx512] {
                limit(level);
                let whole = bars::compute(name, &bars.candles()).unwrap();
                let pieces = in_pieces(name, &bars);
                for (other, how) in [(&whole, "whole"), (&pieces, "pieces")] {
                    for (column, expected) in other.iter().zip(&base) {
                        for (row, (a, b)) in column.iter().zip(expected).enumerate() {
                            assert!(
                                bars::same(*a, *b),
                                "{name} {level:?} {how} row {row}: {a} {b}"
                            );
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn results_that_the_caches_cannot_hold_are_those_of_shorter_calls() {
    const MANY: usize = 70_001;
    let bars = bars::Bars::random(MANY, 31);
    let spec = "macd,bbands,stoch,adosc,sar,minmax(9),ultosc";
    for level in [Level::Baseline, Level::Avx2, Level::Avx512] {
        limit(level);
        let (mut whole, mut parts) = (Bundle::new(spec).unwrap(), Bundle::new(spec).unwrap());
        // Columns that begin anywhere in a line of the cache.
        let mut out = vec![0.0; whole.width() * MANY];
        assert!(out.len() > 1 << 19);
        whole.run(&bars.candles(), &mut out, || false).unwrap();
        // Memory that nobody used lately is written around the caches sooner.
        for rows in [9, 3_001, MANY] {
            let (mut used, mut new) = (Bundle::new(spec).unwrap(), Bundle::new(spec).unwrap());
            let candles = bars.between(0, rows);
            let mut results = [(); 2].map(|()| vec![0.0; used.width() * rows]);
            let [one, other] = &mut results;
            used.run(&candles, one, || false).unwrap();
            new.run_into_new(&candles, other, || false).unwrap();
            assert!(
                one.iter().zip(other).all(|(a, b)| bars::same(*a, *b)),
                "{level:?} {rows}"
            );
        }
        for from in (0..MANY).step_by(10_000) {
            let to = MANY.min(from + 10_000);
            let mut part = vec![0.0; parts.width() * (to - from)];
            parts
                .run(&bars.between(from, to), &mut part, || false)
                .unwrap();
            for (column, part) in out.chunks_exact(MANY).zip(part.chunks_exact(to - from)) {
                for (a, b) in column[from..to].iter().zip(part) {
                    assert!(bars::same(*a, *b), "{level:?} from row {from}: {a} {b}");
                }
            }
        }
    }
}

#[test]
fn a_refused_value_in_a_later_block_leaves_the_state_as_it_was() {
    let good = bars::Bars::random(ROWS, 9);
    // One indicator alone goes through fewer rows at a time, and these are two of its blocks.
    let cases = [
        ("rsi(14),sma(20),correl(30),sar,obv", ROWS),
        ("ad", 700),
        ("adosc(3,10)", 700),
        ("sma(20)", 1_000),
    ];
    for (spec, rows) in cases {
        let mut bad = good.clone();
        bad.columns[Source::Close as usize][rows - 1] = f64::INFINITY;
        let (mut tried, mut never) = (Bundle::new(spec).unwrap(), Bundle::new(spec).unwrap());
        let mut out = vec![0.0; tried.width() * rows];
        let first: Candles<'_> = good.between(0, 100);
        for bundle in [&mut tried, &mut never] {
            let mut out = vec![0.0; bundle.width() * 100];
            bundle.run(&first, &mut out, || false).unwrap();
        }
        let error = tried
            .run(&bad.between(0, rows), &mut out, || false)
            .unwrap_err();
        assert_eq!(error.field, format!("close[{}]", rows - 1), "{spec}");
        assert_eq!(tried.snapshot(), never.snapshot(), "{spec}");
    }
}
