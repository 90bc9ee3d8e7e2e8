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

    /// Takes rows, not the first.
    #[inline(always)]
    pub fn block(&mut self, [high, low, close]: [&[f64]; 3], out: &mut [f64]) {
        let n = out.len();
        let Some(last) = close.last() else {
            return;
        };
        let (high, low, close) = (&high[..n], &low[..n], &close[..n]);
        out[0] = true_range(high[0], low[0], self.close.unwrap_or_default());
        for i in 1..n {
            out[i] = true_range(high[i], low[i], close[i - 1]);
        }
        self.close = Some(*last);
    }

    /// Whether there is a range at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.close.is_some()
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
    fn block<const FMA: bool>(
        &mut self,
        inputs: [&[f64]; 3],
        outputs: [&mut [f64]; 1],
        _work: &mut Work,
    ) {
        let (inputs, [out]) = settled(self, inputs, outputs, TrueRange::is_warm);
        TrueRange::block(self, inputs, out);
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
