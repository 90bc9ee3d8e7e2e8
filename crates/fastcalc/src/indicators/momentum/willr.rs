//! Williams %R.

use crate::indicators::prelude::*;

struct Willr {
    highest: Window<Max>,
    lowest: Window<Min>,
}
state!(Willr: highest, lowest);

impl Kernel<3, 1> for Willr {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 1]> {
        let highest = self.highest.push(Max(high));
        let lowest = self.lowest.push(Min(low))?.0;
        let highest = highest?.0;
        let range = highest - lowest;
        Some([if range > 0.0 {
            -100.0 * ((highest - close) / range)
        } else {
            0.0
        }])
    }
}

pub const WILLR: Definition = Definition {
    range: Some((-100.0, 0.0)),
    ..define(
        "willr",
        Group::Momentum,
        "Williams %R (Williams 1973): -100 (highest - close) / (highest - lowest); 0 where the range is empty.",
        &[HIGH, LOW, CLOSE],
        &[period(2, 14)],
        |p| p.n(0) - 1,
        |p| {
            node(Willr {
                highest: Window::new(p.n(0)),
                lowest: Window::new(p.n(0)),
            })
        },
    )
};
