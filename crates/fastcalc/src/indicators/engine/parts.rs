//! Small pieces that many indicators are made of.

use super::{Chain, Common, Part, Recurrence, State, Words, state};
use crate::simd::Eight;

/// Weight of the latest row in an exponential average of `period` rows.
#[inline(always)]
pub fn ema_weight(period: usize) -> f64 {
    2.0 / (period as f64 + 1.0)
}

/// Exponential moving average with weight 2 / (period + 1) or another.
///
/// Averages what is above the first row: a series that never moves has an average that never moves.
#[derive(Debug, Clone)]
pub struct Ema {
    /// Rows averaged for the first value.
    seed: usize,
    seen: usize,
    origin: f64,
    sum: f64,
    average: Recurrence,
}
state!(Ema: seen, origin, sum, average);

impl Ema {
    /// Starts as the mean of the first `period` rows (TA-Lib).
    pub fn new(period: usize) -> Self {
        Self::with_weight(ema_weight(period), period)
    }

    /// Starts as the first row.
    pub fn from_first(period: usize) -> Self {
        Self::with_weight(ema_weight(period), 1)
    }

    /// Any weight from 0 to 1 and length of the first mean.
    pub fn with_weight(weight: f64, seed: usize) -> Self {
        Ema {
            seed,
            seen: 0,
            origin: 0.0,
            sum: 0.0,
            average: Recurrence::new(1.0 - weight, weight),
        }
    }

    /// Takes a row; the average once it has started.
    #[inline]
    pub fn push(&mut self, row: f64) -> Option<f64> {
        if self.seen >= self.seed {
            return Some(self.average.push(row - self.origin) + self.origin);
        }
        if self.seen == 0 {
            self.origin = row;
        }
        self.sum += row - self.origin;
        self.seen += 1;
        if self.seen < self.seed {
            return None;
        }
        let first = self.sum / self.seed as f64;
        self.average.start(first);
        Some(first + self.origin)
    }

    /// Whether the average has a value at the next row, whatever it is, and can take rows by the block.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.seen >= self.seed && self.average.is_ahead()
    }

    /// Takes rows once it [is warm](Self::is_warm).
    #[inline(always)]
    pub fn block<V: Eight>(&mut self, rows: &[f64], out: &mut [f64]) {
        self.average.block::<V>(rows, out, self.origin);
    }

    /// The latest average.
    #[inline(always)]
    pub fn value(&self) -> f64 {
        self.average.value() + self.origin
    }

    /// For rows by the eight once it [is warm](Self::is_warm); to be [settled](Self::settle).
    #[inline(always)]
    pub fn chain<V: Eight>(&self) -> EmaChain<V> {
        EmaChain {
            origin: V::splat(self.origin),
            chain: self.average.chain(),
        }
    }

    /// Takes what a chain has come to.
    #[inline(always)]
    pub fn settle<V: Eight>(&mut self, chain: EmaChain<V>) {
        self.average.settle(chain.chain);
    }
}

impl Common<1, 1> for Ema {
    fn part(&self) -> Part {
        Part::Ema(self.average.weight().to_bits())
    }

    /// Of rows once it [is warm](Self::is_warm).
    #[inline(always)]
    fn make<V: Eight>(&mut self, [rows]: [&[f64]; 1], [out]: [&mut [f64]; 1]) {
        self.block::<V>(rows, out);
    }
}

/// An [`Ema`] eight rows at a time.
#[derive(Clone, Copy)]
pub struct EmaChain<V> {
    origin: V,
    chain: Chain<V>,
}

impl<V: Eight> EmaChain<V> {
    /// The next eight averages.
    #[inline(always)]
    pub fn next(&mut self, rows: V) -> V {
        self.chain.next(rows - self.origin) + self.origin
    }
}

/// Wilder's smoothing, the mean of the first `period` rows to begin with.
#[derive(Debug, Clone)]
pub struct Wilder {
    period: usize,
    seen: usize,
    sum: f64,
    average: Recurrence,
}
state!(Wilder: seen, sum, average);

impl Wilder {
    /// Smooths with weight 1 / `period`.
    pub fn new(period: usize) -> Self {
        let n = period as f64;
        Wilder {
            period,
            seen: 0,
            sum: 0.0,
            average: Recurrence::new((n - 1.0) / n, 1.0 / n),
        }
    }

    /// Takes a row; the average once `period` rows are in.
    #[inline]
    pub fn push(&mut self, row: f64) -> Option<f64> {
        if self.seen >= self.period {
            return Some(self.average.push(row));
        }
        self.sum += row;
        self.seen += 1;
        if self.seen < self.period {
            return None;
        }
        let first = self.sum / self.period as f64;
        self.average.start(first);
        Some(first)
    }

    /// Whether the average has a value at the next row, whatever it is, and can take rows by the block.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.seen >= self.period && self.average.is_ahead()
    }

    /// Takes rows once it [is warm](Self::is_warm).
    #[inline(always)]
    pub fn block<V: Eight>(&mut self, rows: &[f64], out: &mut [f64]) {
        self.average.block::<V>(rows, out, 0.0);
    }

    /// For rows by the eight once it [is warm](Self::is_warm); to be [settled](Self::settle).
    #[inline(always)]
    pub fn chain<V: Eight>(&self) -> Chain<V> {
        self.average.chain()
    }

    /// Takes what a chain has come to.
    #[inline(always)]
    pub fn settle<V: Eight>(&mut self, chain: Chain<V>) {
        self.average.settle(chain);
    }
}

/// The value of `rows` rows ago.
#[derive(Debug, Clone)]
pub struct Delay {
    slots: Vec<f64>,
    at: usize,
    full: bool,
}

impl Delay {
    /// Delays by `rows`, at least 1.
    pub fn new(rows: usize) -> Self {
        Delay {
            slots: vec![0.0; rows.max(1)],
            at: 0,
            full: false,
        }
    }

    /// Takes a row and gives the one `rows` before it.
    #[inline]
    pub fn push(&mut self, row: f64) -> Option<f64> {
        let old = std::mem::replace(&mut self.slots[self.at], row);
        let ready = self.full;
        self.at += 1;
        if self.at == self.slots.len() {
            self.at = 0;
            self.full = true;
        }
        ready.then_some(old)
    }
}

impl State for Delay {
    fn save(&self, words: &mut Vec<f64>) {
        self.slots.save(words);
        self.at.save(words);
        self.full.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.slots.load(words);
        self.at.load(words);
        self.at = self.at.min(self.slots.len() - 1);
        self.full.load(words);
    }
}

/// The last `period` rows themselves, oldest first, in one piece.
#[derive(Debug, Clone)]
pub struct Last {
    /// Every row is kept twice, a window apart, so that no window wraps around.
    slots: Vec<f64>,
    at: usize,
    full: bool,
}

impl Last {
    /// An empty window; `period` at least 1.
    pub fn new(period: usize) -> Self {
        Last {
            slots: vec![0.0; 2 * period.max(1)],
            at: 0,
            full: false,
        }
    }

    /// Takes a row; the window once it is full.
    #[inline]
    pub fn push(&mut self, row: f64) -> Option<&[f64]> {
        let period = self.slots.len() / 2;
        self.slots[self.at] = row;
        self.slots[self.at + period] = row;
        self.at += 1;
        let start = self.at;
        if self.at == period {
            self.at = 0;
            self.full = true;
        }
        self.full.then(|| &self.slots[start..start + period])
    }
}

impl State for Last {
    fn save(&self, words: &mut Vec<f64>) {
        self.slots.save(words);
        self.at.save(words);
        self.full.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.slots.load(words);
        self.at.load(words);
        self.at = self.at.min(self.slots.len() / 2 - 1);
        self.full.load(words);
    }
}
