//! Accumulation and distribution.

use crate::indicators::prelude::*;

/// Volume, counted by where in the bar the close is: -1 at the low, 1 at the high.
#[inline]
pub fn money_flow([high, low, close, volume]: [f64; 4]) -> f64 {
    let range = high - low;
    if range > 0.0 {
        ((close - low) - (high - close)) / range * volume
    } else {
        0.0
    }
}

struct Ad {
    sum: f64,
}
state!(Ad: sum);

impl Kernel<4, 1> for Ad {
    #[inline]
    fn next(&mut self, row: [f64; 4]) -> Option<[f64; 1]> {
        self.sum += money_flow(row);
        Some([self.sum])
    }
}

pub const AD: Definition = Definition {
    gap: Gap::PassOver,
    ..define(
        "ad",
        Group::Volume,
        "Accumulation/distribution line (Chaikin): running sum of volume ((close - low) - (high - close)) / (high - low).",
        &[HIGH, LOW, CLOSE, VOLUME],
        &[],
        |_| 0,
        |_| node(Ad { sum: 0.0 }),
    )
};

struct Adosc {
    sum: f64,
    fast: Ema,
    slow: Ema,
    wait: usize,
}
state!(Adosc: sum, fast, slow, wait);

impl Kernel<4, 1> for Adosc {
    #[inline]
    fn next(&mut self, row: [f64; 4]) -> Option<[f64; 1]> {
        self.sum += money_flow(row);
        let (fast, slow) = (self.fast.push(self.sum)?, self.slow.push(self.sum)?);
        if self.wait > 0 {
            self.wait -= 1;
            return None;
        }
        Some([fast - slow])
    }
}

pub const ADOSC: Definition = define(
    "adosc",
    Group::Volume,
    "Chaikin oscillator: fast minus slow EMA of the accumulation/distribution line, both started at its first row.",
    &[HIGH, LOW, CLOSE, VOLUME],
    &[whole("fastperiod", 2, 3), whole("slowperiod", 2, 10)],
    |p| p.n(0).max(p.n(1)) - 1,
    |p| {
        let (fast, slow) = (Ema::from_first(p.n(0)), Ema::from_first(p.n(1)));
        node(Adosc {
            sum: 0.0,
            fast,
            slow,
            wait: p.n(0).max(p.n(1)) - 1,
        })
    },
);
