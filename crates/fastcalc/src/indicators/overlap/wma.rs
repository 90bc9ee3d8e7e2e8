//! Weighted moving average.

use crate::indicators::prelude::*;

/// Mean with weights 1, 2, 3 …
#[derive(Debug, Clone)]
pub struct Wma {
    window: SlidingPair<Weighted>,
    mean: Divide,
}
state!(Wma: window);

impl Wma {
    /// Of `period` rows.
    pub fn new(period: usize) -> Self {
        Wma {
            window: SlidingPair::new(period),
            mean: Divide::new(period * (period + 1) / 2),
        }
    }

    /// Takes a row.
    #[inline]
    pub fn push(&mut self, x: f64) -> Option<f64> {
        let [_, _, sum] = self.window.push(x)?;
        Some(self.mean.of::<Plain>(sum))
    }

    /// Whether there is a mean at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.window.is_warm()
    }

    /// Rows before there is a mean.
    #[inline(always)]
    pub fn cold(&self) -> usize {
        self.window.cold()
    }

    /// Takes rows; what comes before it [is warm](Self::is_warm) means nothing.
    #[inline(always)]
    pub fn block<V: Eight>(&mut self, rows: &[f64], out: &mut [f64], work: &mut [f64]) {
        let mean = self.mean;
        self.window
            .second::<V>(rows, out, work, |sum| mean.of::<V>(sum));
    }
}

impl Kernel<1, 1> for Wma {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.push(x).map(|v| [v])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([x], [out], cold) = (inputs, outputs, self.window.cold());
        let [a, ..] = work.columns();
        Wma::block::<V>(self, x, out, a);
        blank([out], cold);
    }
}

pub const WMA: Definition = define(
    "wma",
    Group::Overlap,
    "Weighted moving average: weights 1 to `period`, the latest row counting most.",
    &[Input::Real],
    &[period(1, 30)],
    |p| p.n(0) - 1,
    |p| node(Wma::new(p.n(0))),
);
