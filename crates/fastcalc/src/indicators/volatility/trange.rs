//! True range.

use crate::indicators::prelude::*;

/// The larger of high - low and the distances to the close before.
#[derive(Debug, Clone, Default)]
pub struct TrueRange {
    close: Option<f64>,
}
state!(TrueRange: close);

impl TrueRange {
    /// Takes a row; none at the first.
    #[inline]
    pub fn push(&mut self, high: f64, low: f64, close: f64) -> Option<f64> {
        let before = self.close.replace(close)?;
        Some(
            (high - low)
                .max((high - before).abs())
                .max((low - before).abs()),
        )
    }
}

impl Kernel<3, 1> for TrueRange {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 1]> {
        self.push(high, low, close).map(|v| [v])
    }
}

pub const TRANGE: Definition = define(
    "trange",
    Group::Volatility,
    "True range (Wilder 1978): the largest of high - low, |high - close before|, |low - close before|.",
    &[HIGH, LOW, CLOSE],
    &[],
    |_| 1,
    |_| node(TrueRange::default()),
);
