//! Sliding moments and lines, a block of rows at a time, put together as [`Sliding`](super::Sliding) is.
//!
//! A stretch is measured from its own first row. That origin lies inside every window it belongs to, so
//! an offset of any size cancels before anything is multiplied, and a spike that has left is forgotten.

use super::sliding::fill;
use super::{State, Track, Words, lanes, lanes_over};
use std::marker::PhantomData;

/// Two sums of a stretch, and how those of neighbours become one.
pub trait Shifted {
    /// Sums of a stretch of one row.
    fn of(row: f64) -> [f64; 2];
    /// Sums of both: `shift` is the later origin less the earlier, the widths are their rows.
    fn merge(earlier: [f64; 2], later: [f64; 2], shift: f64, widths: [f64; 2]) -> [f64; 2];
}

/// Sum and sum of squares of what is above the first row.
#[derive(Debug, Clone, Copy)]
pub struct Squares;

impl Shifted for Squares {
    #[inline(always)]
    fn of(_row: f64) -> [f64; 2] {
        [0.0; 2]
    }
    #[inline(always)]
    fn merge([s0, q0]: [f64; 2], [s1, q1]: [f64; 2], h: f64, [_, w1]: [f64; 2]) -> [f64; 2] {
        let sum = s1 + w1 * h;
        [s0 + sum, q0 + (q1 + h * (s1 + sum))]
    }
}

/// Mean and population variance, never negative, of a window's origin and sums; `share` is 1 / its rows.
#[inline(always)]
pub fn moments_of([origin, sum, squares]: [f64; 3], share: f64) -> [f64; 2] {
    let mean = sum * share;
    let variance = squares * share - mean * mean;
    [origin + mean, if variance > 0.0 { variance } else { 0.0 }]
}

/// Sum, and sum of row number (from 0) times value, of what is above the first row.
#[derive(Debug, Clone, Copy)]
pub struct Ramp;

impl Shifted for Ramp {
    #[inline(always)]
    fn of(_row: f64) -> [f64; 2] {
        [0.0; 2]
    }
    #[inline(always)]
    fn merge([s0, r0]: [f64; 2], [s1, r1]: [f64; 2], h: f64, [w0, w1]: [f64; 2]) -> [f64; 2] {
        let sum = s1 + w1 * h;
        let ramp = r1 + h * (w1 * (w1 - 1.0) * 0.5);
        [s0 + sum, r0 + (ramp + w0 * sum)]
    }
}

/// Sum, and sum with weights 1, 2, 3 …, of the rows themselves.
#[derive(Debug, Clone, Copy)]
pub struct Weighted;

impl Shifted for Weighted {
    #[inline(always)]
    fn of(row: f64) -> [f64; 2] {
        [row; 2]
    }
    #[inline(always)]
    fn merge([s0, r0]: [f64; 2], [s1, r1]: [f64; 2], _h: f64, [w0, _]: [f64; 2]) -> [f64; 2] {
        [s0 + s1, r0 + (r1 + w0 * s1)]
    }
}

/// Sums of the last `period` rows.
#[derive(Debug, Clone)]
pub struct SlidingPair<S> {
    period: usize,
    rows: Track,
    /// Stretches of 2, 4, 8 … rows.
    levels: Vec<[Track; 2]>,
    seen: usize,
    what: PhantomData<S>,
}

impl<S: Shifted> SlidingPair<S> {
    /// Of `period` rows, at least 1.
    pub fn new(period: usize) -> Self {
        let period = period.max(1);
        let top = period.ilog2();
        let levels = (1..=top).map(|bit| {
            let doubling = if bit < top { 1 << bit } else { 0 };
            // A part of the window stands before those of the smaller digits.
            let before = period & ((1 << bit) - 1);
            let keep = doubling.max(if period >> bit & 1 == 1 { before } else { 0 });
            [Track::new(keep), Track::new(keep)]
        });
        SlidingPair {
            period,
            rows: Track::new(period),
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

    /// Takes a row; origin and sums once the window is whole.
    #[inline]
    pub fn push(&mut self, row: f64) -> Option<[f64; 3]> {
        let warm = self.is_warm();
        let (mut a, mut b) = ([0.0], [0.0]);
        self.block(&[row], [&mut a, &mut b]);
        warm.then(|| [self.origins(1)[0], a[0], b[0]])
    }

    /// First rows of the windows of the last `n` rows.
    #[inline(always)]
    pub fn origins(&self, n: usize) -> &[f64] {
        self.rows.delayed(n, self.period - 1)
    }

    /// Takes rows; what comes before the window is whole means nothing.
    #[inline(always)]
    pub fn block(&mut self, rows: &[f64], [a, b]: [&mut [f64]; 2]) {
        let n = rows.len();
        let (a, b) = (&mut a[..n], &mut b[..n]);
        self.seen = self.period.min(self.seen + n);
        fill(&mut self.rows, rows);
        self.double(n);
        let mut covered = self.latest([a, b]);
        while covered < self.period {
            let width: usize = 1 << (self.period - covered).trailing_zeros();
            let [s, o] = self.stretch(n, width, covered);
            let [later, earlier] = self.origins_of(n, covered, width);
            let widths = [width as f64, covered as f64];
            lanes_over(
                [s, o, later, earlier],
                [&mut *a, &mut *b],
                |[s, o, later, earlier], sums| S::merge([s, o], sums, later - earlier, widths),
            );
            covered += width;
        }
    }

    /// Sums of the parts with the latest rows, of two where there are two; the number of their rows.
    #[inline(always)]
    fn latest(&self, [a, b]: [&mut [f64]; 2]) -> usize {
        let n = a.len();
        let first: usize = 1 << self.period.trailing_zeros();
        if first == 1 {
            let rows = self.rows.delayed(n, 0);
            lanes([rows], [a, b], |[row]| S::of(row));
            return first;
        }
        let [s1, o1] = self.stretch(n, first, 0);
        if first == self.period {
            a.copy_from_slice(s1);
            b.copy_from_slice(o1);
            return first;
        }
        let second: usize = 1 << (self.period - first).trailing_zeros();
        let [s0, o0] = self.stretch(n, second, first);
        let [later, earlier] = self.origins_of(n, first, second);
        let widths = [second as f64, first as f64];
        let inputs = [s0, o0, s1, o1, later, earlier];
        lanes(inputs, [a, b], |[s0, o0, s1, o1, later, earlier]| {
            S::merge([s0, o0], [s1, o1], later - earlier, widths)
        });
        first + second
    }

    /// Sums of the stretches of `width` rows, as they were `delay` rows before.
    #[inline(always)]
    fn stretch(&self, n: usize, width: usize, delay: usize) -> [&[f64]; 2] {
        let level = &self.levels[width.ilog2() as usize - 1];
        level.each_ref().map(|track| track.delayed(n, delay))
    }

    /// Origins of the last `late` rows and of the `early` rows before them.
    #[inline(always)]
    fn origins_of(&self, n: usize, late: usize, early: usize) -> [&[f64]; 2] {
        [late - 1, late + early - 1].map(|delay| self.rows.delayed(n, delay))
    }

    #[inline(always)]
    fn double(&mut self, n: usize) {
        let pair =
            |[before, now]: [f64; 2]| S::merge(S::of(before), S::of(now), now - before, [1.0; 2]);
        // Stretches of two rows are only stored where the window has such a part.
        let skips = self.levels.len() > 1 && self.period & 2 == 0;
        let at = |delay| self.rows.delayed(n, delay);
        if skips {
            let rows = [at(3), at(2), at(1), at(0)];
            lanes(
                rows,
                extended(&mut self.levels[1], n),
                |[x3, x2, x1, x0]| S::merge(pair([x3, x2]), pair([x1, x0]), x1 - x3, [2.0; 2]),
            );
        } else if let Some(level) = self.levels.first_mut() {
            lanes([at(1), at(0)], extended(level, n), pair);
        }
        for level in 1 + usize::from(skips)..self.levels.len() {
            let (from, to) = self.levels.split_at_mut(level);
            let width = 1 << level;
            let [sums, others] = &from[level - 1];
            let (s1, o1) = (sums.delayed(n, 0), others.delayed(n, 0));
            let (s0, o0) = (sums.delayed(n, width), others.delayed(n, width));
            let (later, earlier) = (at(width - 1), at(2 * width - 1));
            let widths = [width as f64; 2];
            let inputs = [s0, o0, s1, o1, later, earlier];
            lanes(
                inputs,
                extended(&mut to[0], n),
                |[s0, o0, s1, o1, later, earlier]| {
                    S::merge([s0, o0], [s1, o1], later - earlier, widths)
                },
            );
        }
    }
}

/// The new rows of several tracks.
#[inline(always)]
pub(super) fn extended<const N: usize>(tracks: &mut [Track; N], n: usize) -> [&mut [f64]; N] {
    tracks.each_mut().map(|track| {
        let keep = track.keep();
        &mut track.extend(n)[keep..]
    })
}

impl<S> State for SlidingPair<S> {
    fn save(&self, words: &mut Vec<f64>) {
        self.seen.save(words);
        self.rows.save(words);
        self.levels.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.seen.load(words);
        self.rows.load(words);
        self.levels.load(words);
    }
}
