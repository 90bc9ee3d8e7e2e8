//! Accumulation and distribution.

use crate::indicators::prelude::*;

/// Volume, counted by where in the bar the close is: -1 at the low, 1 at the high.
#[inline(always)]
pub fn money_flow([high, low, close, volume]: [f64; 4]) -> f64 {
    let range = high - low;
    let flow = ((close - low) - (high - close)) / range * volume;
    if range > 0.0 { flow } else { 0.0 }
}

/// [`money_flow`] of eight rows.
#[inline(always)]
fn money_flows<V: Eight>([high, low, close, volume]: [V; 4]) -> V {
    let range = high - low;
    let flow = ((close - low) - (high - close)) / range * volume;
    range.where_above(V::splat(0.0), flow, V::splat(0.0))
}

/// The accumulation/distribution line.
struct Line {
    sum: Recurrence,
    /// Rows ahead that memory is asked for.
    ahead: usize,
    /// Of how many columns.
    asked: usize,
}
state!(Line: sum);

impl Line {
    fn new() -> Self {
        Line {
            sum: Recurrence::new(1.0, 1.0),
            ahead: 0,
            asked: 0,
        }
    }
}

impl Common<4, 1> for Line {
    fn part(&self) -> Part {
        Part::Line
    }

    /// Of bars by the eight, once the sum [is ahead](Recurrence::is_ahead).
    #[inline(always)]
    fn make<V: Eight>(&mut self, bars: [&[f64]; 4], [out]: [&mut [f64]; 1]) {
        let mut sum = self.sum.sum_chain::<V>();
        let mut rows = Eights::new(bars, [out]).asking_ahead(self.ahead, self.asked);
        while let Some(bars) = rows.read::<V>() {
            rows.write([sum.next(money_flows(bars))]);
        }
        self.sum.settle_sum(sum);
    }
}

impl Kernel<4, 1> for Line {
    #[inline]
    fn next(&mut self, row: [f64; 4]) -> Option<[f64; 1]> {
        Some([self.sum.push(money_flow(row))])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 4], outputs: [&mut [f64]; 1], work: &mut Work) {
        let (bars, [out]) = settled_by_eights(self, inputs, outputs, |k| k.sum.is_ahead());
        (self.ahead, self.asked) = (work.ahead(), bars.len());
        let bars = bars.map(|column| &column[..out.len()]);
        if work.shares() {
            let slot = work.part(self, Of::Rows(bars));
            let [line] = work.part_columns(slot);
            out.copy_from_slice(line);
            return;
        }
        self.make::<V>(bars, [out]);
    }
}

pub const AD: Definition = Definition {
    gap: Gap::PassOver,
    asking: Asking::Both,
    part: |_| Some(Part::Line),
    ..define(
        "ad",
        Group::Volume,
        "Accumulation/distribution line (Chaikin): running sum of volume ((close - low) - (high - close)) / (high - low).",
        &[HIGH, LOW, CLOSE, VOLUME],
        &[],
        |_| 0,
        |_| node(Line::new()),
    )
};

struct Adosc {
    line: Line,
    /// The line at its first row, where both averages start; they are of what is above it.
    origin: Option<f64>,
    fast: Recurrence,
    slow: Recurrence,
    wait: usize,
}
state!(Adosc: line, origin, fast, slow, wait);

impl Adosc {
    fn new(fast: usize, slow: usize) -> Self {
        let average = |period: usize| {
            let weight = ema_weight(period);
            Recurrence::new(1.0 - weight, weight)
        };
        Adosc {
            line: Line::new(),
            origin: None,
            fast: average(fast),
            slow: average(slow),
            wait: fast.max(slow) - 1,
        }
    }
}

impl Kernel<4, 1> for Adosc {
    #[inline]
    fn next(&mut self, row: [f64; 4]) -> Option<[f64; 1]> {
        let sum = self.line.sum.push(money_flow(row));
        let apart = if let Some(origin) = self.origin {
            let above = sum - origin;
            self.fast.push(above) - self.slow.push(above)
        } else {
            self.origin = Some(sum);
            self.fast.start(0.0);
            self.slow.start(0.0);
            0.0
        };
        if self.wait > 0 {
            self.wait -= 1;
            return None;
        }
        Some([apart])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 4], outputs: [&mut [f64]; 1], work: &mut Work) {
        let (bars, [out]) = settled_by_eights(self, inputs, outputs, |k| {
            k.wait == 0 && k.line.sum.is_ahead() && k.fast.is_ahead() && k.slow.is_ahead()
        });
        // Each of both loops asks for half of the columns.
        let ahead = work.ahead();
        (self.line.ahead, self.line.asked) = (ahead, 2);
        let bars = bars.map(|column| &column[..out.len()]);
        let slot = work.part(&mut self.line, Of::Rows(bars));
        let [line] = work.part_columns(slot);
        let origin = V::splat(self.origin.unwrap_or_default());
        let mut fast = self.fast.chain::<V>();
        let mut slow = self.slow.chain().beside(&fast);
        let [_, _, close, volume] = bars;
        let mut rows = Eights::new([close, volume, line], [out]).asking_ahead(ahead, 2);
        while let Some([_, _, line]) = rows.read::<V>() {
            let above = line - origin;
            rows.write([fast.next(above) - slow.next(above)]);
        }
        self.fast.settle(fast);
        self.slow.settle(slow);
    }
}

pub const ADOSC: Definition = Definition {
    asking: Asking::Indicator,
    part: |_| Some(Part::Line),
    ..define(
        "adosc",
        Group::Volume,
        "Chaikin oscillator: fast minus slow EMA of the accumulation/distribution line, both started at its first row.",
        &[HIGH, LOW, CLOSE, VOLUME],
        &[whole("fastperiod", 2, 3), whole("slowperiod", 2, 10)],
        |p| p.n(0).max(p.n(1)) - 1,
        |p| node(Adosc::new(p.n(0), p.n(1))),
    )
};
