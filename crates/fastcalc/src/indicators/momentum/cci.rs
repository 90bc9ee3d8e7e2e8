//! Commodity channel index.

use crate::indicators::prelude::*;
use crate::indicators::price::avgdev::mean_deviation;

struct Cci {
    last: Last,
}
state!(Cci: last);

impl Kernel<3, 1> for Cci {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 1]> {
        let typical = (high + low + close) / 3.0;
        let (mean, deviation) = mean_deviation(self.last.push(typical)?);
        let off = typical - mean;
        Some([if off != 0.0 && deviation != 0.0 {
            off / (0.015 * deviation)
        } else {
            0.0
        }])
    }
}

pub const CCI: Definition = define(
    "cci",
    Group::Momentum,
    "Commodity channel index (Lambert 1980): distance of the typical price from its mean, over .015 mean absolute deviations; 0 when flat.",
    &[HIGH, LOW, CLOSE],
    &[period(2, 14)],
    |p| p.n(0) - 1,
    |p| {
        node(Cci {
            last: Last::new(p.n(0)),
        })
    },
);
