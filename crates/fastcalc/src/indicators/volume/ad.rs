//! Accumulation and distribution.

use crate::indicators::prelude::*;

/// Volume, counted by where in the bar the close is: -1 at the low, 1 at the high.
#[inline(always)]
pub fn money_flow([high, low, close, volume]: [f64; 4]) -> f64 {
    let range = high - low;
    let flow = ((close - low) - (high - close)) / range * volume;
    if range > 0.0 { flow } else { 0.0 }
}

/// [`money_flow`] of rows.
#[inline(always)]
fn money_flows([high, low, close, volume]: [&[f64]; 4], out: &mut [f64]) {
    let n = out.len();
    let (high, low, close, volume) = (&high[..n], &low[..n], &close[..n], &volume[..n]);
    for i in 0..n {
        out[i] = money_flow([high[i], low[i], close[i], volume[i]]);
    }
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
    fn block<const FMA: bool>(
        &mut self,
        inputs: [&[f64]; 4],
        outputs: [&mut [f64]; 1],
        work: &mut Work,
    ) {
        let [out] = outputs;
        let [flows, a, ..] = work.columns();
        let flows = &mut flows[..out.len()];
        money_flows(inputs, flows);
        self.sum.block(flows, out, 0.0, a);
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
    fn block<const FMA: bool>(
        &mut self,
        inputs: [&[f64]; 4],
        outputs: [&mut [f64]; 1],
        work: &mut Work,
    ) {
        let (bars, [out]) = settled(self, inputs, outputs, |k| {
            k.wait == 0 && k.fast.is_warm() && k.slow.is_warm()
        });
        let [flows, sums, slow, a, b, ..] = work.columns();
        let n = out.len();
        let (flows, sums, slow) = (&mut flows[..n], &mut sums[..n], &mut slow[..n]);
        money_flows(bars, flows);
        self.sum.block(flows, sums, 0.0, a);
        self.fast.block(sums, out, [&mut *a, &mut *b]);
        self.slow.block(sums, slow, [a, b]);
        for i in 0..n {
            out[i] -= slow[i];
        }
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
