//! Average true range.

use super::trange::TrueRange;
use crate::indicators::overlap::sma::Sma;
use crate::indicators::prelude::*;

/// Averaged by Wilder's smoothing or plainly.
#[derive(Debug, Clone)]
enum Average {
    Wilder(Wilder),
    Simple(Sma),
}

/// Average true range.
#[derive(Debug, Clone)]
pub struct Atr {
    range: TrueRange,
    average: Average,
}

impl State for Atr {
    fn save(&self, words: &mut Vec<f64>) {
        self.range.save(words);
        match &self.average {
            Average::Wilder(average) => average.save(words),
            Average::Simple(average) => average.save(words),
        }
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.range.load(words);
        match &mut self.average {
            Average::Wilder(average) => average.load(words),
            Average::Simple(average) => average.load(words),
        }
    }
}

impl Atr {
    /// With Wilder's smoothing.
    pub fn new(period: usize) -> Self {
        Atr {
            range: TrueRange::default(),
            average: Average::Wilder(Wilder::new(period)),
        }
    }

    /// With a simple average.
    pub fn simple(period: usize) -> Self {
        Atr {
            range: TrueRange::default(),
            average: Average::Simple(Sma::new(period)),
        }
    }

    /// Takes a row.
    #[inline]
    pub fn push(&mut self, high: f64, low: f64, close: f64) -> Option<f64> {
        let range = self.range.push(high, low, close)?;
        match &mut self.average {
            Average::Wilder(average) => average.push(range),
            Average::Simple(average) => average.push(range),
        }
    }
}

impl Atr {
    /// Whether there is a value at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.range.is_warm()
            && match &self.average {
                Average::Wilder(average) => average.is_warm(),
                Average::Simple(average) => average.is_warm(),
            }
    }

    /// Takes rows once it [is warm](Self::is_warm).
    #[inline(always)]
    pub fn block<V: Eight>(&mut self, bars: [&[f64]; 3], out: &mut [f64], work: &mut [f64]) {
        let n = out.len();
        let mut ranges = self.range.chain::<V>();
        match &mut self.average {
            Average::Wilder(average) => {
                let mut chain = average.chain::<V>();
                let mut rows = Eights::new(bars, [out]);
                while let Some(bars) = rows.read::<V>() {
                    rows.write([chain.next(ranges.next(bars))]);
                }
                average.settle(chain);
            }
            Average::Simple(average) => {
                let work = &mut work[..n];
                let mut rows = Eights::new(bars, [&mut *work]);
                while let Some(bars) = rows.read::<V>() {
                    rows.write([ranges.next(bars)]);
                }
                average.block::<V>(work, out);
            }
        }
        self.range.settle(&bars[2][..n]);
    }
}

impl Kernel<3, 1> for Atr {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 1]> {
        self.push(high, low, close).map(|v| [v])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 3], outputs: [&mut [f64]; 1], work: &mut Work) {
        let (bars, [out]) = settled_by_eights(self, inputs, outputs, Atr::is_warm);
        let [work, ..] = work.columns();
        Atr::block::<V>(self, bars, out, work);
    }
}

pub const ATR: Definition = Definition {
    range: Some((0.0, f64::INFINITY)),
    ..define(
        "atr",
        Group::Volatility,
        "Average true range (Wilder 1978): his smoothing of the true range, or with smoothing=simple its mean.",
        &[HIGH, LOW, CLOSE],
        &[period(1, 14), choice("smoothing", &["wilder", "simple"])],
        |p| p.n(0),
        |p| {
            node(if p.n(1) == 0 {
                Atr::new(p.n(0))
            } else {
                Atr::simple(p.n(0))
            })
        },
    )
};

struct Natr(Atr);

impl State for Natr {
    fn save(&self, words: &mut Vec<f64>) {
        self.0.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.0.load(words);
    }
}

impl Kernel<3, 1> for Natr {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 1]> {
        let range = self.0.push(high, low, close)?;
        Some([if close == 0.0 {
            0.0
        } else {
            range / close * 100.0
        }])
    }
}

pub const NATR: Definition = define(
    "natr",
    Group::Volatility,
    "Average true range in percent of the close, also for a period of 1 (TA-Lib gives the range itself); 0 where the close is 0.",
    &[HIGH, LOW, CLOSE],
    &[period(1, 14)],
    |p| p.n(0),
    |p| node(Natr(Atr::new(p.n(0)))),
);
