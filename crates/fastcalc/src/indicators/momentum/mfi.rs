//! Money flow index.

use crate::indicators::prelude::*;

struct Mfi {
    previous: Option<f64>,
    up: SlidingSum,
    down: SlidingSum,
}
state!(Mfi: previous, up, down);

impl Kernel<4, 1> for Mfi {
    #[inline]
    fn next(&mut self, [high, low, close, volume]: [f64; 4]) -> Option<[f64; 1]> {
        let typical = (high + low + close) / 3.0;
        let previous = self.previous.replace(typical)?;
        let [up, down] = flows(typical, previous, volume);
        let (up, down) = (self.up.push(up), self.down.push(down));
        Some([index(up?, down?)])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 4], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([high, low, close, volume], [out]) =
            settled(self, inputs, outputs, |k| k.previous.is_some());
        let cold = self.up.cold();
        let [typical, up, down, ups, ..] = work.columns();
        let n = out.len();
        let [high, low, close, volume] = [high, low, close, volume].map(|column| &column[..n]);
        let typical = &mut typical[..n + 1];
        let (up, down, ups) = (&mut up[..n], &mut down[..n], &mut ups[..n]);
        typical[0] = self.previous.unwrap_or_default();
        for i in 0..n {
            typical[i + 1] = (high[i] + low[i] + close[i]) / 3.0;
        }
        for i in 0..n {
            [up[i], down[i]] = flows(typical[i + 1], typical[i], volume[i]);
        }
        self.previous = Some(typical[n]);
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
                up: SlidingSum::new(p.n(0)),
                down: SlidingSum::new(p.n(0)),
            })
        },
    )
};
