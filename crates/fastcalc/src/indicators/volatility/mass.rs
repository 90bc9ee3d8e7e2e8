//! Mass index.

use crate::indicators::prelude::*;

/// Length of both averages.
const EMA_PERIOD: usize = 9;

struct Mass {
    row: usize,
    once: Ema,
    twice: Ema,
    sum: Window<Sum>,
}
state!(Mass: row, once, twice, sum);

impl Kernel<2, 1> for Mass {
    #[inline]
    fn next(&mut self, [high, low]: [f64; 2]) -> Option<[f64; 1]> {
        self.row += 1;
        let once = self.once.push(high - low)?;
        if self.row < EMA_PERIOD {
            return None;
        }
        let twice = self.twice.push(once)?;
        if self.row < 2 * EMA_PERIOD - 1 {
            return None;
        }
        let ratio = if twice > 0.0 { once / twice } else { 1.0 };
        self.sum.push(Sum(ratio)).map(|sum| [sum.0])
    }
}

pub const MASS: Definition = define(
    "mass",
    Group::Volatility,
    "Mass index (Dorsey 1992): sum over `period` rows of EMA(high - low) / EMA(EMA(high - low)), both of 9 rows and started \
     with their first row; 1 each where bars have no height.",
    &[HIGH, LOW],
    &[period(1, 25)],
    |p| 2 * EMA_PERIOD - 2 + p.n(0) - 1,
    |p| {
        let (once, twice) = (Ema::from_first(EMA_PERIOD), Ema::from_first(EMA_PERIOD));
        node(Mass {
            row: 0,
            once,
            twice,
            sum: Window::new(p.n(0)),
        })
    },
);
