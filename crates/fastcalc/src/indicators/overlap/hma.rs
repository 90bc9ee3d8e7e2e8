//! Hull moving average.

use super::wma::Wma;
use crate::indicators::prelude::*;

struct Hma {
    half: Wma,
    full: Wma,
    smooth: Wma,
}
state!(Hma: half, full, smooth);

/// Length of the last average: the whole part of the root.
fn root(period: usize) -> usize {
    period.isqrt()
}

impl Kernel<1, 1> for Hma {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let half = self.half.push(x);
        let full = self.full.push(x)?;
        self.smooth.push(2.0 * half? - full).map(|v| [v])
    }
}

pub const HMA: Definition = define(
    "hma",
    Group::Overlap,
    "Hull moving average (2005): WMA over sqrt(period) of 2 WMA(period / 2) - WMA(period), both lengths rounded down.",
    &[Input::Real],
    &[period(2, 16)],
    |p| p.n(0) - 1 + root(p.n(0)) - 1,
    |p| {
        node(Hma {
            half: Wma::new(p.n(0) / 2),
            full: Wma::new(p.n(0)),
            smooth: Wma::new(root(p.n(0))),
        })
    },
);
