//! Momentum and rates of change.

use crate::indicators::prelude::*;

struct Change {
    delay: Delay,
    of: fn(f64, f64) -> f64,
}
state!(Change: delay);

impl Kernel<1, 1> for Change {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.delay.push(x).map(|before| [(self.of)(x, before)])
    }
}

fn change(p: &Params, of: fn(f64, f64) -> f64) -> Box<dyn Stream> {
    node(Change {
        delay: Delay::new(p.n(0)),
        of,
    })
}

/// x over before, 0 where before is 0.
#[inline]
pub fn ratio(x: f64, before: f64) -> Option<f64> {
    (before != 0.0).then(|| x / before)
}

const fn rate(
    name: &'static str,
    about: &'static str,
    build: fn(&Params) -> Box<dyn Stream>,
) -> Definition {
    define(
        name,
        Group::Momentum,
        about,
        &[Input::Real],
        const { &[period(1, 10)] },
        |p| p.n(0),
        build,
    )
}

pub const MOM: Definition = rate("mom", "Momentum: x minus x of `period` rows ago.", |p| {
    change(p, |x, before| x - before)
});
pub const ROC: Definition = rate(
    "roc",
    "Rate of change in percent: 100 (x / before - 1); 0 where before is 0.",
    |p| {
        change(p, |x, before| {
            ratio(x, before).map_or(0.0, |r| (r - 1.0) * 100.0)
        })
    },
);
pub const ROCP: Definition = rate(
    "rocp",
    "Rate of change: (x - before) / before; 0 where before is 0.",
    |p| change(p, |x, before| ratio(x - before, before).unwrap_or(0.0)),
);
pub const ROCR: Definition = rate(
    "rocr",
    "Rate of change as a ratio: x / before; 0 where before is 0.",
    |p| change(p, |x, before| ratio(x, before).unwrap_or(0.0)),
);
pub const ROCR100: Definition = rate(
    "rocr100",
    "Rate of change as a ratio times 100; 0 where before is 0.",
    |p| change(p, |x, before| ratio(x, before).unwrap_or(0.0) * 100.0),
);
