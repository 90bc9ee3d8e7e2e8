//! Money flow index.

use crate::indicators::prelude::*;

struct Mfi {
    previous: Option<f64>,
    up: Window<Sum>,
    down: Window<Sum>,
}
state!(Mfi: previous, up, down);

impl Kernel<4, 1> for Mfi {
    #[inline]
    fn next(&mut self, [high, low, close, volume]: [f64; 4]) -> Option<[f64; 1]> {
        let typical = (high + low + close) / 3.0;
        let previous = self.previous.replace(typical)?;
        let flow = typical * volume;
        let up = self
            .up
            .push(Sum(if typical > previous { flow } else { 0.0 }));
        let down = self
            .down
            .push(Sum(if typical < previous { flow } else { 0.0 }))?
            .0;
        let up = up?.0;
        Some([if up + down > 0.0 {
            100.0 * (up / (up + down))
        } else {
            0.0
        }])
    }
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
                up: Window::new(p.n(0)),
                down: Window::new(p.n(0)),
            })
        },
    )
};
