//! Accumulation and distribution.

use crate::indicators::prelude::*;

/// Volume, counted by where in the bar the close is: -1 at the low, 1 at the high.
#[inline(always)]
pub fn money_flow([high, low, close, volume]: [f64; 4]) -> f64 {
    let range = high - low;
    let flow = ((close - low) - (high - close)) / range * volume;
    if range > 0.0 { flow } else { 0.0 }
}

/// [`money_flow`] of eight rows.
#[inline(always)]
fn money_flows<V: Eight>([high, low, close, volume]: [V; 4]) -> V {
    let range = high - low;
    let flow = ((close - low) - (high - close)) / range * volume;
    range.where_above(V::splat(0.0), flow, V::splat(0.0))
}

struct Ad {
    sum: Recurrence,
}
state!(Ad: sum);

impl Kernel<4, 1> for Ad {
    #[inline]
    fn next(&mut self, row: [f64; 4]) -> Option<[f64; 1]> {
        Some([self.sum.push(money_flow(row))])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 4], outputs: [&mut [f64]; 1], _work: &mut Work) {
        let (bars, [out]) = settled_by_eights(self, inputs, outputs, |k| k.sum.is_ahead());
        let mut sum = self.sum.sum_chain::<V>();
        let mut rows = Eights::new(bars, [out]);
        while let Some(bars) = rows.read::<V>() {
            rows.write([sum.next(money_flows(bars))]);
        }
        self.sum.settle_sum(sum);
    }
}

pub const AD: Definition = Definition {
    gap: Gap::PassOver,
    ..define(
        "ad",
        Group::Volume,
        "Accumulation/distribution line (Chaikin): running sum of volume ((close - low) - (high - close)) / (high - low).",
        &[HIGH, LOW, CLOSE, VOLUME],
        &[],
        |_| 0,
        |_| {
            node(Ad {
                sum: Recurrence::new(1.0, 1.0),
            })
        },
    )
};

struct Adosc {
    sum: Recurrence,
    fast: Ema,
    slow: Ema,
    wait: usize,
}
state!(Adosc: sum, fast, slow, wait);

impl Kernel<4, 1> for Adosc {
    #[inline]
    fn next(&mut self, row: [f64; 4]) -> Option<[f64; 1]> {
        let sum = self.sum.push(money_flow(row));
        let (fast, slow) = (self.fast.push(sum)?, self.slow.push(sum)?);
        if self.wait > 0 {
            self.wait -= 1;
            return None;
        }
        Some([fast - slow])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 4], outputs: [&mut [f64]; 1], work: &mut Work) {
        let (bars, [out]) = settled_by_eights(self, inputs, outputs, |k| {
            k.wait == 0 && k.sum.is_ahead() && k.fast.is_warm() && k.slow.is_warm()
        });
        let [sums, ..] = work.columns();
        let sums = &mut sums[..out.len()];
        let mut sum = self.sum.sum_chain::<V>();
        let mut rows = Eights::new(bars, [&mut *sums]);
        while let Some(bars) = rows.read::<V>() {
            rows.write([sum.next(money_flows(bars))]);
        }
        let (mut fast, mut slow) = (self.fast.chain::<V>(), self.slow.chain());
        let mut rows = Eights::new([&*sums], [out]);
        while let Some([sum]) = rows.read::<V>() {
            rows.write([fast.next(sum) - slow.next(sum)]);
        }
        self.sum.settle_sum(sum);
        self.fast.settle(fast);
        self.slow.settle(slow);
    }
}

pub const ADOSC: Definition = define(
    "adosc",
    Group::Volume,
    "Chaikin oscillator: fast minus slow EMA of the accumulation/distribution line, both started at its first row.",
    &[HIGH, LOW, CLOSE, VOLUME],
    &[whole("fastperiod", 2, 3), whole("slowperiod", 2, 10)],
    |p| p.n(0).max(p.n(1)) - 1,
    |p| {
        let (fast, slow) = (Ema::from_first(p.n(0)), Ema::from_first(p.n(1)));
        node(Adosc {
            sum: Recurrence::new(1.0, 1.0),
            fast,
            slow,
            wait: p.n(0).max(p.n(1)) - 1,
        })
    },
);
