//! Triangular moving average.

use super::sma::Sma;
use crate::indicators::prelude::*;

/// A mean of means.
#[derive(Debug, Clone)]
pub struct Trima {
    inner: Sma,
    outer: Sma,
}
state!(Trima: inner, outer);

impl Trima {
    /// Of `period` rows.
    pub fn new(period: usize) -> Self {
        let half = period.div_ceil(2);
        Trima {
            inner: Sma::new(half),
            outer: Sma::new(period + 1 - half),
        }
    }

    /// Takes a row.
    #[inline]
    pub fn push(&mut self, x: f64) -> Option<f64> {
        let inner = self.inner.push(x)?;
        self.outer.push(inner)
    }
}

impl Kernel<1, 1> for Trima {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.push(x).map(|v| [v])
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
