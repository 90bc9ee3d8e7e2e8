//! Rows of sliding extremes, a block of rows at a time, put together as [`Sliding`](super::Sliding) is.

use super::sliding::{Combine, Higher, Lower, fill};
use super::sliding_pair::extended;
use super::{State, Track, Words, lanes};
use std::marker::PhantomData;

/// Whether the later of two values is the extreme of both; of equals it is.
pub trait Extreme: Combine {
    /// Whether `later` wins.
    fn later_wins(earlier: f64, later: f64) -> bool;
}

impl Extreme for Higher {
    #[inline(always)]
    fn later_wins(earlier: f64, later: f64) -> bool {
        later >= earlier
    }
}

impl Extreme for Lower {
    #[inline(always)]
    fn later_wins(earlier: f64, later: f64) -> bool {
        later <= earlier
    }
}

/// How many rows ago the extreme of the last `period` rows was, the latest of equals.
#[derive(Debug, Clone)]
pub struct SlidingPlace<E> {
    period: usize,
    /// Extremes of stretches of 1, 2, 4 … rows and their distance from the last row.
    levels: Vec<[Track; 2]>,
    seen: usize,
    what: PhantomData<E>,
}

impl<E: Extreme> SlidingPlace<E> {
    /// Of `period` rows, at least 1.
    pub fn new(period: usize) -> Self {
        let period = period.max(1);
        let top = period.ilog2();
        let levels = (0..=top).map(|bit| {
            let width = 1 << bit;
            let keep = if bit < top { width } else { period - width };
            [Track::new(keep), Track::new(keep)]
        });
        SlidingPlace {
            period,
            levels: levels.collect(),
            seen: 0,
            what: PhantomData,
        }
    }

    /// Whether the window is whole at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.seen + 1 >= self.period
    }

    /// Takes a row; the distance once the window is whole.
    #[inline]
    pub fn push(&mut self, row: f64) -> Option<f64> {
        let warm = self.is_warm();
        let mut out = [0.0];
        self.block(&[row], &mut out);
        warm.then_some(out[0])
    }

    /// Takes rows; what comes before the window is whole means nothing.
    #[inline(always)]
    pub fn block(&mut self, rows: &[f64], out: &mut [f64]) {
        let n = out.len();
        self.seen = self.period.min(self.seen + n);
        let [values, places] = &mut self.levels[0];
        fill(values, &rows[..n]);
        let keep = places.keep();
        places.extend(n)[keep..].fill(0.0);
        for at in 1..self.levels.len() {
            let (from, to) = self.levels.split_at_mut(at);
            let [values, places] = &from[at - 1];
            let width = 1 << (at - 1);
            let (v0, v1) = (values.delayed(n, width), values.delayed(n, 0));
            let (p0, p1) = (places.delayed(n, width), places.delayed(n, 0));
            let [v, p] = extended(&mut to[0], n);
            let width = width as f64;
            lanes([v0, v1, p0, p1], [v, p], |[v0, v1, p0, p1]| {
                let (later, p0) = (E::later_wins(v0, v1), p0 + width);
                [if later { v1 } else { v0 }, if later { p1 } else { p0 }]
            });
        }
        let [values, places] = self.levels.last().expect("at least one");
        let rest = self.period - (1 << (self.levels.len() - 1));
        let (v0, v1) = (values.delayed(n, rest), values.delayed(n, 0));
        let (p0, p1) = (places.delayed(n, rest), places.delayed(n, 0));
        let rest = rest as f64;
        lanes([v0, v1, p0, p1], [out], |[v0, v1, p0, p1]| {
            let p0 = p0 + rest;
            [if E::later_wins(v0, v1) { p1 } else { p0 }]
        });
    }
}

impl<E> State for SlidingPlace<E> {
    fn save(&self, words: &mut Vec<f64>) {
        self.seen.save(words);
        self.levels.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.seen.load(words);
        self.levels.load(words);
    }
}
