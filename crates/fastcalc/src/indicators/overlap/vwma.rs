//! Averages weighted by volume.

use crate::indicators::prelude::*;

struct Weighted {
    flow: Window<Sum>,
    volume: Window<Sum>,
}
state!(Weighted: flow, volume);

impl Weighted {
    fn new(period: usize) -> Self {
        Weighted {
            flow: Window::new(period),
            volume: Window::new(period),
        }
    }

    /// The price itself where nothing was traded.
    #[inline]
    fn push(&mut self, price: f64, volume: f64) -> Option<[f64; 1]> {
        let flow = self.flow.push(Sum(price * volume));
        let volume = self.volume.push(Sum(volume))?.0;
        let flow = flow?.0;
        Some([if volume > 0.0 { flow / volume } else { price }])
    }
}

impl Kernel<2, 1> for Weighted {
    #[inline]
    fn next(&mut self, [x, volume]: [f64; 2]) -> Option<[f64; 1]> {
        self.push(x, volume)
    }
}

impl Kernel<4, 1> for Weighted {
    #[inline]
    fn next(&mut self, [high, low, close, volume]: [f64; 4]) -> Option<[f64; 1]> {
        self.push((high + low + close) / 3.0, volume)
    }
}

pub const VWMA: Definition = define(
    "vwma",
    Group::Overlap,
    "Moving average weighted by volume; the price itself where nothing was traded.",
    &[Input::Real, VOLUME],
    &[period(1, 20)],
    |p| p.n(0) - 1,
    |p| node::<_, 2, 1>(Weighted::new(p.n(0))),
);

pub const ROLLING_VWAP: Definition = define(
    "rolling_vwap",
    Group::Overlap,
    "Volume-weighted average of the typical price of the last `period` rows; the price itself where nothing was traded.",
    &[HIGH, LOW, CLOSE, VOLUME],
    &[period(1, 50)],
    |p| p.n(0) - 1,
    |p| node::<_, 4, 1>(Weighted::new(p.n(0))),
);
