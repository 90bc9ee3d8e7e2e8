//! Heikin-Ashi candles.

use crate::indicators::prelude::*;

struct HeikinAshi {
    body: Option<[f64; 2]>,
}
state!(HeikinAshi: body);

impl Kernel<4, 4> for HeikinAshi {
    #[inline]
    fn next(&mut self, [open, high, low, close]: [f64; 4]) -> Option<[f64; 4]> {
        let [open0, close0] = self.body.unwrap_or([open, close]);
        let ha_open = (open0 + close0) / 2.0;
        let ha_close = (open + high + low + close) / 4.0;
        self.body = Some([ha_open, ha_close]);
        Some([
            ha_open,
            high.max(ha_open).max(ha_close),
            low.min(ha_open).min(ha_close),
            ha_close,
        ])
    }
}

pub const HEIKIN_ASHI: Definition = Definition {
    outputs: &["open", "high", "low", "close"],
    ..define(
        "heikin_ashi",
        Group::Overlap,
        "Heikin-Ashi candles (Valcu 2004): close = mean of the bar, open = middle of the body before, starting as the middle of the first body.",
        &[OPEN, HIGH, LOW, CLOSE],
        &[],
        |_| 0,
        |_| node(HeikinAshi { body: None }),
    )
};
