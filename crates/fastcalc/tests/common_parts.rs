//! Indicators that have a part in common give in one bundle what each gives alone.

use fastcalc::indicators::engine::{Bundle, Source};
use fastcalc::simd::{Level, limit};

#[path = "catalogue/bars.rs"]
#[allow(dead_code)]
mod bars;
#[path = "shared/broken_bars.rs"]
mod broken_bars;
#[path = "shared/mod.rs"]
mod shared;

const ROWS: usize = 4_000;

/// Indicators with common parts, in any order; with other
/// periods, other series and other starts between them.
const SPECS: [&str; 7] = [
    "dema(9),ema(9),ema(9,real=high),trix(9),ema(9,first),tema(9),ema(10)",
    "cmo(14),rsi(14),rsi(14,simple),stochrsi(14,5,3,sma),rsi(13)",
    "stddev(20),bbands(20,2,2),var(20),stddev(20,2),stddev(19),bbands(20,2,2,ema)",
    "willr(14),stoch(14,3,sma,3,sma),stochf(14,3,sma),willr(15),aroon(14)",
    "plus_di(14),adx(14),minus_di(14),adx(13),dx(14),plus_dm(14)",
    "adosc(3,10),ad,adosc(2,7)",
    "ema(5),stddev(5),tema(5),rsi(5),bbands(5),cmo(5),ad,willr(5),adosc(3,5),stoch(5,3,sma,3,sma),adx(5),plus_di(5)",
];

/// All columns of a spec, in calls of so many rows; between them the bundle is kept as a snapshot.
fn in_calls(spec: &str, bars: &bars::Bars, rows: usize) -> Vec<Vec<f64>> {
    let mut bundle = Bundle::new(spec).unwrap();
    let mut columns = vec![Vec::new(); bundle.width()];
    for from in (0..ROWS).step_by(rows) {
        let to = ROWS.min(from + rows);
        let mut out = vec![0.0; bundle.width() * (to - from)];
        bundle
            .run(&bars.between(from, to), &mut out, || false)
            .unwrap();
        bundle = Bundle::restore(&bundle.snapshot()).unwrap();
        for (column, part) in columns.iter_mut().zip(out.chunks_exact(to - from)) {
            column.extend_from_slice(part);
        }
    }
    columns
}

#[test]
fn a_bundle_gives_what_its_indicators_give_alone() {
    for bars in [
        bars::Bars::random(ROWS, 8),
        broken_bars::broken_bars(ROWS, 29),
    ] {
        for level in [Level::Baseline, Level::Avx2, Level::Avx512] {
            limit(level);
            for spec in SPECS {
                let items = fastcalc::indicators::engine::parse_spec(spec).unwrap();
                let alone: Vec<Vec<f64>> = items
                    .iter()
                    .flat_map(|item| bars::compute(&item.text, &bars.candles()).unwrap())
                    .collect();
                for rows in [ROWS, 1_537, 11] {
                    let together = in_calls(spec, &bars, rows);
                    assert_eq!(together.len(), alone.len());
                    for (at, (a, b)) in together.iter().zip(&alone).enumerate() {
                        for (row, (a, b)) in a.iter().zip(b).enumerate() {
                            let place = format!("{spec} column {at} row {row} {level:?}");
                            assert!(bars::same(*a, *b), "{place} in calls of {rows}: {a} {b}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn a_part_of_other_rows_is_not_taken_over() {
    // The same bundle over other candles at the same place in memory.
    let spec = "stddev(20),bbands(20,2,2),ema(9),dema(9)";
    let mut bars = bars::Bars::random(ROWS, 3);
    let mut bundle = Bundle::new(spec).unwrap();
    let mut out = vec![0.0; bundle.width() * ROWS];
    for turn in 0..3 {
        bundle.reset();
        bundle.run(&bars.candles(), &mut out, || false).unwrap();
        let fresh = bars::compute(spec, &bars.candles()).unwrap().concat();
        for (a, b) in out.iter().zip(&fresh) {
            assert!(bars::same(*a, *b), "turn {turn}: {a} {b}");
        }
        for value in &mut bars.columns[Source::Close as usize] {
            *value *= 1.25;
        }
    }
}
