//! McGinley dynamic.

use super::sma::Sma;
use crate::indicators::prelude::*;

struct McGinley {
    start: Sma,
    value: Option<f64>,
    n: f64,
}
state!(McGinley: start, value);

impl Kernel<1, 1> for McGinley {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let Some(value) = self.value else {
            self.value = self.start.push(x);
            return self.value.map(|v| [v]);
        };
        let ratio = if value == 0.0 { 1.0 } else { x / value };
        let square = ratio * ratio;
        // Far below the line the formula would overshoot the price itself: at most all the way.
        let weight = (1.0 / (self.n * square * square)).min(1.0);
        let moved = value + weight * (x - value);
        self.value = Some(moved);
        Some([moved])
    }
}

pub const MCGINLEY: Definition = define(
    "mcginley",
    Group::Overlap,
    "McGinley dynamic (1991): m += (x - m) / (period (x / m)^4), never past x; starts as the mean of the first `period` rows.",
    &[Input::Real],
    &[period(1, 14)],
    |p| p.n(0) - 1,
    |p| {
        node(McGinley {
            start: Sma::new(p.n(0)),
            value: None,
            n: p.n(0) as f64,
        })
    },
);
