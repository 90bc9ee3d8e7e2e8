//! Simple moving average.

use crate::indicators::prelude::*;

/// Mean of the last rows.
#[derive(Debug, Clone)]
pub struct Sma {
    window: Window<Sum>,
    n: f64,
}
state!(Sma: window);

impl Sma {
    /// Of `period` rows.
    pub fn new(period: usize) -> Self {
        Sma {
            window: Window::new(period),
            n: period as f64,
        }
    }

    /// Takes a row.
    #[inline]
    pub fn push(&mut self, x: f64) -> Option<f64> {
        self.window.push(Sum(x)).map(|sum| sum.0 / self.n)
    }
}

impl Kernel<1, 1> for Sma {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.push(x).map(|v| [v])
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
