//! Ease of movement.

use crate::indicators::overlap::sma::Sma;
use crate::indicators::prelude::*;

struct Emv {
    previous: Option<f64>,
    average: Sma,
    scale: f64,
}
state!(Emv: previous, average);

impl Kernel<3, 1> for Emv {
    #[inline]
    fn next(&mut self, [high, low, volume]: [f64; 3]) -> Option<[f64; 1]> {
        let middle = (high + low) / 2.0;
        let moved = middle - self.previous.replace(middle)?;
        let ease = if volume > 0.0 {
            moved * (high - low) / (volume / self.scale)
        } else {
            0.0
        };
        self.average.push(ease).map(|v| [v])
    }
}

pub const EMV: Definition = define(
    "emv",
    Group::Volume,
    "Ease of movement (Arms): move of (high + low) / 2 times the bar's height, over volume / scale; 0 without volume. \
     Averaged over `period` rows, often 14.",
    &[HIGH, LOW, VOLUME],
    &[period(1, 1), real("scale", 1e-9, 1e15, 10_000.0)],
    |p| p.n(0),
    |p| {
        node(Emv {
            previous: None,
            average: Sma::new(p.n(0)),
            scale: p.x(1),
        })
    },
);
