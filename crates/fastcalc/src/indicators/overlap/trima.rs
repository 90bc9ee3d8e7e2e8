//! Triangular moving average.

use crate::indicators::prelude::*;

/// A mean of means.
#[derive(Debug, Clone)]
pub struct Trima {
    inner: SlidingSum,
    outer: SlidingSum,
    mean: Divide,
}
state!(Trima: inner, outer);

impl Trima {
    /// Of `period` rows.
    pub fn new(period: usize) -> Self {
        let half = period.div_ceil(2);
        Trima {
            inner: SlidingSum::new(half),
            outer: SlidingSum::new(period + 1 - half),
            mean: Divide::new(half * (period + 1 - half)),
        }
    }

    /// Takes a row.
    #[inline]
    pub fn push(&mut self, x: f64) -> Option<f64> {
        let inner = self.inner.push(x)?;
        self.outer.push(inner).map(|sum| self.mean.of::<Plain>(sum))
    }
}

impl Kernel<1, 1> for Trima {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.push(x).map(|v| [v])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([x], [out]) = settled(self, inputs, outputs, |k| {
            k.inner.is_warm() && k.outer.is_warm()
        });
        let [inner, ..] = work.columns();
        let inner = &mut inner[..out.len()];
        self.inner.block::<V>(x, inner);
        self.outer.block::<V>(inner, out);
        for value in out {
            *value = self.mean.of::<V>(*value);
        }
    }
}

pub const TRIMA: Definition = define(
    "trima",
    Group::Overlap,
    "Triangular moving average: a simple average of a simple average, so the middle counts most.",
    &[Input::Real],
    &[period(1, 30)],
    |p| p.n(0) - 1,
    |p| node(Trima::new(p.n(0))),
);
