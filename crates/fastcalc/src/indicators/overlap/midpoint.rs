//! Middle of a window's range.

use crate::indicators::prelude::*;

struct Middle {
    highest: Window<Max>,
    lowest: Window<Min>,
}
state!(Middle: highest, lowest);

impl Middle {
    fn new(period: usize) -> Self {
        Middle {
            highest: Window::new(period),
            lowest: Window::new(period),
        }
    }
}

impl Kernel<2, 1> for Middle {
    #[inline]
    fn next(&mut self, [high, low]: [f64; 2]) -> Option<[f64; 1]> {
        let highest = self.highest.push(Max(high));
        let lowest = self.lowest.push(Min(low));
        Some([(highest?.0 + lowest?.0) / 2.0])
    }
}

impl Kernel<1, 1> for Middle {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.next([x, x])
    }
}

pub const MIDPOINT: Definition = define(
    "midpoint",
    Group::Overlap,
    "(highest + lowest) / 2 of the last `period` rows.",
    &[Input::Real],
    &[period(2, 14)],
    |p| p.n(0) - 1,
    |p| node::<_, 1, 1>(Middle::new(p.n(0))),
);

pub const MIDPRICE: Definition = define(
    "midprice",
    Group::Overlap,
    "(highest high + lowest low) / 2 of the last `period` rows.",
    &[HIGH, LOW],
    &[period(2, 14)],
    |p| p.n(0) - 1,
    |p| node::<_, 2, 1>(Middle::new(p.n(0))),
);
