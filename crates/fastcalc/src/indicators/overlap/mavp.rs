//! Moving average with a period that varies.

use super::moving_average::{MovingAverage, ma_lookback, ma_type};
use crate::indicators::prelude::*;

/// One average per period that may be asked for.
struct Mavp {
    least: usize,
    averages: Vec<MovingAverage>,
    /// Rows until each average starts, so that all give their first value together (TA-Lib).
    waits: Vec<usize>,
}
state!(Mavp: averages, waits);

impl Mavp {
    fn new(least: usize, most: usize, ma_type: usize) -> Self {
        let longest = ma_lookback(most, ma_type);
        let wait = |period| longest - ma_lookback(period, ma_type);
        Mavp {
            least,
            averages: (least..=most)
                .map(|period| MovingAverage::new(period, ma_type))
                .collect(),
            waits: (least..=most).map(wait).collect(),
        }
    }
}

impl Kernel<2, 1> for Mavp {
    fn next(&mut self, [x, wanted]: [f64; 2]) -> Option<[f64; 1]> {
        let last = self.averages.len() - 1;
        // A cast saturates, so no period is out of bounds.
        let wanted = (wanted as usize).saturating_sub(self.least).min(last);
        let mut result = None;
        for (at, (average, wait)) in self.averages.iter_mut().zip(&mut self.waits).enumerate() {
            if *wait > 0 {
                *wait -= 1;
                continue;
            }
            let value = average.push(x);
            if at == wanted {
                result = value.map(|v| [v]);
            }
        }
        result
    }
}

/// Widest choice of periods: every one is kept up to date.
const MOST: usize = 1000;

const fn bounded(name: &'static str, default: usize) -> Param {
    Param {
        name,
        kind: ParamKind::Whole {
            least: 2,
            most: MOST,
        },
        default: default as f64,
    }
}

pub const MAVP: Definition = Definition {
    constraint: |p| (p.n(0) > p.n(1)).then_some(("minperiod", "at most maxperiod")),
    ..define(
        "mavp",
        Group::Overlap,
        "Moving average whose period is a series of its own, kept within minperiod and maxperiod.",
        &[Input::Real, Input::Real1],
        &[
            bounded("minperiod", 2),
            bounded("maxperiod", 30),
            ma_type("matype", 0),
        ],
        |p| ma_lookback(p.n(1), p.n(2)),
        |p| node(Mavp::new(p.n(0), p.n(1), p.n(2))),
    )
};
