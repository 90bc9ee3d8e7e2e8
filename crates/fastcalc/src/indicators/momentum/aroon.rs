//! Aroon.

use crate::indicators::prelude::*;

struct Aroon {
    highest: Window<Highest>,
    lowest: Window<Lowest>,
    row: f64,
    period: f64,
}
state!(Aroon: highest, lowest, row);

impl Aroon {
    fn new(period: usize) -> Self {
        Aroon {
            highest: Window::new(period + 1),
            lowest: Window::new(period + 1),
            row: 0.0,
            period: period as f64,
        }
    }

    #[inline]
    fn push(&mut self, high: f64, low: f64) -> Option<[f64; 2]> {
        let row = self.row;
        self.row += 1.0;
        let highest = self.highest.push(Highest { value: high, row });
        let lowest = self.lowest.push(Lowest { value: low, row });
        let place = |at: f64| 100.0 * (self.period - (row - at)) / self.period;
        Some([place(lowest?.row), place(highest?.row)])
    }
}

impl Kernel<2, 2> for Aroon {
    #[inline]
    fn next(&mut self, [high, low]: [f64; 2]) -> Option<[f64; 2]> {
        self.push(high, low)
    }
}

impl Kernel<2, 1> for Aroon {
    #[inline]
    fn next(&mut self, [high, low]: [f64; 2]) -> Option<[f64; 1]> {
        self.push(high, low).map(|[down, up]| [up - down])
    }
}

pub const AROON: Definition = Definition {
    outputs: &["aroondown", "aroonup"],
    range: Some((0.0, 100.0)),
    ..define(
        "aroon",
        Group::Momentum,
        "Aroon (Chande 1995): how recent the lowest low and the highest high of `period` + 1 rows are, 100 for the latest row.",
        &[HIGH, LOW],
        &[period(2, 14)],
        |p| p.n(0),
        |p| node::<_, 2, 2>(Aroon::new(p.n(0))),
    )
};

pub const AROONOSC: Definition = Definition {
    range: Some((-100.0, 100.0)),
    ..define(
        "aroonosc",
        Group::Momentum,
        "Aroon oscillator: Aroon up minus Aroon down.",
        &[HIGH, LOW],
        &[period(2, 14)],
        |p| p.n(0),
        |p| node::<_, 2, 1>(Aroon::new(p.n(0))),
    )
};
