//! Williams %R.

use crate::indicators::prelude::*;

struct Willr {
    extremes: Extremes,
}
state!(Willr: extremes);

impl Kernel<3, 1> for Willr {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 1]> {
        let [highest, lowest] = self.extremes.push(high, low)?;
        Some([below(close, highest, lowest)])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 3], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([high, low, close], [out], cold) = (inputs, outputs, self.extremes.cold());
        let n = out.len();
        let slot = work.part(&mut self.extremes, Of::Rows([high, low]));
        let [highest, lowest] = work.part_columns(slot);
        let (close, highest, lowest) = (&close[..n], &highest[..n], &lowest[..n]);
        for i in 0..n {
            out[i] = below(close[i], highest[i], lowest[i]);
        }
        blank([out], cold);
    }
}

/// How far below the highest, -100 to 0.
#[inline(always)]
fn below(close: f64, highest: f64, lowest: f64) -> f64 {
    let range = highest - lowest;
    let place = -100.0 * ((highest - close) / range);
    if range > 0.0 { place } else { 0.0 }
}

pub const WILLR: Definition = Definition {
    range: Some((-100.0, 0.0)),
    part: |p| Some(Part::Extremes(p.n(0))),
    ..define(
        "willr",
        Group::Momentum,
        "Williams %R (Williams 1973): -100 (highest - close) / (highest - lowest); 0 where the range is empty.",
        &[HIGH, LOW, CLOSE],
        &[period(2, 14)],
        |p| p.n(0) - 1,
        |p| {
            node(Willr {
                extremes: Extremes::new(p.n(0)),
            })
        },
    )
};
