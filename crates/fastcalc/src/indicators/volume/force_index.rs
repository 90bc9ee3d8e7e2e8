//! Force index.

use crate::indicators::prelude::*;

struct ForceIndex {
    previous: Option<f64>,
    average: Ema,
}
state!(ForceIndex: previous, average);

impl Kernel<2, 1> for ForceIndex {
    #[inline]
    fn next(&mut self, [close, volume]: [f64; 2]) -> Option<[f64; 1]> {
        let change = close - self.previous.replace(close)?;
        self.average.push(change * volume).map(|v| [v])
    }
}

pub const FORCE_INDEX: Definition = define(
    "force_index",
    Group::Volume,
    "Force index (Elder 1993): EMA of the change of the close times volume.",
    &[CLOSE, VOLUME],
    &[period(1, 13)],
    |p| p.n(0),
    |p| {
        node(ForceIndex {
            previous: None,
            average: Ema::new(p.n(0)),
        })
    },
);
