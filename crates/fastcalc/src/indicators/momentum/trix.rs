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

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([x], [out]) = settled_by_eights(self, inputs, outputs, |k| {
            k.previous.is_some() && k.averages.iter().all(Ema::is_warm)
        });
        let n = out.len();
        if n == 0 {
            // Still warming up: there is no row before.
            return;
        }
        let [once, twice, thrice, ..] = work.columns();
        let (once, twice, thrice) = (&mut once[..n], &mut twice[..n], &mut thrice[..n + 1]);
        self.averages[0].block::<V>(x, once);
        self.averages[1].block::<V>(once, twice);
        thrice[0] = self.previous.unwrap_or_default();
        self.averages[2].block::<V>(twice, &mut thrice[1..]);
        for i in 0..n {
            let (before, smooth) = (thrice[i], thrice[i + 1]);
            let change = (smooth / before - 1.0) * 100.0;
            out[i] = if before == 0.0 { 0.0 } else { change };
        }
        self.previous = Some(thrice[n]);
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
