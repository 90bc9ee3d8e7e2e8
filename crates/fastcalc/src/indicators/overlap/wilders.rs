//! Wilder's smoothing.

use crate::indicators::prelude::*;

impl Kernel<1, 1> for Wilder {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.push(x).map(|v| [v])
    }
}

pub const WILDERS: Definition = define(
    "wilders",
    Group::Overlap,
    "Wilder's smoothing (1978), also RMA or SMMA: the mean of the first `period` rows, then weight 1/period.",
    &[Input::Real],
    &[period(1, 14)],
    |p| p.n(0) - 1,
    |p| node(Wilder::new(p.n(0))),
);
