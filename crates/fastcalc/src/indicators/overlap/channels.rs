//! Channels: Donchian, Keltner, chandelier.

use super::moving_average::{MovingAverage, ma_lookback, ma_type};
use crate::indicators::prelude::*;
use crate::indicators::volatility::atr::Atr;

struct Range {
    highest: Window<Max>,
    lowest: Window<Min>,
}
state!(Range: highest, lowest);

impl Range {
    fn new(period: usize) -> Self {
        Range {
            highest: Window::new(period),
            lowest: Window::new(period),
        }
    }

    #[inline]
    fn push(&mut self, high: f64, low: f64) -> Option<[f64; 2]> {
        let highest = self.highest.push(Max(high));
        let lowest = self.lowest.push(Min(low));
        Some([highest?.0, lowest?.0])
    }
}

struct Donchian(Range);

impl State for Donchian {
    fn save(&self, words: &mut Vec<f64>) {
        self.0.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.0.load(words);
    }
}

impl Kernel<2, 3> for Donchian {
    #[inline]
    fn next(&mut self, [high, low]: [f64; 2]) -> Option<[f64; 3]> {
        self.0
            .push(high, low)
            .map(|[up, down]| [up, (up + down) / 2.0, down])
    }
}

const BANDS: &[&str] = &["upperband", "middleband", "lowerband"];

pub const DONCHIAN: Definition = Definition {
    outputs: BANDS,
    ..define(
        "donchian",
        Group::Overlap,
        "Donchian channel (Donchian 1960): highest high and lowest low of the last `period` rows, this one included, and their middle.",
        &[HIGH, LOW],
        &[period(1, 20)],
        |p| p.n(0) - 1,
        |p| node(Donchian(Range::new(p.n(0)))),
    )
};

struct Keltner {
    average: MovingAverage,
    range: Atr,
    multiple: f64,
}
state!(Keltner: average, range);

impl Kernel<3, 3> for Keltner {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 3]> {
        let average = self.average.push(close);
        let width = self.multiple * self.range.push(high, low, close)?;
        average.map(|middle| [middle + width, middle, middle - width])
    }
}

pub const KELTNER: Definition = Definition {
    outputs: BANDS,
    ..define(
        "keltner",
        Group::Overlap,
        "Keltner channel (Keltner 1960; Raschke): a moving average of the close, EMA by default, plus and minus a multiple of ATR.",
        &[HIGH, LOW, CLOSE],
        &[
            period(1, 20),
            whole("atrperiod", 1, 10),
            real("multiplier", 0.0, 1e6, 2.0),
            ma_type("matype", 1),
        ],
        |p| ma_lookback(p.n(0), p.n(3)).max(p.n(1)),
        |p| {
            node(Keltner {
                average: MovingAverage::new(p.n(0), p.n(3)),
                range: Atr::new(p.n(1)),
                multiple: p.x(2),
            })
        },
    )
};

struct Chandelier {
    window: Range,
    range: Atr,
    multiple: f64,
}
state!(Chandelier: window, range);

impl Kernel<3, 2> for Chandelier {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 2]> {
        let window = self.window.push(high, low);
        let width = self.multiple * self.range.push(high, low, close)?;
        window.map(|[up, down]| [up - width, down + width])
    }
}

pub const CHANDELIER: Definition = Definition {
    outputs: &["long", "short"],
    ..define(
        "chandelier",
        Group::Overlap,
        "Chandelier exit (Le Beau): highest high minus a multiple of ATR for longs, lowest low plus it for shorts.",
        &[HIGH, LOW, CLOSE],
        &[period(1, 22), real("multiplier", 0.0, 1e6, 3.0)],
        |p| p.n(0),
        |p| {
            node(Chandelier {
                window: Range::new(p.n(0)),
                range: Atr::new(p.n(0)),
                multiple: p.x(1),
            })
        },
    )
};
