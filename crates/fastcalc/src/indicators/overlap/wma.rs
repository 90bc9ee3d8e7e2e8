//! Weighted moving average.

use crate::indicators::prelude::*;

/// Mean with weights 1, 2, 3 …
#[derive(Debug, Clone)]
pub struct Wma {
    window: Window<Line>,
}
state!(Wma: window);

impl Wma {
    /// Of `period` rows.
    pub fn new(period: usize) -> Self {
        Wma {
            window: Window::new(period),
        }
    }

    /// Takes a row.
    #[inline]
    pub fn push(&mut self, x: f64) -> Option<f64> {
        self.window
            .push(Line::of(x))
            .map(|line| line.weighted_mean())
    }
}

impl Kernel<1, 1> for Wma {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.push(x).map(|v| [v])
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
