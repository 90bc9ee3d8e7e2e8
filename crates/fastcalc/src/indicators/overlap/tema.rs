//! Triple exponential moving average.

use super::first::{self, FIRST, SEED};
use crate::indicators::prelude::*;

/// Three averages in a row.
#[derive(Debug, Clone)]
pub struct Tema {
    averages: [Ema; 3],
}
state!(Tema: averages);

impl Tema {
    /// Of `period` rows.
    pub fn new(period: usize) -> Self {
        Tema {
            averages: std::array::from_fn(|_| Ema::new(period)),
        }
    }

    /// Takes a row.
    #[inline]
    pub fn push(&mut self, x: f64) -> Option<f64> {
        let [one, two, three] = &mut self.averages;
        let once = one.push(x)?;
        let twice = two.push(once)?;
        let thrice = three.push(twice)?;
        Some(3.0 * once - 3.0 * twice + thrice)
    }
}

/// The average of rows, that of it, and that of the latter.
///
/// One after the other, not in one pass: a processor looks ahead only so far, and would wait for each.
pub fn averages_of_averages<'w>(
    averages: &mut [Ema; 3],
    rows: &[f64],
    work: &'w mut Work,
) -> [&'w [f64]; 3] {
    let [one, two, three] = averages;
    let once = work.part(one, Of::Rows([rows]));
    let twice = work.part(two, Of::Part(once));
    let thrice = work.part(three, Of::Part(twice));
    [once, twice, thrice].map(|slot| {
        let [column] = work.part_columns(slot);
        column
    })
}

impl Kernel<1, 1> for Tema {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.push(x).map(|v| [v])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([x], [out]) = settled_by_eights(self, inputs, outputs, |k| {
            k.averages.iter().all(Ema::is_warm)
        });
        let [once, twice, thrice] = averages_of_averages(&mut self.averages, x, work);
        for i in 0..out.len() {
            out[i] = 3.0 * once[i] - 3.0 * twice[i] + thrice[i];
        }
    }
}

pub const TEMA: Definition = Definition {
    part: |p| (p.n(1) != FIRST).then(|| Part::ema(p.n(0))),
    ..define(
        "tema",
        Group::Overlap,
        "Triple exponential moving average (Mulloy 1994): 3 EMA - 3 EMA(EMA) + EMA(EMA(EMA)). With seed=first each starts as its first \
     row.",
        &[Input::Real],
        &[period(1, 30), SEED],
        |p| 3 * (p.n(0) - 1),
        |p| match p.n(1) {
            FIRST => first::tema(p.n(0)),
            _ => node(Tema::new(p.n(0))),
        },
    )
};
