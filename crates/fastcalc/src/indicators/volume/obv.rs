//! On balance volume.

use crate::indicators::prelude::*;

struct Obv {
    previous: Option<f64>,
    sum: f64,
}
state!(Obv: previous, sum);

impl Kernel<2, 1> for Obv {
    #[inline]
    fn next(&mut self, [x, volume]: [f64; 2]) -> Option<[f64; 1]> {
        let previous = self.previous.replace(x).unwrap_or(f64::NEG_INFINITY);
        if x > previous {
            self.sum += volume;
        } else if x < previous {
            self.sum -= volume;
        }
        Some([self.sum])
    }
}

pub const OBV: Definition = Definition {
    gap: Gap::PassOver,
    ..define(
        "obv",
        Group::Volume,
        "On balance volume (Granville 1963): volume added where the price rose, taken off where it fell; starts with the first volume.",
        &[Input::Real, VOLUME],
        &[],
        |_| 0,
        |_| {
            node(Obv {
                previous: None,
                sum: 0.0,
            })
        },
    )
};
