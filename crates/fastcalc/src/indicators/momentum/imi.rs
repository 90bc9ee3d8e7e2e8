//! Intraday momentum index.

use crate::indicators::prelude::*;

struct Imi {
    up: Window<Sum>,
    down: Window<Sum>,
}
state!(Imi: up, down);

impl Kernel<2, 1> for Imi {
    #[inline]
    fn next(&mut self, [open, close]: [f64; 2]) -> Option<[f64; 1]> {
        let up = self.up.push(Sum((close - open).max(0.0)));
        let down = self.down.push(Sum((open - close).max(0.0)))?.0;
        let up = up?.0;
        Some([if up + down > 0.0 {
            100.0 * (up / (up + down))
        } else {
            50.0
        }])
    }
}

pub const IMI: Definition = Definition {
    range: Some((0.0, 100.0)),
    ..define(
        "imi",
        Group::Momentum,
        "Intraday momentum index (Chande): 100 gains / (gains + losses) from open to close over `period` bars; 50 where nothing moved.",
        &[OPEN, CLOSE],
        &[period(2, 14)],
        |p| p.n(0) - 1,
        |p| {
            node(Imi {
                up: Window::new(p.n(0)),
                down: Window::new(p.n(0)),
            })
        },
    )
};
