//! Rate of change of a triple EMA.

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
    fn block<const FMA: bool>(
        &mut self,
        inputs: [&[f64]; 1],
        outputs: [&mut [f64]; 1],
        work: &mut Work,
    ) {
        let ([x], [out]) = settled(self, inputs, outputs, |k| k.previous.is_some());
        let [a, b, once, twice, thrice, ..] = work.columns();
        let n = out.len();
        if n == 0 {
            return;
        }
        let (once, twice, thrice) = (&mut once[..n], &mut twice[..n], &mut thrice[..n + 1]);
        self.averages[0].block(x, once, [a, b]);
        self.averages[1].block(once, twice, [a, b]);
        thrice[0] = self.previous.unwrap_or_default();
        self.averages[2].block(twice, &mut thrice[1..], [a, b]);
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
    "TRIX (Hutson 1983): change per row, in percent, of an EMA of an EMA of an EMA.",
    &[Input::Real],
    &[period(1, 30)],
    |p| 3 * (p.n(0) - 1) + 1,
    |p| {
        node(Trix {
            averages: std::array::from_fn(|_| Ema::new(p.n(0))),
            previous: None,
        })
    },
);
