//! Rate of change of a triple EMA.

use crate::indicators::overlap::first::{self, FIRST, SEED};
use crate::indicators::prelude::*;

struct Trix {
    averages: [Ema; 3],
    previous: Option<f64>,
}
state!(Trix: averages, previous);

impl Kernel<1, 1> for Trix {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let [one, two, three] = &mut self.averages;
        let smooth = three.push(two.push(one.push(x)?)?)?;
        let before = self.previous.replace(smooth)?;
        Some([if before == 0.0 {
            0.0
        } else {
            (smooth / before - 1.0) * 100.0
        }])
    }
}

pub const TRIX: Definition = define(
    "trix",
    Group::Momentum,
    "TRIX (Hutson 1983): change per row, in percent, of an EMA of an EMA of an EMA. A period of 1, where TA-Lib reads before its input, is the change of \
     the series. With seed=first each average starts as its first row.",
    &[Input::Real],
    &[period(1, 30), SEED],
    |p| 3 * (p.n(0) - 1) + 1,
    |p| {
        if p.n(1) == FIRST {
            return first::trix(p.n(0));
        }
        node(Trix {
            averages: std::array::from_fn(|_| Ema::new(p.n(0))),
            previous: None,
        })
    },
);
