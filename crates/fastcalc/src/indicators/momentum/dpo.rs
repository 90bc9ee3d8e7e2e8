//! Detrended price oscillator.

use crate::indicators::overlap::sma::Sma;
use crate::indicators::prelude::*;

struct Dpo {
    delay: Delay,
    average: Sma,
}
state!(Dpo: delay, average);

impl Kernel<1, 1> for Dpo {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let before = self.delay.push(x);
        let average = self.average.push(x)?;
        Some([before? - average])
    }
}

pub const DPO: Definition = define(
    "dpo",
    Group::Momentum,
    "Detrended price oscillator: x of period / 2 + 1 rows ago minus the mean of the last `period` rows.",
    &[Input::Real],
    &[period(1, 20)],
    |p| (p.n(0) - 1).max(p.n(0) / 2 + 1),
    |p| {
        node(Dpo {
            delay: Delay::new(p.n(0) / 2 + 1),
            average: Sma::new(p.n(0)),
        })
    },
);
