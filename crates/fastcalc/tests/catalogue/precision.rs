//! Windows against exact arithmetic: whatever the offset of the prices, and after a spike has left.

use crate::bars::compute;
use crate::shared::{Random, assert_close};
use fastcalc::indicators::engine::{Candles, Source};

const ROWS: usize = 600;
const PERIOD: usize = 20;
const SPIKE: usize = 300;

/// Prices in steps of 1/1024, so that integers hold them exactly, and a second series.
fn series(offset: i64, seed: u64) -> Vec<i128> {
    let mut random = Random(seed);
    let mut walk = 200_000_i64;
    (0..ROWS)
        .map(|_| {
            walk += (random.uniform() * 2000.0) as i64 - 1000;
            i128::from(offset * 1024 + walk)
        })
        .collect()
}

fn floats(exact: &[i128]) -> Vec<f64> {
    exact.iter().map(|v| *v as f64 / 1024.0).collect()
}

/// n Σxy - Σx Σy, exactly.
fn co(x: &[i128], y: &[i128]) -> f64 {
    let n = x.len() as i128;
    let products: i128 = x.iter().zip(y).map(|(a, b)| a * b).sum();
    (n * products - x.iter().sum::<i128>() * y.iter().sum::<i128>()) as f64
}

/// Rows whose window is whole and holds no spike.
fn rows(spiked: bool) -> impl Iterator<Item = usize> {
    (PERIOD..ROWS).filter(move |row| !spiked || !(SPIKE..SPIKE + PERIOD + 1).contains(row))
}

fn check(offset: i64, spiked: bool) {
    let (x, y) = (series(offset, 21), series(offset, 22));
    let (mut fx, fy) = (floats(&x), floats(&y));
    if spiked {
        fx[SPIKE] = 1e15;
    }
    let candles = Candles::new()
        .with(Source::Real0, &fx)
        .with(Source::Real1, &fy)
        .with(Source::Close, &fx);
    let spec = "stddev(20),var(20),bbands(20),correl(20,real=real0,real1=real1),linearreg(20),linearreg_slope(20),sma(20)";
    let out = compute(spec, &candles).unwrap();
    let ramp: Vec<i128> = (0..PERIOD as i128).collect();
    let n = PERIOD as f64;
    for row in rows(spiked) {
        let (wx, wy) = (&x[row + 1 - PERIOD..=row], &y[row + 1 - PERIOD..=row]);
        let what = |name: &str| format!("{name} offset {offset} spiked {spiked} row {row}");
        let variance = co(wx, wx) / (n * n) / (1024.0 * 1024.0);
        let mean = wx.iter().sum::<i128>() as f64 / n / 1024.0;
        let slope = co(&ramp, wx) / co(&ramp, &ramp) / 1024.0;
        let correlation = co(wx, wy) / (co(wx, wx).sqrt() * co(wy, wy).sqrt());
        let expected = [
            variance.sqrt(),
            variance,
            mean + 2.0 * variance.sqrt(),
            mean,
            mean - 2.0 * variance.sqrt(),
            correlation,
            mean + slope * (n - 1.0) / 2.0,
            slope,
            mean,
        ];
        for ((column, e), name) in out.iter().zip(expected).zip(spec.split("),").cycle()) {
            assert_close(column[row], e, 1e-9, &what(name));
        }
    }
}

#[test]
fn windows_are_exact_at_any_price_level_and_forget_a_spike() {
    for offset in [0, 1_000_000, 100_000_000] {
        check(offset, false);
        check(offset, true);
    }
}

#[test]
fn beta_is_exact_at_any_price_level_and_forgets_a_spike() {
    for offset in [0_i64, 1_000_000, 100_000_000] {
        for spiked in [false, true] {
            let (mut x, y) = (floats(&series(offset, 31)), floats(&series(offset, 32)));
            if spiked {
                x[SPIKE] = 1e15;
            }
            let candles = Candles::new()
                .with(Source::Real0, &x)
                .with(Source::Real1, &y);
            let out = compute("beta(20,real=real0,real1=real1)", &candles).unwrap();
            for row in
                rows(spiked).filter(|row| !spiked || !(SPIKE..SPIKE + PERIOD + 2).contains(row))
            {
                // Two passes around the mean: the changes themselves carry the error of their division.
                let of = |v: &[f64]| -> Vec<f64> {
                    (row + 1 - PERIOD..=row)
                        .map(|at| (v[at] - v[at - 1]) / v[at - 1])
                        .collect()
                };
                let (rx, ry) = (of(&x), of(&y));
                let mean = |v: &[f64]| v.iter().sum::<f64>() / PERIOD as f64;
                let (mx, my) = (mean(&rx), mean(&ry));
                let co: f64 = rx.iter().zip(&ry).map(|(a, b)| (a - mx) * (b - my)).sum();
                let own: f64 = rx.iter().map(|a| (a - mx) * (a - mx)).sum();
                assert_close(
                    out[0][row],
                    co / own,
                    1e-9,
                    &format!("beta offset {offset} row {row}"),
                );
            }
        }
    }
}
