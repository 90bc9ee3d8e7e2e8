//! Sliding sums and extremes, a block of rows at a time.
//!
//! Windows of 2, 4, 8 … rows are made of two windows half as long, and the window asked for of those.
//! So a row costs about two operations a binary digit of the period, no row waits for the one before,
//! each window is made of its own rows alone (a spike that has left is forgotten), and a sum is rounded
//! as a tree is, not as a chain.

use super::{State, Track, Words};
use crate::simd::{EIGHT, Eight, Number, Plain};
use std::marker::PhantomData;
use std::ops::Range;

/// How two neighbouring stretches of rows become one.
pub trait Combine {
    /// Whether stretches may overlap (extremes) or not (sums).
    const OVERLAPS: bool;
    /// Both stretches as one.
    fn combine<N: Number>(earlier: N, later: N) -> N;
}

/// Sums.
#[derive(Debug, Clone, Copy)]
pub struct Added;

impl Combine for Added {
    const OVERLAPS: bool = false;
    #[inline(always)]
    fn combine<N: Number>(earlier: N, later: N) -> N {
        earlier + later
    }
}

/// Highest values.
#[derive(Debug, Clone, Copy)]
pub struct Higher;

impl Combine for Higher {
    const OVERLAPS: bool = true;
    #[inline(always)]
    fn combine<N: Number>(earlier: N, later: N) -> N {
        N::higher(earlier, later)
    }
}

/// Lowest values.
#[derive(Debug, Clone, Copy)]
pub struct Lower;

impl Combine for Lower {
    const OVERLAPS: bool = true;
    #[inline(always)]
    fn combine<N: Number>(earlier: N, later: N) -> N {
        N::lower(earlier, later)
    }
}

/// A stretch made of those of the level before it.
#[derive(Debug, Clone, Copy)]
struct Step {
    /// Rows of a stretch of the level before.
    width: usize,
    /// Four of them, or two.
    four: bool,
}

impl Step {
    /// How many stretches of the level before make one.
    fn times(self) -> usize {
        if self.four { 4 } else { 2 }
    }
}

/// The last stretches of 1, 2, 4 and 8 rows, as far as the next eight need them, from the tracks of the rows and
/// of the `widths`.
#[inline(never)]
fn last_stretches<C: Combine>(
    first: &Track,
    widths: &[usize],
    others: &[Track],
) -> [[f64; EIGHT]; 4] {
    let track = |of| {
        let at = widths.iter().position(|width| *width == of);
        at.map(|at| &others[at])
    };
    let one = |back| first.back(back);
    let two = |back| match track(2) {
        Some(track) => track.back(back),
        None => C::combine(one(back + 1), one(back)),
    };
    let four = |back| match track(4) {
        Some(track) => track.back(back),
        None => C::combine(two(back + 2), two(back)),
    };
    let mut last = [[0.0; EIGHT]; 4];
    last[0][EIGHT - 1] = one(1);
    for back in 1..=2 {
        last[1][EIGHT - back] = two(back);
    }
    for back in 1..=4 {
        last[2][EIGHT - back] = four(back);
    }
    if track(16).is_some() {
        for back in 1..=EIGHT {
            last[3][EIGHT - back] = C::combine(four(back + 4), four(back));
        }
    }
    last
}

/// Longest window that is made without stretches in between.
const DIRECT: usize = 4;

/// The window itself, from stretches of one level after the other: (level, rows that end after it).
type Part = (usize, usize);

/// The last `period` rows, combined.
#[derive(Debug, Clone)]
pub struct Sliding<C> {
    period: usize,
    steps: Vec<Step>,
    parts: Vec<Part>,
    /// Rows of the stretches that can be made in registers: those of the first steps.
    short: Vec<usize>,
    /// Stretches that end at each row: of one row, and of those that `steps` make.
    levels: Vec<Track>,
    seen: usize,
    how: PhantomData<C>,
}

/// The sum of the last rows.
pub type SlidingSum = Sliding<Added>;
/// The highest of the last rows.
pub type SlidingMax = Sliding<Higher>;
/// The lowest of the last rows.
pub type SlidingMin = Sliding<Lower>;

impl<C: Combine> Sliding<C> {
    /// Of `period` rows, at least 1.
    pub fn new(period: usize) -> Self {
        let period = period.max(1);
        if period <= DIRECT {
            return Self::with(period, Vec::new(), Vec::new(), vec![period - 1]);
        }
        let top = period.ilog2();
        let is_part = |bit: u32| !C::OVERLAPS && period >> bit & 1 == 1;
        let (mut steps, mut parts, mut keeps) = (Vec::new(), Vec::new(), vec![0_usize]);
        let (mut bit, mut covered) = (0, 0);
        let mut part = |bit: u32, level: usize, keeps: &mut Vec<usize>| {
            if is_part(bit) {
                parts.push((level, covered));
                keeps[level] = keeps[level].max(covered);
                covered += 1 << bit;
            }
        };
        part(0, 0, &mut keeps);
        while bit < top {
            let width = 1 << bit;
            let four = bit + 2 <= top && !is_part(bit + 1);
            let level = keeps.len() - 1;
            keeps[level] = keeps[level].max(if four { 3 * width } else { width });
            keeps.push(0);
            bit += if four { 2 } else { 1 };
            steps.push(Step { width, four });
            part(bit, level + 1, &mut keeps);
        }
        if C::OVERLAPS {
            let last = keeps.len() - 1;
            let rest = period - (1 << top);
            keeps[last] = rest;
            parts.push((last, 0));
            if rest > 0 {
                parts.push((last, rest));
            }
        }
        Self::with(period, steps, parts, keeps)
    }

    fn with(period: usize, steps: Vec<Step>, parts: Vec<Part>, keeps: Vec<usize>) -> Self {
        let short = steps.iter().take_while(|step| step.width < EIGHT);
        Sliding {
            period,
            short: short.map(|step| step.width * step.times()).collect(),
            steps,
            parts,
            levels: keeps.into_iter().map(Track::new).collect(),
            seen: 0,
            how: PhantomData,
        }
    }

    /// Whether the window is whole at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.cold() == 0
    }

    /// Rows before the window is whole.
    #[inline(always)]
    pub fn cold(&self) -> usize {
        (self.period - 1).saturating_sub(self.seen)
    }

    /// Takes a row; the window once it is whole.
    #[inline]
    pub fn push(&mut self, row: f64) -> Option<f64> {
        let warm = self.is_warm();
        let mut out = [0.0];
        self.block::<Plain>(&[row], &mut out);
        warm.then_some(out[0])
    }

    /// Takes rows; what comes before the window is whole means nothing.
    #[inline(always)]
    pub fn block<V: Eight>(&mut self, rows: &[f64], out: &mut [f64]) {
        self.finished::<V>(rows, out, |window| window);
    }

    /// As [`block`](Self::block), for what `finish` makes of the windows.
    #[inline(always)]
    pub fn finished<V: Eight>(
        &mut self,
        rows: &[f64],
        out: &mut [f64],
        finish: impl Fn(f64) -> f64,
    ) {
        for at in pieces(out.len(), self.period) {
            self.piece::<V>(&rows[at.clone()], &mut out[at], &finish);
        }
    }

    #[inline(always)]
    fn piece<V: Eight>(&mut self, rows: &[f64], out: &mut [f64], finish: &impl Fn(f64) -> f64) {
        let n = out.len();
        self.seen = self.period.min(self.seen + n);
        let made = if self.period >= EIGHT && n.is_multiple_of(EIGHT) {
            self.short_stretches::<V>(rows)
        } else {
            fill(&mut self.levels[0], rows);
            0
        };
        if self.period <= DIRECT {
            self.direct(out, finish);
            return;
        }
        for (at, step) in self.steps.iter().enumerate().skip(made) {
            let (from, to) = self.levels.split_at_mut(at + 1);
            let from = &from[at];
            let keep = to[0].keep();
            let to = &mut to[0].extend(n)[keep..];
            let w = step.width;
            let (now, one) = (from.delayed(n, 0), from.delayed(n, w));
            if step.four {
                let (two, three) = (from.delayed(n, 2 * w), from.delayed(n, 3 * w));
                for i in 0..n {
                    to[i] = C::combine(C::combine(three[i], two[i]), C::combine(one[i], now[i]));
                }
            } else {
                for i in 0..n {
                    to[i] = C::combine(one[i], now[i]);
                }
            }
        }
        let part = |(level, delay): Part| self.levels[level].delayed(n, delay);
        match self.parts[..] {
            [a] => {
                let a = part(a);
                for i in 0..n {
                    out[i] = finish(a[i]);
                }
            }
            [a, b] => {
                let (a, b) = (part(a), part(b));
                for i in 0..n {
                    out[i] = finish(C::combine(b[i], a[i]));
                }
            }
            [a, b, ref rest @ ..] => {
                let (last, middle) = rest.split_last().expect("at least one");
                let (a, b, last) = (part(a), part(b), part(*last));
                if middle.is_empty() {
                    for i in 0..n {
                        out[i] = finish(C::combine(last[i], C::combine(b[i], a[i])));
                    }
                    return;
                }
                for i in 0..n {
                    out[i] = C::combine(b[i], a[i]);
                }
                for earlier in middle {
                    let earlier = part(*earlier);
                    for i in 0..n {
                        out[i] = C::combine(earlier[i], out[i]);
                    }
                }
                for i in 0..n {
                    out[i] = finish(C::combine(last[i], out[i]));
                }
            }
            [] => {}
        }
    }
}

impl<C: Combine> Sliding<C> {
    /// Stretches of 2 to 16 rows, a multiple of eight of them, in registers; how many steps that was.
    #[inline(always)]
    fn short_stretches<V: Eight>(&mut self, rows: &[f64]) -> usize {
        let widths = &self.short;
        let (first, others) = self.levels.split_first_mut().expect("that of the rows");
        let last = last_stretches::<C>(first, widths, others);
        // Variables of their own stay in registers.
        let (mut one, mut two) = (V::load(&last[0]), V::load(&last[1]));
        let (mut four, mut eight) = (V::load(&last[2]), V::load(&last[3]));
        if self.parts[0].0 == 0 {
            fill(first, rows);
        } else {
            first.replace(rows);
        }
        let mut new: [&mut [[f64; EIGHT]]; 4] = Default::default();
        for (width, track) in widths.iter().zip(others) {
            let keep = track.keep();
            new[width.ilog2() as usize - 1] = track.extend(rows.len())[keep..].as_chunks_mut().0;
        }
        let [twos, fours, eights, sixteens] = new;
        for (at, row) in rows.as_chunks().0.iter().enumerate() {
            let x = V::load(row);
            let p2 = C::combine(x.after::<1>(one), x);
            let p4 = C::combine(p2.after::<2>(two), p2);
            let p8 = C::combine(p4.after::<4>(four), p4);
            if let Some(to) = twos.get_mut(at) {
                p2.store(to);
            }
            if let Some(to) = fours.get_mut(at) {
                p4.store(to);
            }
            if let Some(to) = eights.get_mut(at) {
                p8.store(to);
            }
            if let Some(to) = sixteens.get_mut(at) {
                C::combine(eight, p8).store(to);
            }
            (one, two, four, eight) = (x, p2, p4, p8);
        }
        widths.len()
    }

    /// Windows of few rows, from the rows themselves.
    #[inline(always)]
    fn direct(&self, out: &mut [f64], finish: &impl Fn(f64) -> f64) {
        let n = out.len();
        let rows = |delay: usize| self.levels[0].delayed(n, delay);
        let (now, one) = (rows(0), rows(1.min(self.period - 1)));
        match self.period {
            1 => {
                for i in 0..n {
                    out[i] = finish(now[i]);
                }
            }
            2 => {
                for i in 0..n {
                    out[i] = finish(C::combine(one[i], now[i]));
                }
            }
            3 => {
                let two = rows(2);
                for i in 0..n {
                    out[i] = finish(C::combine(C::combine(two[i], one[i]), now[i]));
                }
            }
            _ => {
                let (two, three) = (rows(2), rows(3));
                for i in 0..n {
                    let earlier = C::combine(three[i], two[i]);
                    out[i] = finish(C::combine(earlier, C::combine(one[i], now[i])));
                }
            }
        }
    }
}

/// Rows in the pieces they are taken in: first those that are left over, then whole eights.
#[inline(always)]
pub(super) fn pieces(rows: usize, period: usize) -> impl Iterator<Item = Range<usize>> {
    let ragged = if period >= EIGHT && rows > 2 * EIGHT {
        rows % EIGHT
    } else {
        0
    };
    let pieces = [0..ragged, ragged..rows].into_iter();
    pieces.filter(|piece| !piece.is_empty())
}

/// Adds rows to a track.
#[inline(always)]
pub(super) fn fill(track: &mut Track, rows: &[f64]) {
    let keep = track.keep();
    track.extend(rows.len())[keep..].copy_from_slice(rows);
}

impl<C> State for Sliding<C> {
    fn save(&self, words: &mut Vec<f64>) {
        self.seen.save(words);
        self.levels.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.seen.load(words);
        self.levels.load(words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{self, Lanes, Level};

    fn rows() -> Vec<f64> {
        (0..700_u32)
            .map(|i| f64::from(i * i * 7919 % 1009) - 500.0)
            .collect()
    }

    /// All rows in blocks of some lengths, again and again.
    struct Blocks<'a, C>(usize, &'a [f64], &'a [usize], PhantomData<C>);

    impl<C: Combine> Lanes for Blocks<'_, C> {
        type Output = Vec<f64>;

        #[inline(always)]
        fn run<V: Eight>(self) -> Vec<f64> {
            let Blocks(period, rows, lengths, _) = self;
            let mut window = Sliding::<C>::new(period);
            let mut out = vec![0.0; rows.len()];
            let (mut from, mut lengths) = (0, lengths.iter().cycle());
            while from < rows.len() {
                let length = lengths.next().expect("again and again");
                let to = rows.len().min(from + length);
                window.block::<V>(&rows[from..to], &mut out[from..to]);
                from = to;
            }
            out
        }
    }

    fn check<C: Combine>(of: fn(&[f64]) -> f64) {
        let rows = rows();
        for period in (1..70).chain([127, 128, 200, 255]) {
            let mut one = Sliding::<C>::new(period);
            let pushed: Vec<Option<f64>> = rows.iter().map(|row| one.push(*row)).collect();
            for level in [Level::Baseline, Level::Avx2, Level::Avx512] {
                simd::limit(level);
                for lengths in [&[351][..], &[8, 64, 1, 512], &[13, 3, 24, 90]] {
                    let out = simd::dispatch(Blocks::<C>(period, &rows, lengths, PhantomData));
                    for (row, (pushed, value)) in pushed.iter().zip(out).enumerate() {
                        let at = format!("{level:?} period {period} row {row} {lengths:?}");
                        assert_eq!(pushed.is_some(), row + 1 >= period, "{at}");
                        let Some(pushed) = pushed else { continue };
                        assert_eq!(pushed.to_bits(), value.to_bits(), "{at}");
                        assert_eq!(*pushed, of(&rows[row + 1 - period..=row]), "{at}");
                    }
                }
            }
        }
        simd::limit(Level::Avx512);
    }

    #[test]
    fn windows_of_any_length_hold_their_own_rows_block_by_block_and_row_by_row() {
        check::<Added>(|window| window.iter().sum());
        check::<Higher>(|window| window.iter().copied().fold(f64::MIN, f64::max));
        check::<Lower>(|window| window.iter().copied().fold(f64::MAX, f64::min));
    }
}
