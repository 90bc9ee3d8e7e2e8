//! Elder ray.

use crate::indicators::prelude::*;

struct ElderRay {
    average: Ema,
}
state!(ElderRay: average);

impl Kernel<3, 2> for ElderRay {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 2]> {
        self.average
            .push(close)
            .map(|average| [high - average, low - average])
    }
}

pub const ELDER_RAY: Definition = Definition {
    outputs: &["bull", "bear"],
    ..define(
        "elder_ray",
        Group::Momentum,
        "Elder ray (1989): high and low minus an EMA of the close.",
        &[HIGH, LOW, CLOSE],
        &[period(1, 13)],
        |p| p.n(0) - 1,
        |p| {
            node(ElderRay {
                average: Ema::new(p.n(0)),
            })
        },
    )
};
