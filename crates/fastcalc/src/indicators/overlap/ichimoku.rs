//! Ichimoku cloud.

use crate::indicators::prelude::*;

struct Middle {
    highest: Window<Max>,
    lowest: Window<Min>,
}
state!(Middle: highest, lowest);

impl Middle {
    fn new(period: usize) -> Self {
        Middle {
            highest: Window::new(period),
            lowest: Window::new(period),
        }
    }

    #[inline]
    fn push(&mut self, high: f64, low: f64) -> Option<f64> {
        let highest = self.highest.push(Max(high));
        let lowest = self.lowest.push(Min(low));
        Some((highest?.0 + lowest?.0) / 2.0)
    }
}

struct Ichimoku {
    lines: [Middle; 3],
    spans: [Delay; 2],
}
state!(Ichimoku: lines, spans);

impl Kernel<2, 4> for Ichimoku {
    fn next(&mut self, [high, low]: [f64; 2]) -> Option<[f64; 4]> {
        let [conversion, base, slow] = &mut self.lines;
        let conversion = conversion.push(high, low);
        let base = base.push(high, low);
        let slow = slow.push(high, low);
        let [span_a, span_b] = &mut self.spans;
        let mean = conversion.zip(base).map(|(a, b)| (a + b) / 2.0);
        let a = mean.and_then(|mean| span_a.push(mean));
        let b = slow.and_then(|slow| span_b.push(slow));
        let shown = [conversion, base, a, b];
        shown
            .iter()
            .any(Option::is_some)
            .then(|| shown.map(|v| v.unwrap_or(f64::NAN)))
    }
}

pub const ICHIMOKU: Definition = Definition {
    outputs: &["conversion", "base", "spana", "spanb"],
    ..define(
        "ichimoku",
        Group::Overlap,
        "Ichimoku cloud (Hosoda 1969): middles of three ranges; the spans stand where the chart draws them, `displacement` rows \
         after the rows they are made of. The lagging span is the close itself and left out.",
        &[HIGH, LOW],
        &[
            whole("conversion", 1, 9),
            whole("base", 1, 26),
            whole("spanb", 1, 52),
            whole("displacement", 1, 26),
        ],
        |p| p.n(0).min(p.n(1)).min(p.n(2) + p.n(3)) - 1,
        |p| {
            node(Ichimoku {
                lines: [
                    Middle::new(p.n(0)),
                    Middle::new(p.n(1)),
                    Middle::new(p.n(2)),
                ],
                spans: [Delay::new(p.n(3)), Delay::new(p.n(3))],
            })
        },
    )
};
