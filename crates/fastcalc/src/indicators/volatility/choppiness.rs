//! Choppiness index.

use super::trange::TrueRange;
use crate::indicators::prelude::*;

struct Choppiness {
    range: TrueRange,
    ranges: Window<Sum>,
    highest: Window<Max>,
    lowest: Window<Min>,
    scale: f64,
}
state!(Choppiness: range, ranges, highest, lowest);

impl Kernel<3, 1> for Choppiness {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 1]> {
        let highest = self.highest.push(Max(high));
        let lowest = self.lowest.push(Min(low));
        let ranges = self.ranges.push(Sum(self.range.push(high, low, close)?))?.0;
        let height = highest?.0 - lowest?.0;
        Some([if height > 0.0 {
            libm::log(ranges / height) * self.scale
        } else {
            100.0
        }])
    }
}

pub const CHOPPINESS: Definition = define(
    "choppiness",
    Group::Volatility,
    "Choppiness index (Dreiss 1993): 100 log(sum of true ranges / (highest - lowest)) / log(period); 100 where the range is \
     empty. A gap at the window's edge can lift it above 100.",
    &[HIGH, LOW, CLOSE],
    &[period(2, 14)],
    |p| p.n(0),
    |p| {
        node(Choppiness {
            range: TrueRange::default(),
            ranges: Window::new(p.n(0)),
            highest: Window::new(p.n(0)),
            lowest: Window::new(p.n(0)),
            scale: 100.0 / libm::log(p.n(0) as f64),
        })
    },
);
