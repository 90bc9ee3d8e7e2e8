//! Rate of change of a triple EMA.

use crate::indicators::overlap::first::{self, FIRST, SEED};
use crate::indicators::overlap::tema::averages_of_averages;
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
        let [_, _, thrice] = averages_of_averages(&mut self.averages, x, work);
        let change = |before: f64, smooth: f64| {
            let change = (smooth / before - 1.0) * 100.0;
            if before == 0.0 { 0.0 } else { change }
        };
        out[0] = change(self.previous.unwrap_or_default(), thrice[0]);
        for i in 1..n {
            out[i] = change(thrice[i - 1], thrice[i]);
        }
        self.previous = Some(thrice[n - 1]);
    }
}

pub const TRIX: Definition = Definition {
    part: |p| (p.n(1) != FIRST).then(|| Part::ema(p.n(0))),
    ..define(
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
    )
};
