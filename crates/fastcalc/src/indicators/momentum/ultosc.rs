//! Ultimate oscillator.

use crate::indicators::prelude::*;
use crate::indicators::volatility::trange::true_range;

/// Buying pressure and true range.
struct Ultosc {
    close: Option<f64>,
    pressure: SharedSums<3>,
    range: SharedSums<3>,
}
state!(Ultosc: close, pressure, range);

impl Ultosc {
    fn new(mut periods: [usize; 3]) -> Self {
        periods.sort_unstable();
        Ultosc {
            close: None,
            pressure: SharedSums::new(periods),
            range: SharedSums::new(periods),
        }
    }
}

impl Kernel<3, 1> for Ultosc {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 1]> {
        let before = self.close.replace(close)?;
        let pressure = pressure(low, close, before);
        let range = true_range(high, low, before);
        let (pressures, ranges) = (self.pressure.push(pressure), self.range.push(range));
        let ([a, b, c], [d, e, f]) = (pressures?, ranges?);
        Some([ultimate([ratio(a, d), ratio(b, e), ratio(c, f)])])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 3], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([high, low, close], [out]) = settled(self, inputs, outputs, |k| {
            k.close.is_some() && k.pressure.is_warm()
        });
        let [pressures, ranges, a, b, c, d, e, f, ..] = work.columns();
        let n = out.len();
        if n == 0 {
            return;
        }
        let (pressures, ranges) = (&mut pressures[..n], &mut ranges[..n]);
        let before = self.close.unwrap_or_default();
        pressures[0] = pressure(low[0], close[0], before);
        ranges[0] = true_range(high[0], low[0], before);
        for i in 1..n {
            pressures[i] = pressure(low[i], close[i], close[i - 1]);
            ranges[i] = true_range(high[i], low[i], close[i - 1]);
        }
        self.close = Some(close[n - 1]);
        self.pressure.add(pressures);
        self.range.add(ranges);
        let columns = [a, b, c, d, e, f].map(|column| &mut column[..n]);
        let [a, b, c, d, e, f] = columns;
        for (which, [pressures, ranges]) in
            [[&mut *a, &mut *d], [&mut *b, &mut *e], [&mut *c, &mut *f]]
                .into_iter()
                .enumerate()
        {
            self.pressure.window(which, pressures);
            self.range.window(which, ranges);
        }
        lanes([a, b, c, d, e, f], [out], |[a, b, c, d, e, f]| {
            [ultimate([ratio(a, d), ratio(b, e), ratio(c, f)])]
        });
    }
}

/// Of the ratios of the periods, shortest first.
#[inline(always)]
fn ultimate([short, middle, long]: [f64; 3]) -> f64 {
    (4.0 * short + 2.0 * middle + long) * SCALE
}

/// Percent over the sum of the weights.
const SCALE: f64 = 100.0 / 7.0;

/// Buying pressure: how far the close is above the lowest price since the close before.
#[inline(always)]
fn pressure(low: f64, close: f64, before: f64) -> f64 {
    close - if before < low { before } else { low }
}

#[inline(always)]
fn ratio(pressure: f64, range: f64) -> f64 {
    let ratio = pressure / range;
    if range != 0.0 { ratio } else { 0.0 }
}

pub const ULTOSC: Definition = Definition {
    range: Some((0.0, 100.0)),
    ..define(
        "ultosc",
        Group::Momentum,
        "Ultimate oscillator (Williams 1985): buying pressure over true range of three periods, weighted 4, 2, 1, the shortest most. \
     The first row has no close before it and no value (with all periods 1 TA-Lib gives one).",
        &[HIGH, LOW, CLOSE],
        &[
            whole("timeperiod1", 1, 7),
            whole("timeperiod2", 1, 14),
            whole("timeperiod3", 1, 28),
        ],
        |p| p.n(0).max(p.n(1)).max(p.n(2)),
        |p| node(Ultosc::new([p.n(0), p.n(1), p.n(2)])),
    )
};
