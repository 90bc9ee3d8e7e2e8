//! Money flow index.

use crate::indicators::prelude::*;
use crate::simd::EIGHT;

struct Mfi {
    previous: Option<f64>,
    third: Divide,
    up: SlidingSum,
    down: SlidingSum,
}
state!(Mfi: previous, up, down);

impl Kernel<4, 1> for Mfi {
    #[inline]
    fn next(&mut self, [high, low, close, volume]: [f64; 4]) -> Option<[f64; 1]> {
        let typical = self.third.of::<Plain>(high + low + close);
        let previous = self.previous.replace(typical)?;
        let [up, down] = flows(typical, previous, volume);
        let (up, down) = (self.up.push(up), self.down.push(down));
        Some([index(up?, down?)])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 4], outputs: [&mut [f64]; 1], work: &mut Work) {
        let (bars, [out]) = settled(self, inputs, outputs, |k| k.previous.is_some());
        let cold = self.up.cold();
        let [up, down, ups, ..] = work.columns();
        let n = out.len();
        let (up, down, ups) = (&mut up[..n], &mut down[..n], &mut ups[..n]);
        let whole = n / EIGHT * EIGHT;
        let zero = V::splat(0.0);
        let mut last = V::splat(self.previous.unwrap_or_default());
        let mut rows = Eights::new(bars, [&mut up[..whole], &mut down[..whole]]);
        while let Some([high, low, close, volume]) = rows.read::<V>() {
            let typical = self.third.of_eight(high + low + close);
            let (before, flow) = (typical.after::<1>(last), typical * volume);
            last = typical;
            rows.write([
                typical.where_above(before, flow, zero),
                before.where_above(typical, flow, zero),
            ]);
        }
        let mut eight = [0.0; EIGHT];
        last.store(&mut eight);
        let mut last = eight[EIGHT - 1];
        let [high, low, close, volume] = bars;
        for i in whole..n {
            let typical = self.third.of::<V>(high[i] + low[i] + close[i]);
            [up[i], down[i]] = flows(typical, last, volume[i]);
            last = typical;
        }
        self.previous = self.previous.map(|_| last);
        self.up.block::<V>(up, ups);
        self.down.block::<V>(down, out);
        for i in 0..n {
            out[i] = index(ups[i], out[i]);
        }
        blank([out], cold);
    }
}

/// Flow of a rising and of a falling row.
#[inline(always)]
fn flows(typical: f64, previous: f64, volume: f64) -> [f64; 2] {
    let flow = typical * volume;
    [
        if typical > previous { flow } else { 0.0 },
        if typical < previous { flow } else { 0.0 },
    ]
}

#[inline(always)]
fn index(up: f64, down: f64) -> f64 {
    let all = up + down;
    let index = 100.0 * (up / all);
    if all > 0.0 { index } else { 0.0 }
}

pub const MFI: Definition = Definition {
    range: Some((0.0, 100.0)),
    ..define(
        "mfi",
        Group::Momentum,
        "Money flow index (Quong, Soudack 1989): typical price times volume of rising rows, in percent of all; 0 where nothing flowed.",
        &[HIGH, LOW, CLOSE, VOLUME],
        &[period(2, 14)],
        |p| p.n(0),
        |p| {
            node(Mfi {
                previous: None,
                third: Divide::new(3),
                up: SlidingSum::new(p.n(0)),
                down: SlidingSum::new(p.n(0)),
            })
        },
    )
};
