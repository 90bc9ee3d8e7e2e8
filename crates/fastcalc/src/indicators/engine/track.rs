//! A series of which the last values are at hand, in one piece with those that follow.

use super::block_columns::{LINE, before_line};
use super::{State, Words};

/// The last `keep` values of a series; new ones are written behind them, so that a loop over a block
/// of rows can look back without wrapping around.
#[derive(Debug, Clone)]
pub struct Track {
    slots: Vec<f64>,
    keep: usize,
    /// Values up to here; the last `keep` of them count.
    end: usize,
}

/// Fewest values that can be added before the kept ones are moved to the front again.
const SLACK: usize = 32;

impl Track {
    /// All zero so far.
    pub fn new(keep: usize) -> Self {
        Track {
            slots: vec![0.0; keep + keep.max(SLACK)],
            keep,
            end: keep,
        }
    }

    /// Room for `rows` new values, which the caller writes; the kept ones stand before them.
    /// Index `keep + row` of the slice is the new value of that row.
    #[inline(always)]
    pub fn extend(&mut self, rows: usize) -> &mut [f64] {
        self.reserve(rows);
        let start = self.end - self.keep;
        self.end += rows;
        &mut self.slots[start..start + self.keep + rows]
    }

    /// Keeps the last of the rows, which are not fewer, and forgets all that was before.
    #[inline(always)]
    pub fn replace(&mut self, rows: &[f64]) {
        self.end = self.keep;
        self.slots[..self.keep].copy_from_slice(&rows[rows.len() - self.keep..]);
    }

    /// The value `rows` rows ago, at least 1 and at most as many as are kept.
    #[inline(always)]
    pub fn back(&self, rows: usize) -> f64 {
        self.slots[self.end - rows]
    }

    /// Sees to it that so many new values can be added without moving those that are there.
    #[inline(always)]
    pub fn reserve(&mut self, rows: usize) {
        if self.end + rows > self.slots.len() {
            self.restart(rows);
        }
    }

    /// How many values are kept.
    #[inline(always)]
    pub fn keep(&self) -> usize {
        self.keep
    }

    /// The values of the last `rows` rows as they were `delay` rows before.
    #[inline(always)]
    pub fn delayed(&self, rows: usize, delay: usize) -> &[f64] {
        &self.slots[self.end - rows - delay..self.end - delay]
    }

    #[inline(never)]
    fn restart(&mut self, rows: usize) {
        let least = self.keep + LINE - 1 + rows.max(self.keep).max(SLACK);
        if self.slots.len() < least {
            self.slots.resize(least, 0.0);
        }
        // New values begin with a line of the cache: vectors of eight of them then lie in one line, and so do
        // those of 8, 16, 24 … rows before.
        let line = before_line(&self.slots);
        let start = (line + LINE - self.keep % LINE) % LINE;
        self.slots
            .copy_within(self.end - self.keep..self.end, start);
        self.end = start + self.keep;
    }
}

impl State for Track {
    fn save(&self, words: &mut Vec<f64>) {
        words.extend_from_slice(&self.slots[self.end - self.keep..self.end]);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.end = self.keep;
        for slot in &mut self.slots[..self.keep] {
            *slot = words.take();
        }
    }
}
