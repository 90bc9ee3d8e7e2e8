//! Double exponential moving average.

use super::first::{self, FIRST, SEED};
use crate::indicators::prelude::*;

/// Two averages in a row.
#[derive(Debug, Clone)]
pub struct Dema {
    once: Ema,
    twice: Ema,
}
state!(Dema: once, twice);

impl Dema {
    /// Of `period` rows.
    pub fn new(period: usize) -> Self {
        Dema {
            once: Ema::new(period),
            twice: Ema::new(period),
        }
    }

    /// Takes a row.
    #[inline]
    pub fn push(&mut self, x: f64) -> Option<f64> {
        let once = self.once.push(x)?;
        let twice = self.twice.push(once)?;
        Some(2.0 * once - twice)
    }
}

impl Kernel<1, 1> for Dema {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.push(x).map(|v| [v])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([x], [out]) = settled_by_eights(self, inputs, outputs, |k| {
            k.once.is_warm() && k.twice.is_warm()
        });
        let once = work.part(&mut self.once, Of::Rows([x]));
        let twice = work.part(&mut self.twice, Of::Part(once));
        let ([once], [twice]) = (work.part_columns(once), work.part_columns(twice));
        for i in 0..out.len() {
            out[i] = 2.0 * once[i] - twice[i];
        }
    }
}

pub const DEMA: Definition = Definition {
    part: |p| (p.n(1) != FIRST).then(|| Part::ema(p.n(0))),
    ..define(
        "dema",
        Group::Overlap,
        "Double exponential moving average (Mulloy 1994): 2 EMA - EMA(EMA). With seed=first each starts as its first row.",
        &[Input::Real],
        &[period(1, 30), SEED],
        |p| 2 * (p.n(0) - 1),
        |p| match p.n(1) {
            FIRST => first::dema(p.n(0)),
            _ => node(Dema::new(p.n(0))),
        },
    )
};
