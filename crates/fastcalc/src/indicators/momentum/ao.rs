//! Awesome oscillator.

use crate::indicators::overlap::sma::Sma;
use crate::indicators::prelude::*;

struct Ao {
    fast: Sma,
    slow: Sma,
}
state!(Ao: fast, slow);

impl Kernel<2, 1> for Ao {
    #[inline]
    fn next(&mut self, [high, low]: [f64; 2]) -> Option<[f64; 1]> {
        let middle = (high + low) / 2.0;
        let (fast, slow) = (self.fast.push(middle), self.slow.push(middle));
        Some([fast? - slow?])
    }
}

pub const AO: Definition = define(
    "ao",
    Group::Momentum,
    "Awesome oscillator (Williams 1998): fast minus slow mean of (high + low) / 2.",
    &[HIGH, LOW],
    &[whole("fastperiod", 1, 5), whole("slowperiod", 1, 34)],
    |p| p.n(0).max(p.n(1)) - 1,
    |p| {
        node(Ao {
            fast: Sma::new(p.n(0)),
            slow: Sma::new(p.n(1)),
        })
    },
);
