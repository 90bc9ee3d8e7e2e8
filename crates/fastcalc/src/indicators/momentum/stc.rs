//! Schaff trend cycle.

use crate::indicators::prelude::*;

/// A stochastic that stays where its range is empty, smoothed.
struct Smooth {
    highest: Window<Max>,
    lowest: Window<Min>,
    place: f64,
    value: Option<f64>,
    factor: f64,
}
state!(Smooth: highest, lowest, place, value);

impl Smooth {
    fn new(period: usize, factor: f64) -> Self {
        Smooth {
            highest: Window::new(period),
            lowest: Window::new(period),
            place: 0.0,
            value: None,
            factor,
        }
    }

    #[inline]
    fn push(&mut self, x: f64) -> Option<f64> {
        let highest = self.highest.push(Max(x));
        let lowest = self.lowest.push(Min(x))?.0;
        let range = highest?.0 - lowest;
        if range > 0.0 {
            self.place = 100.0 * ((x - lowest) / range);
        }
        let value = self.value.map_or(self.place, |value| {
            value + self.factor * (self.place - value)
        });
        self.value = Some(value);
        Some(value)
    }
}

struct Stc {
    fast: Ema,
    slow: Ema,
    stages: [Smooth; 2],
}
state!(Stc: fast, slow, stages);

impl Kernel<1, 1> for Stc {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let (fast, slow) = (self.fast.push(x), self.slow.push(x));
        let [one, two] = &mut self.stages;
        two.push(one.push(fast? - slow?)?).map(|v| [v])
    }
}

pub const STC: Definition = Definition {
    range: Some((0.0, 100.0)),
    ..define(
        "stc",
        Group::Momentum,
        "Schaff trend cycle (1999): the smoothed stochastic of the smoothed stochastic of MACD's line.",
        &[Input::Real],
        &[
            whole("cycle", 1, 10),
            whole("fastperiod", 1, 23),
            whole("slowperiod", 1, 50),
            real("factor", 0.0, 1.0, 0.5),
        ],
        |p| p.n(1).max(p.n(2)) - 1 + 2 * (p.n(0) - 1),
        |p| {
            node(Stc {
                fast: Ema::new(p.n(1)),
                slow: Ema::new(p.n(2)),
                stages: [Smooth::new(p.n(0), p.x(3)), Smooth::new(p.n(0), p.x(3))],
            })
        },
    )
};
