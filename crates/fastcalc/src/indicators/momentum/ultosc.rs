//! Ultimate oscillator.

use crate::indicators::prelude::*;

/// Buying pressure and true range.
struct Ultosc {
    close: Option<f64>,
    pressure: [Window<Sum>; 3],
    range: [Window<Sum>; 3],
}
state!(Ultosc: close, pressure, range);

impl Ultosc {
    fn new(mut periods: [usize; 3]) -> Self {
        periods.sort_unstable();
        Ultosc {
            close: None,
            pressure: periods.map(Window::new),
            range: periods.map(Window::new),
        }
    }
}

impl Kernel<3, 1> for Ultosc {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 1]> {
        let before = self.close.replace(close)?;
        let pressure = Sum(close - low.min(before));
        let range = Sum((high - low)
            .max((high - before).abs())
            .max((low - before).abs()));
        let (mut total, mut full) = (0.0, true);
        for (at, weight) in [4.0, 2.0, 1.0].into_iter().enumerate() {
            match (self.pressure[at].push(pressure), self.range[at].push(range)) {
                (Some(pressure), Some(range)) if range.0 != 0.0 => {
                    total += weight * (pressure.0 / range.0)
                }
                (Some(_), Some(_)) => {}
                _ => full = false,
            }
        }
        full.then_some([100.0 * (total / 7.0)])
    }
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
