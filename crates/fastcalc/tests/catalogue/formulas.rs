//! Small worked examples of indicators that no golden file holds.

use crate::bars::{Bars, compute};
use fastcalc::indicators::engine::{Candles, Source};

fn bars(high: &[f64], low: &[f64], close: &[f64], volume: &[f64]) -> Bars {
    let mut bars = Bars::default();
    for (source, column) in [
        (Source::High, high),
        (Source::Low, low),
        (Source::Close, close),
        (Source::Volume, volume),
    ] {
        bars.columns[source as usize] = column.to_vec();
    }
    bars
}

fn last(spec: &str, bars: &Bars) -> Vec<f64> {
    let columns = compute(spec, &bars.candles()).unwrap();
    columns
        .iter()
        .map(|column| column[column.len() - 1])
        .collect()
}

#[test]
fn a_session_starts_its_average_price_anew_and_an_anchor_never_does() {
    let price = [10.0, 20.0, 40.0];
    let mut bars = bars(&price, &price, &price, &[1.0, 3.0, 1.0]);
    bars.columns[0] = vec![0.0, 3_600_000.0, 86_400_000.0];
    assert_eq!(
        compute("vwap", &bars.candles()).unwrap()[0],
        [10.0, 17.5, 40.0]
    );
    let anchored = &compute("anchored_vwap(3600000)", &bars.candles()).unwrap()[0];
    assert!(anchored[0].is_nan());
    assert_eq!(anchored[1..], [20.0, 25.0]);
    let shifted = compute("vwap(24,1)", &bars.candles()).unwrap();
    assert_eq!(shifted[0], [10.0, 20.0, 25.0]);
}

#[test]
fn the_profile_finds_the_level_of_most_volume_and_its_surroundings() {
    let high = [1.0, 2.0, 3.0, 4.0];
    let low = [0.0, 1.0, 2.0, 3.0];
    let bars = bars(&high, &low, &high, &[1.0, 1.0, 100.0, 1.0]);
    let [poc, vah, val] = last("volume_profile(4,8,0.4)", &bars)[..] else {
        panic!()
    };
    assert!(
        (2.0..=3.25).contains(&poc) && val <= poc && poc <= vah && vah - val < 2.0,
        "{poc} {val} {vah}"
    );
}

#[test]
fn a_pivot_is_confirmed_when_the_price_turned_back_far_enough() {
    let high = [100.0, 110.0, 108.0, 100.0, 99.0, 106.0];
    let low = [99.0, 109.0, 107.0, 98.0, 97.0, 105.0];
    let columns = compute("zigzag(5)", &bars(&high, &low, &high, &high).candles()).unwrap();
    assert_eq!(columns[0], [99.0, 99.0, 99.0, 110.0, 110.0, 97.0]);
    assert_eq!(columns[2], [1.0, 1.0, 1.0, -1.0, -1.0, 1.0]);
}

#[test]
fn a_random_walk_has_an_exponent_near_a_half_and_a_line_the_neutral_one() {
    let mut random = crate::shared::Random(9);
    let mut price = 1000.0;
    let walk: Vec<f64> = (0..5000)
        .map(|_| {
            price += random.normal();
            price
        })
        .collect();
    let candles = Candles::new().with(Source::Close, &walk);
    let exponent = compute("hurst(4000,20)", &candles).unwrap()[0][4999];
    assert!((exponent - 0.5).abs() < 0.1, "{exponent}");
    let line: Vec<f64> = (0..200).map(f64::from).collect();
    let candles = Candles::new().with(Source::Close, &line);
    assert_eq!(compute("hurst(100,20)", &candles).unwrap()[0][199], 0.5);
}

#[test]
fn channels_pivots_and_trends_follow_their_formulas() {
    let high = [10.0, 12.0, 14.0];
    let low = [8.0, 10.0, 12.0];
    let close = [9.0, 11.0, 13.0];
    let bars = bars(&high, &low, &close, &[1.0; 3]);
    assert_eq!(last("donchian(2)", &bars), [14.0, 12.0, 10.0]);
    // True ranges are 3: from the close before up to the high.
    assert_eq!(last("chandelier(2,1)", &bars), [11.0, 13.0]);
    assert_eq!(last("keltner(1,2,2)", &bars), [19.0, 13.0, 7.0]);
    assert_eq!(last("supertrend(2,1)", &bars), [10.0, 1.0]);
    assert_eq!(last("vortex(2)", &bars), [8.0 / 6.0, 0.0]);
    assert_eq!(last("elder_ray(1)", &bars), [1.0, -1.0]);
    assert_eq!(
        last("pivots", &bars),
        [11.0, 12.0, 10.0, 13.0, 9.0, 14.0, 8.0]
    );
    assert_eq!(last("ichimoku(1,2,2,1)", &bars), [13.0, 12.0, 10.5, 10.0]);
    assert_eq!(last("tsi(1,1)", &bars), [100.0]);
    assert_eq!(
        last("coppock(1,2,1)", &bars),
        [(13.0 / 11.0 - 1.0) * 100.0 + (13.0 / 9.0 - 1.0) * 100.0]
    );
}
