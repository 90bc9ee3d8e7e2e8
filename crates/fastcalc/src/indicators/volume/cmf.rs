//! Chaikin money flow.

use super::ad::money_flow;
use crate::indicators::prelude::*;

struct Cmf {
    flow: Window<Sum>,
    volume: Window<Sum>,
}
state!(Cmf: flow, volume);

impl Kernel<4, 1> for Cmf {
    #[inline]
    fn next(&mut self, row: [f64; 4]) -> Option<[f64; 1]> {
        let flow = self.flow.push(Sum(money_flow(row)));
        let volume = self.volume.push(Sum(row[3]))?.0;
        let flow = flow?.0;
        Some([if volume > 0.0 { flow / volume } else { 0.0 }])
    }
}

pub const CMF: Definition = Definition {
    range: Some((-1.0, 1.0)),
    ..define(
        "cmf",
        Group::Volume,
        "Chaikin money flow: volume ((close - low) - (high - close)) / (high - low) over volume, both summed over `period` rows; \
     0 where nothing was traded.",
        &[HIGH, LOW, CLOSE, VOLUME],
        &[period(1, 20)],
        |p| p.n(0) - 1,
        |p| {
            node(Cmf {
                flow: Window::new(p.n(0)),
                volume: Window::new(p.n(0)),
            })
        },
    )
};
