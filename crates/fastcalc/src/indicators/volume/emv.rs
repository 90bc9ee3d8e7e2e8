//! Ease of movement.

use crate::indicators::prelude::*;

struct Emv {
    previous: Option<f64>,
}
state!(Emv: previous);

impl Kernel<3, 1> for Emv {
    #[inline]
    fn next(&mut self, [high, low, volume]: [f64; 3]) -> Option<[f64; 1]> {
        let middle = (high + low) / 2.0;
        let moved = middle - self.previous.replace(middle)?;
        Some([if volume > 0.0 {
            moved * (high - low) / (volume / 10_000.0)
        } else {
            0.0
        }])
    }
}

pub const EMV: Definition = define(
    "emv",
    Group::Volume,
    "Ease of movement (Arms): move of (high + low) / 2 times the bar's height, over volume / 10,000; 0 without volume.",
    &[HIGH, LOW, VOLUME],
    &[],
    |_| 1,
    |_| node(Emv { previous: None }),
);
