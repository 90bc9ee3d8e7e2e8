//! Small pieces that many indicators are made of.

use super::{State, Words, state};

/// Exponential moving average with weight 2 / (period + 1) or another.
#[derive(Debug, Clone)]
pub struct Ema {
    weight: f64,
    /// Rows averaged for the first value.
    seed: usize,
    seen: usize,
    value: f64,
}
state!(Ema: seen, value);

impl Ema {
    /// Starts as the mean of the first `period` rows (TA-Lib).
    pub fn new(period: usize) -> Self {
        Self::with_weight(2.0 / (period as f64 + 1.0), period)
    }

    /// Starts as the first row.
    pub fn from_first(period: usize) -> Self {
        Self::with_weight(2.0 / (period as f64 + 1.0), 1)
    }

    /// Any weight and length of the first mean.
    pub fn with_weight(weight: f64, seed: usize) -> Self {
        Ema {
            weight,
            seed,
            seen: 0,
            value: 0.0,
        }
    }

    /// Takes a row; the average once it has started.
    #[inline]
    pub fn push(&mut self, row: f64) -> Option<f64> {
        if self.seen >= self.seed {
            self.value += self.weight * (row - self.value);
            return Some(self.value);
        }
        self.value += row;
        self.seen += 1;
        if self.seen < self.seed {
            return None;
        }
        self.value /= self.seed as f64;
        Some(self.value)
    }
}

/// Wilder's smoothing, the mean of the first `period` rows to begin with, or the plain mean.
#[derive(Debug, Clone)]
pub struct Wilder {
    period: usize,
    seen: usize,
    value: f64,
}
state!(Wilder: seen, value);

impl Wilder {
    /// Smooths with weight 1 / `period`.
    pub fn new(period: usize) -> Self {
        Wilder {
            period,
            seen: 0,
            value: 0.0,
        }
    }

    /// Takes a row; the average once `period` rows are in.
    #[inline]
    pub fn push(&mut self, row: f64) -> Option<f64> {
        let n = self.period as f64;
        if self.seen >= self.period {
            self.value = (self.value * (n - 1.0) + row) / n;
            return Some(self.value);
        }
        self.value += row;
        self.seen += 1;
        if self.seen < self.period {
            return None;
        }
        self.value /= n;
        Some(self.value)
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
