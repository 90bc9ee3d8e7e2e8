//! Acceleration bands.

use super::sma::Sma;
use crate::indicators::prelude::*;

struct Accbands {
    averages: [Sma; 3],
}
state!(Accbands: averages);

impl Kernel<3, 3> for Accbands {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 3]> {
        let sum = high + low;
        let width = if sum == 0.0 {
            0.0
        } else {
            4.0 * (high - low) / sum
        };
        let [upper, middle, lower] = &mut self.averages;
        let upper = upper.push(high * (1.0 + width));
        let middle = middle.push(close);
        let lower = lower.push(low * (1.0 - width));
        Some([upper?, middle?, lower?])
    }
}

pub const ACCBANDS: Definition = Definition {
    outputs: &["upperband", "middleband", "lowerband"],
    ..define(
        "accbands",
        Group::Overlap,
        "Acceleration bands (Headley 2002): averages of high (1 + w), close, low (1 - w), w = 4 (high - low) / (high + low).",
        &[HIGH, LOW, CLOSE],
        &[period(2, 20)],
        |p| p.n(0) - 1,
        |p| {
            node(Accbands {
                averages: std::array::from_fn(|_| Sma::new(p.n(0))),
            })
        },
    )
};
