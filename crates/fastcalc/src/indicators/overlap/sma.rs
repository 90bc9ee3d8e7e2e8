//! Simple moving average.

use crate::indicators::prelude::*;

/// Mean of the last rows.
#[derive(Debug, Clone)]
pub struct Sma {
    window: SlidingSum,
    mean: Divide,
}
state!(Sma: window);

impl Sma {
    /// Of `period` rows.
    pub fn new(period: usize) -> Self {
        Sma {
            window: SlidingSum::new(period),
            mean: Divide::new(period),
        }
    }

    /// Takes a row.
    #[inline]
    pub fn push(&mut self, x: f64) -> Option<f64> {
        self.window.push(x).map(|sum| self.mean.of::<Plain>(sum))
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
    pub fn block<V: Eight>(&mut self, rows: &[f64], out: &mut [f64]) {
        let mean = self.mean;
        self.window
            .finished::<V>(rows, out, |sum| mean.of::<V>(sum));
    }
}

impl Kernel<1, 1> for Sma {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.push(x).map(|v| [v])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], _work: &mut Work) {
        let ([x], [out], cold) = (inputs, outputs, self.window.cold());
        Sma::block::<V>(self, x, out);
        blank([out], cold);
    }
}

pub const SMA: Definition = define(
    "sma",
    Group::Overlap,
    "Simple moving average: the mean of the last `period` rows.",
    &[Input::Real],
    &[period(1, 30)],
    |p| p.n(0) - 1,
    |p| node(Sma::new(p.n(0))),
);
