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
        Some(true_range(high, low, before))
    }

    /// For rows by the eight, not the first; to be [settled](Self::settle).
    #[inline(always)]
    pub fn chain<V: Eight>(&self) -> RangeChain<V> {
        RangeChain {
            close: V::splat(self.close.unwrap_or_default()),
        }
    }

    /// Takes what a chain has come to with these closes.
    #[inline(always)]
    pub fn settle(&mut self, close: &[f64]) {
        self.close = close.last().copied().or(self.close);
    }

    /// Whether there is a range at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.close.is_some()
    }
}

/// [`TrueRange`] eight rows at a time.
pub struct RangeChain<V> {
    /// The last eight closes.
    close: V,
}

impl<V: Eight> RangeChain<V> {
    /// The next eight ranges.
    #[inline(always)]
    pub fn next(&mut self, [high, low, close]: [V; 3]) -> V {
        let before = close.after::<1>(self.close);
        self.close = close;
        (high - low)
            .larger((high - before).abs())
            .larger((low - before).abs())
    }
}

/// Of a row and the close before it.
#[inline(always)]
pub fn true_range(high: f64, low: f64, before: f64) -> f64 {
    let larger = |a: f64, b: f64| if b > a { b } else { a };
    larger(
        larger(high - low, (high - before).abs()),
        (low - before).abs(),
    )
}

impl Kernel<3, 1> for TrueRange {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 1]> {
        self.push(high, low, close).map(|v| [v])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 3], outputs: [&mut [f64]; 1], _work: &mut Work) {
        let (inputs, [out]) = settled_by_eights(self, inputs, outputs, TrueRange::is_warm);
        let close = &inputs[2][..out.len()];
        let mut ranges = self.chain::<V>();
        let mut rows = Eights::new(inputs, [out]);
        while let Some(bars) = rows.read::<V>() {
            rows.write([ranges.next(bars)]);
        }
        self.settle(close);
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
