//! Aroon.

use crate::indicators::prelude::*;

struct Aroon {
    highest: SlidingPlace<Higher>,
    lowest: SlidingPlace<Lower>,
    period: f64,
}
state!(Aroon: highest, lowest);

/// In percent, 100 for the latest row.
#[inline(always)]
fn recent(period: f64, rows_ago: f64) -> f64 {
    100.0 * (period - rows_ago) / period
}

impl Aroon {
    fn new(period: usize) -> Self {
        Aroon {
            highest: SlidingPlace::new(period + 1),
            lowest: SlidingPlace::new(period + 1),
            period: period as f64,
        }
    }

    #[inline]
    fn push(&mut self, high: f64, low: f64) -> Option<[f64; 2]> {
        let (highest, lowest) = (self.highest.push(high), self.lowest.push(low));
        Some([recent(self.period, lowest?), recent(self.period, highest?)])
    }

    #[inline(always)]
    fn lines(&mut self, [high, low]: [&[f64]; 2], [down, up]: [&mut [f64]; 2]) {
        self.lowest.block(low, down);
        self.highest.block(high, up);
        for line in [down, up] {
            for value in line.iter_mut() {
                *value = recent(self.period, *value);
            }
        }
    }
}

impl Kernel<2, 2> for Aroon {
    #[inline]
    fn next(&mut self, [high, low]: [f64; 2]) -> Option<[f64; 2]> {
        self.push(high, low)
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 2], outputs: [&mut [f64]; 2], _work: &mut Work) {
        let (bars, lines) = settled(self, inputs, outputs, |k| k.highest.is_warm());
        self.lines(bars, lines);
    }
}

impl Kernel<2, 1> for Aroon {
    #[inline]
    fn next(&mut self, [high, low]: [f64; 2]) -> Option<[f64; 1]> {
        self.push(high, low).map(|[down, up]| [up - down])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 2], outputs: [&mut [f64]; 1], work: &mut Work) {
        let (bars, [out]) = settled(self, inputs, outputs, |k| k.highest.is_warm());
        let [down, ..] = work.columns();
        let n = out.len();
        let down = &mut down[..n];
        self.lines(bars, [down, out]);
        for i in 0..n {
            out[i] -= down[i];
        }
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
