//! Vortex indicator.

use crate::indicators::prelude::*;
use crate::indicators::volatility::trange::TrueRange;

struct Vortex {
    range: TrueRange,
    previous: [f64; 2],
    sums: [Window<Sum>; 3],
}
state!(Vortex: range, previous, sums);

impl Kernel<3, 2> for Vortex {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 2]> {
        let [high0, low0] = std::mem::replace(&mut self.previous, [high, low]);
        let range = self.range.push(high, low, close)?;
        let [plus, minus, ranges] = &mut self.sums;
        let plus = plus.push(Sum((high - low0).abs()));
        let minus = minus.push(Sum((low - high0).abs()));
        let range = ranges.push(Sum(range))?.0;
        Some([plus?.0, minus?.0].map(|sum| if range > 0.0 { sum / range } else { 0.0 }))
    }
}

pub const VORTEX: Definition = Definition {
    outputs: &["plus", "minus"],
    range: Some((0.0, f64::INFINITY)),
    ..define(
        "vortex",
        Group::Momentum,
        "Vortex indicator (Botes, Siepman 2010): sums of |high - low before| and of |low - high before| over the sum of true \
         ranges; 0 where there was no range.",
        &[HIGH, LOW, CLOSE],
        &[period(1, 14)],
        |p| p.n(0),
        |p| {
            let sums = std::array::from_fn(|_| Window::new(p.n(0)));
            node(Vortex {
                range: TrueRange::default(),
                previous: [0.0; 2],
                sums,
            })
        },
    )
};
