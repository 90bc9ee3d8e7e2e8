//! Candlestick patterns: TA-Lib's signals on made bars, LEAN's on SPY, and a spike.

use crate::bars::compute;
use crate::lean::Table;
use crate::pattern_bars::pattern_bars;
use fastcalc::indicators::catalogue;
use fastcalc::indicators::engine::{Candles, Source};

const ROWS: usize = 50_000;

/// What TA-Lib C (0.6) gives on these bars with default parameters: lookback, bullish and bearish rows,
/// and the checksum below.
const TALIB: &[(&str, usize, usize, usize, i64)] = &[
    ("cdl2crows", 12, 0, 87, 634042695),
    ("cdl3blackcrows", 13, 0, 25, 193189378),
    ("cdl3inside", 12, 171, 188, 779156060),
    ("cdl3linestrike", 8, 43, 35, 966269625),
    ("cdl3outside", 3, 407, 641, 181993913),
    ("cdl3starsinsouth", 12, 78, 0, 506675142),
    ("cdl3whitesoldiers", 12, 306, 0, 507689820),
    ("cdlabandonedbaby", 12, 8, 6, 308339387),
    ("cdladvanceblock", 12, 0, 484, 952892298),
    ("cdlbelthold", 10, 5767, 5902, 697816717),
    ("cdlbreakaway", 14, 90, 0, 465665442),
    ("cdlclosingmarubozu", 10, 5702, 5757, 723084719),
    ("cdlconcealbabyswall", 13, 1, 0, 596538899),
    ("cdlcounterattack", 11, 11, 16, 748622511),
    ("cdldarkcloudcover", 11, 0, 126, 802933861),
    ("cdldoji", 10, 12255, 0, 393031201),
    ("cdldojistar", 11, 737, 705, 966564690),
    ("cdldragonflydoji", 10, 2611, 0, 930200772),
    ("cdlengulfing", 2, 1975, 3131, 375289379),
    ("cdleveningdojistar", 12, 0, 92, 190285470),
    ("cdleveningstar", 12, 0, 232, 190176451),
    ("cdlgapsidesidewhite", 7, 106, 61, 80241103),
    ("cdlgravestonedoji", 10, 2610, 0, 190472647),
    ("cdlhammer", 11, 2167, 0, 439105533),
    ("cdlhangingman", 11, 0, 1701, 736289235),
    ("cdlharami", 11, 2182, 2096, 254451777),
    ("cdlharamicross", 11, 1139, 1127, 851470423),
    ("cdlhighwave", 10, 1725, 462, 838885556),
    ("cdlhikkake", 5, 2329, 2372, 320609953),
    ("cdlhikkakemod", 10, 25, 31, 651201831),
    ("cdlhomingpigeon", 11, 357, 0, 196410998),
    ("cdlidentical3crows", 12, 0, 253, 739111619),
    ("cdlinneck", 11, 0, 40, 157037794),
    ("cdlinvertedhammer", 11, 862, 0, 468956543),
    ("cdlkicking", 11, 83, 13, 602144841),
    ("cdlkickingbylength", 11, 31, 65, 75594271),
    ("cdlladderbottom", 14, 12, 0, 793834304),
    ("cdllongleggeddoji", 10, 7401, 0, 665408937),
    ("cdllongline", 10, 4665, 4739, 573988635),
    ("cdlmarubozu", 10, 3883, 3908, 154822428),
    ("cdlmatchinglow", 6, 214, 0, 659614573),
    ("cdlmathold", 14, 81, 0, 490195233),
    ("cdlmorningdojistar", 12, 98, 0, 318884716),
    ("cdlmorningstar", 12, 177, 0, 462184908),
    ("cdlonneck", 11, 0, 64, 236116285),
    ("cdlpiercing", 11, 131, 0, 789011832),
    ("cdlrickshawman", 10, 1104, 0, 150175791),
    ("cdlrisefall3methods", 14, 2, 5, 360827807),
    ("cdlseparatinglines", 11, 122, 281, 246833),
    ("cdlshootingstar", 11, 0, 819, 97752495),
    ("cdlshortline", 10, 9008, 7265, 300501944),
    ("cdlspinningtop", 10, 1743, 480, 764073847),
    ("cdlstalledpattern", 12, 0, 304, 534477132),
    ("cdlsticksandwich", 7, 51, 0, 56093065),
    ("cdltakuri", 10, 3153, 0, 781600102),
    ("cdltasukigap", 7, 62, 58, 294967052),
    ("cdlthrusting", 11, 0, 292, 845001930),
    ("cdltristar", 12, 80, 75, 287753678),
    ("cdlunique3river", 12, 20, 0, 696181134),
    ("cdlupsidegap2crows", 12, 0, 80, 279333638),
    ("cdlxsidegap3methods", 2, 47, 43, 322617106),
];

fn candles([open, high, low, close]: &[Vec<f64>; 4]) -> Candles<'_> {
    Candles::new()
        .with(Source::Open, open)
        .with(Source::High, high)
        .with(Source::Low, low)
        .with(Source::Close, close)
}

/// Depends on every value and its row.
fn checksum(signals: &[f64]) -> i64 {
    let known = signals.iter().enumerate().filter(|(_, v)| !v.is_nan());
    known.fold(0, |sum, (row, value)| {
        (sum * 31 + *value as i64 * (row as i64 % 1009 + 1)).rem_euclid(1_000_000_007)
    })
}

#[test]
fn all_61_patterns_give_the_signals_of_talib() {
    let bars = pattern_bars(ROWS, 7);
    let patterns = catalogue::all().filter(|d| d.name.starts_with("cdl"));
    assert_eq!(patterns.count(), 61);
    assert_eq!(TALIB.len(), 61);
    for &(name, lookback, bullish, bearish, sum) in TALIB {
        let signals = &compute(name, &candles(&bars)).unwrap()[0];
        let counts = (
            signals.iter().filter(|v| v.is_nan()).count(),
            signals.iter().filter(|v| **v > 0.0).count(),
            signals.iter().filter(|v| **v < 0.0).count(),
        );
        assert_eq!(counts, (lookback, bullish, bearish), "{name}");
        assert!(bullish + bearish > 0, "{name} occurs");
        assert_eq!(checksum(signals), sum, "{name}");
    }
}

#[test]
fn patterns_of_spy_are_those_of_lean() {
    let Some(table) = Table::open("spy_candle_patterns.txt.gz") else {
        return;
    };
    let bars = table.bars();
    let mut wrong = Vec::new();
    for &(name, lookback, ..) in TALIB {
        let expected = table.column(name).expect("a column a pattern");
        let signals = &compute(name, &bars.candles()).unwrap()[0];
        for (row, (a, e)) in signals.iter().zip(&expected).enumerate().skip(lookback) {
            // LEAN follows TA-Lib 0.4, which knew no patterns of 80.
            let a = if a.abs() == 80.0 { 0.0 } else { *a };
            if !e.is_nan() && a != *e {
                wrong.push(format!("{name} row {row}: {a} is not {e}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn more_penetration_leaves_fewer_patterns() {
    let bars = pattern_bars(ROWS, 9);
    for name in [
        "cdldarkcloudcover",
        "cdlmorningstar",
        "cdleveningstar",
        "cdlmorningdojistar",
        "cdleveningdojistar",
        "cdlabandonedbaby",
    ] {
        let count = |penetration: &str| {
            let signals = &compute(&format!("{name}({penetration})"), &candles(&bars)).unwrap()[0];
            signals.iter().filter(|v| !v.is_nan() && **v != 0.0).count()
        };
        let counts = [count("0"), count("0.5"), count("1")];
        assert!(counts.is_sorted_by(|a, b| a > b), "{name}: {counts:?}");
    }
    // A mat hold may fall back by less than the penetration.
    let signals = |penetration: &str| {
        compute(&format!("cdlmathold({penetration})"), &candles(&bars)).unwrap()[0]
            .iter()
            .filter(|v| **v == 100.0)
            .count()
    };
    assert!(signals("0") == 0 && signals("0.05") < signals("0.5"));
}

#[test]
fn a_spike_is_forgotten_once_it_has_left_the_yardsticks() {
    let mut bars = pattern_bars(600, 5);
    let before: Vec<Vec<f64>> = TALIB
        .iter()
        .map(|row| compute(row.0, &candles(&bars)).unwrap().remove(0))
        .collect();
    bars[1][300] = 1e15;
    bars[2][300] = 0.0;
    for (row, before) in TALIB.iter().zip(&before) {
        let after = &compute(row.0, &candles(&bars)).unwrap()[0];
        assert_eq!(after[320..], before[320..], "{}", row.0);
    }
}
