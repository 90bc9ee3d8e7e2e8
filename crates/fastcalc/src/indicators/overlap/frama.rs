//! Fractal adaptive moving average.

use crate::indicators::prelude::*;

struct Frama {
    highs: Last,
    lows: Last,
    value: Option<f64>,
}
state!(Frama: highs, lows, value);

/// Height of a stretch per row.
fn height(highs: &[f64], lows: &[f64]) -> f64 {
    let high = highs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let low = lows.iter().copied().fold(f64::INFINITY, f64::min);
    (high - low) / highs.len() as f64
}

impl Kernel<2, 1> for Frama {
    fn next(&mut self, [high, low]: [f64; 2]) -> Option<[f64; 1]> {
        let price = (high + low) / 2.0;
        let highs = self.highs.push(high);
        let lows = self.lows.push(low)?;
        let highs = highs?;
        let half = highs.len() / 2;
        let halves = height(&highs[..half], &lows[..half]) + height(&highs[half..], &lows[half..]);
        let whole = height(highs, lows);
        let dimension = if halves > 0.0 && whole > 0.0 {
            (libm::log(halves) - libm::log(whole)) / std::f64::consts::LN_2
        } else {
            1.0
        };
        let weight = libm::exp(-4.6 * (dimension - 1.0)).clamp(0.01, 1.0);
        let value = self
            .value
            .map_or(price, |value| value + weight * (price - value));
        self.value = Some(value);
        Some([value])
    }
}

pub const FRAMA: Definition = Definition {
    constraint: |p| (p.n(0) % 2 == 1).then_some(("period", "even")),
    ..define(
        "frama",
        Group::Overlap,
        "Fractal adaptive moving average (Ehlers 2005) of (high + low) / 2: weight exp(-4.6 (D - 1)), .01 to 1, D the fractal \
         dimension of the last `period` rows (an even number); starts as the price.",
        &[HIGH, LOW],
        &[period(4, 16)],
        |p| p.n(0) - 1,
        |p| {
            node(Frama {
                highs: Last::new(p.n(0)),
                lows: Last::new(p.n(0)),
                value: None,
            })
        },
    )
};
