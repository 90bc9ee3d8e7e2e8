//! Sliding moments and lines, a block of rows at a time, put together as [`Sliding`](super::Sliding) is.

use super::sliding::{fill, pieces};
use super::{Shifted, State, Track, Words, lanes, lanes_over};
use crate::simd::{EIGHT, Eight, Plain};
use std::marker::PhantomData;

/// Levels that are made in registers: stretches of 2 to 16 rows.
const IN_REGISTERS: usize = 4;

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
        self.cold() == 0
    }

    /// Rows before the window is whole.
    #[inline(always)]
    pub fn cold(&self) -> usize {
        (self.period - 1).saturating_sub(self.seen)
    }

    /// Takes a row; origin and sums once the window is whole.
    #[inline]
    pub fn push(&mut self, row: f64) -> Option<[f64; 3]> {
        let warm = self.is_warm();
        let (mut a, mut b) = ([0.0], [0.0]);
        self.block::<Plain>(&[row], [&mut a, &mut b]);
        warm.then(|| [self.origins(1)[0], a[0], b[0]])
    }

    /// First rows of the windows of the last `n` rows.
    #[inline(always)]
    pub fn origins(&self, n: usize) -> &[f64] {
        self.rows.delayed(n, self.period - 1)
    }

    /// Takes rows; what comes before the window is whole means nothing.
    #[inline(always)]
    pub fn block<V: Eight>(&mut self, rows: &[f64], sums: [&mut [f64]; 2]) {
        // All origins are read afterwards, in one piece.
        self.rows.reserve(rows.len());
        self.finished::<V>(rows, sums, |[_, a, b]| [a, b]);
    }

    /// As [`block`](Self::block), for what `finish` makes of origin and sums.
    #[inline(always)]
    pub fn finished<V: Eight>(
        &mut self,
        rows: &[f64],
        [a, b]: [&mut [f64]; 2],
        finish: impl Fn([f64; 3]) -> [f64; 2],
    ) {
        for at in pieces(rows.len(), self.period) {
            self.stretches::<V>(&rows[at.clone()], true);
            self.windows([&mut a[at.clone()], &mut b[at]], &finish);
        }
    }

    /// As [`block`](Self::block), for what `finish` makes of the second sum alone.
    #[inline(always)]
    pub fn second<V: Eight>(
        &mut self,
        rows: &[f64],
        out: &mut [f64],
        work: &mut [f64],
        finish: impl Fn(f64) -> f64,
    ) {
        let stretches_alone = self.two_widths().is_some() && self.levels.len() <= IN_REGISTERS;
        for at in pieces(out.len(), self.period) {
            let (n, out) = (at.len(), &mut out[at.clone()]);
            self.stretches::<V>(&rows[at], !stretches_alone);
            if let Some(([s0, o0, s1, o1], widths)) = self.two_parts(n) {
                lanes([s0, o0, s1, o1], [out], |[s0, o0, s1, o1]| {
                    [finish(S::merge([s0, o0], [s1, o1], 0.0, widths)[1])]
                });
                continue;
            }
            self.windows([&mut work[..n], &mut *out], &|[_, a, b]| [a, b]);
            for value in out {
                *value = finish(*value);
            }
        }
    }

    /// The stretches that a window is made of, where two are enough and their origins do not matter: the sums of
    /// the earlier and of the later, and their rows.
    #[inline(always)]
    fn two_parts(&self, n: usize) -> Option<([&[f64]; 4], [f64; 2])> {
        let (first, second) = self.two_widths()?;
        let [s1, o1] = self.stretch(n, first, 0);
        let [s0, o0] = self.stretch(n, second, first);
        Some(([s0, o0, s1, o1], [second as f64, first as f64]))
    }

    /// Rows of the later and of the earlier stretch of [`two_parts`](Self::two_parts).
    #[inline(always)]
    fn two_widths(&self) -> Option<(usize, usize)> {
        let first: usize = 1 << self.period.trailing_zeros();
        let second = self.period - first;
        let two = !S::SHIFTS && first > 1 && second.is_power_of_two();
        two.then_some((first, second))
    }

    /// Takes rows into all stretches; whether all of the rows themselves are read again, too.
    #[inline(always)]
    fn stretches<V: Eight>(&mut self, rows: &[f64], keep_rows: bool) {
        let n = rows.len();
        self.seen = self.period.min(self.seen + n);
        let made = if self.period >= EIGHT && n.is_multiple_of(EIGHT) {
            self.short_stretches::<V>(rows, keep_rows)
        } else {
            0
        };
        if made == 0 {
            fill(&mut self.rows, rows);
        }
        self.double(n, made);
    }

    /// What `finish` makes of the origins and sums of the windows, from their stretches.
    #[inline(always)]
    fn windows(&self, [a, b]: [&mut [f64]; 2], finish: &impl Fn([f64; 3]) -> [f64; 2]) {
        let n = a.len();
        let mut covered = self.latest([&mut *a, &mut *b], finish);
        while covered < self.period {
            let width: usize = 1 << (self.period - covered).trailing_zeros();
            let [s, o] = self.stretch(n, width, covered);
            let [later, earlier] = self.origins_of(n, covered, width);
            let widths = [width as f64, covered as f64];
            let inputs = [s, o, later, earlier];
            covered += width;
            if covered < self.period {
                lanes_over(
                    inputs,
                    [&mut *a, &mut *b],
                    |[s, o, later, earlier], sums| S::merge([s, o], sums, later - earlier, widths),
                );
            } else {
                lanes_over(
                    inputs,
                    [&mut *a, &mut *b],
                    |[s, o, later, earlier], sums| {
                        let [a, b] = S::merge([s, o], sums, later - earlier, widths);
                        finish([earlier, a, b])
                    },
                );
            }
        }
    }

    /// Sums of the parts with the latest rows, of two where there are two, finished where that is all; the number of
    /// their rows.
    #[inline(always)]
    fn latest(&self, [a, b]: [&mut [f64]; 2], finish: &impl Fn([f64; 3]) -> [f64; 2]) -> usize {
        let n = a.len();
        let first: usize = 1 << self.period.trailing_zeros();
        if first == 1 && first < self.period {
            let rows = self.rows.delayed(n, 0);
            lanes([rows], [a, b], |[row]| S::of(row));
            return first;
        }
        if first == self.period {
            let origins = self.origins(n);
            if first == 1 {
                lanes([origins], [a, b], |[row]| {
                    let [a, b] = S::of(row);
                    finish([row, a, b])
                });
            } else {
                let [s, o] = self.stretch(n, first, 0);
                lanes([origins, s, o], [a, b], finish);
            }
            return first;
        }
        let [s1, o1] = self.stretch(n, first, 0);
        let second: usize = 1 << (self.period - first).trailing_zeros();
        let [s0, o0] = self.stretch(n, second, first);
        let [later, earlier] = self.origins_of(n, first, second);
        let widths = [second as f64, first as f64];
        let inputs = [s0, o0, s1, o1, later, earlier];
        if first + second < self.period {
            lanes(inputs, [a, b], |[s0, o0, s1, o1, later, earlier]| {
                S::merge([s0, o0], [s1, o1], later - earlier, widths)
            });
        } else {
            lanes(inputs, [a, b], |[s0, o0, s1, o1, later, earlier]| {
                let [a, b] = S::merge([s0, o0], [s1, o1], later - earlier, widths);
                finish([earlier, a, b])
            });
        }
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

    /// Stretches of 2 to 16 rows, a multiple of eight of them, in registers; how many levels that were.
    #[inline(always)]
    fn short_stretches<V: Eight>(&mut self, rows: &[f64], keep_rows: bool) -> usize {
        let n = rows.len();
        let last = self.last_stretches();
        let top = self.period.ilog2();
        if keep_rows || n < self.period {
            fill(&mut self.rows, rows);
        } else {
            self.rows.replace(rows);
        }
        let mut new: [[&mut [[f64; EIGHT]]; 2]; IN_REGISTERS] = Default::default();
        let made = self.levels.len().min(new.len());
        for (at, (new, level)) in new.iter_mut().zip(&mut self.levels).enumerate() {
            // Others are only steps on the way.
            let bit = at as u32 + 1;
            let wanted = self.period >> bit & 1 == 1 || (bit == 4 && top > 4);
            if wanted {
                *new = extended(level, n).map(|track| track.as_chunks_mut().0);
            }
        }
        let [mut twos, mut fours, mut eights, mut sixteens] = new;
        // Variables of their own stay in registers.
        let (mut x, mut x3, mut x7) = (V::load(&last[0]), V::load(&last[1]), V::load(&last[2]));
        let mut two = [V::load(&last[3]), V::load(&last[4])];
        let mut four = [V::load(&last[5]), V::load(&last[6])];
        let mut eight = [V::load(&last[7]), V::load(&last[8])];
        for (at, row) in rows.as_chunks().0.iter().enumerate() {
            let now = V::load(row);
            let (one, now3) = (now.after::<1>(x), now.after::<3>(x));
            let p2 = S::merge(S::of(one), S::of(now), now - one, [1.0; 2]);
            let [s, o] = p2;
            let earlier = [s.after::<2>(two[0]), o.after::<2>(two[1])];
            let p4 = S::merge(earlier, p2, one - now3, [2.0; 2]);
            let [s, o] = p4;
            let earlier = [s.after::<4>(four[0]), o.after::<4>(four[1])];
            let now7 = now3.after::<4>(x3);
            let p8 = S::merge(earlier, p4, now3 - now7, [4.0; 2]);
            write(&mut twos, at, p2);
            write(&mut fours, at, p4);
            write(&mut eights, at, p8);
            if !sixteens[0].is_empty() {
                write(&mut sixteens, at, S::merge(eight, p8, now7 - x7, [8.0; 2]));
            }
            (x, x3, x7) = (now, now3, now7);
            (two, four, eight) = (p2, p4, p8);
        }
        // Of stretches that are steps only the last are kept; of two rows, as in `double`, none.
        for (bit, sums) in [(2, four), (3, eight)] {
            if self.period >> bit & 1 == 0 {
                for (track, sums) in self.levels[bit - 1].iter_mut().zip(sums) {
                    let mut last = [0.0; EIGHT];
                    sums.store(&mut last);
                    track.replace(&last);
                }
            }
        }
        made
    }

    /// Rows now, 3 and 7 rows before, and both sums of the stretches of 2, 4 and 8 rows, as they were for the
    /// last eight rows, as far as the next eight need them.
    #[inline(never)]
    fn last_stretches(&self) -> [[f64; EIGHT]; 9] {
        let mut last = [[0.0; EIGHT]; 9];
        let row = |back| self.rows.back(back);
        for back in 1..=EIGHT {
            last[0][EIGHT - back] = row(back);
            if back <= 4 {
                last[1][EIGHT - back] = row(back + 3);
            }
            if self.period >= 2 * EIGHT {
                last[2][EIGHT - back] = row(back + 7);
            }
        }
        for back in 1..=2 {
            let (before, now) = (row(back + 1), row(back));
            let sums = S::merge(S::of(before), S::of(now), now - before, [1.0; 2]);
            for (last, sum) in last[3..].iter_mut().zip(sums) {
                last[EIGHT - back] = sum;
            }
        }
        for (at, level) in [(5, 1), (7, 2)] {
            for (last, track) in last[at..].iter_mut().zip(&self.levels[level]) {
                let count = track.keep().min(2 << level);
                for back in 1..=count {
                    last[EIGHT - back] = track.back(back);
                }
            }
        }
        last
    }

    #[inline(always)]
    fn double(&mut self, n: usize, made: usize) {
        let pair =
            |[before, now]: [f64; 2]| S::merge(S::of(before), S::of(now), now - before, [1.0; 2]);
        // Stretches of two rows are only stored where the window has such a part.
        let skips = self.levels.len() > 1 && self.period & 2 == 0;
        let at = |delay| self.rows.delayed(n, delay);
        if made == 0 && skips {
            let rows = [at(3), at(2), at(1), at(0)];
            lanes(
                rows,
                extended(&mut self.levels[1], n),
                |[x3, x2, x1, x0]| S::merge(pair([x3, x2]), pair([x1, x0]), x1 - x3, [2.0; 2]),
            );
        } else if made == 0
            && let Some(level) = self.levels.first_mut()
        {
            lanes([at(1), at(0)], extended(level, n), pair);
        }
        for level in made.max(1 + usize::from(skips))..self.levels.len() {
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

/// Writes both sums of eight stretches, where they are wanted.
#[inline(always)]
fn write<V: Eight>(to: &mut [&mut [[f64; EIGHT]]; 2], at: usize, sums: [V; 2]) {
    let [a, b] = to;
    if let (Some(a), Some(b)) = (a.get_mut(at), b.get_mut(at)) {
        sums[0].store(a);
        sums[1].store(b);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::engine::{Ramp, Squares, Weighted};
    use crate::simd::{self, Lanes, Level};

    /// All rows in blocks of some lengths, again and again; origins and sums.
    struct Blocks<'a, S>(usize, &'a [f64], &'a [usize], PhantomData<S>);

    impl<S: Shifted> Lanes for Blocks<'_, S> {
        type Output = Vec<[f64; 3]>;

        #[inline(always)]
        fn run<V: Eight>(self) -> Vec<[f64; 3]> {
            let Blocks(period, rows, lengths, _) = self;
            let mut window = SlidingPair::<S>::new(period);
            let mut all = Vec::new();
            let (mut from, mut lengths) = (0, lengths.iter().cycle());
            while from < rows.len() {
                let length = lengths.next().expect("again and again");
                let to = rows.len().min(from + length);
                let (mut a, mut b) = (vec![0.0; to - from], vec![0.0; to - from]);
                window.block::<V>(&rows[from..to], [&mut a, &mut b]);
                let origins = window.origins(to - from).iter();
                all.extend(origins.zip(a).zip(b).map(|((o, a), b)| [*o, a, b]));
                from = to;
            }
            all
        }
    }

    fn check<S: Shifted>(of: fn(&[f64]) -> [f64; 2]) {
        // Whole numbers, so that sums are exact.
        let rows: Vec<f64> = (0..600_u32)
            .map(|i| f64::from(i * i * 7919 % 1009) - 500.0)
            .collect();
        for period in (1..70).chain([127, 128, 200, 255]) {
            let mut one = SlidingPair::<S>::new(period);
            let pushed: Vec<Option<[f64; 3]>> = rows.iter().map(|row| one.push(*row)).collect();
            for level in [Level::Baseline, Level::Avx2, Level::Avx512] {
                simd::limit(level);
                for lengths in [&[351][..], &[8, 64, 1, 512], &[13, 3, 24, 90]] {
                    let all = simd::dispatch(Blocks::<S>(period, &rows, lengths, PhantomData));
                    for (row, (pushed, block)) in pushed.iter().zip(all).enumerate() {
                        let at = format!("{level:?} period {period} row {row} {lengths:?}");
                        assert_eq!(pushed.is_some(), row + 1 >= period, "{at}");
                        let Some(pushed) = pushed else { continue };
                        assert_eq!(pushed.map(f64::to_bits), block.map(f64::to_bits), "{at}");
                        let window = &rows[row + 1 - period..=row];
                        assert_eq!([pushed[1], pushed[2]], of(window), "{at}");
                        assert_eq!(pushed[0], window[0], "{at}");
                    }
                }
            }
        }
        simd::limit(Level::Avx512);
    }

    #[test]
    fn windows_of_any_length_hold_their_own_rows_block_by_block_and_row_by_row() {
        check::<Squares>(|window| {
            let above = window.iter().map(|x| x - window[0]);
            [above.clone().sum(), above.map(|x| x * x).sum()]
        });
        check::<Ramp>(|window| {
            let above = window.iter().map(|x| x - window[0]);
            let ramp = above.clone().zip(0_u32..).map(|(x, at)| x * f64::from(at));
            [above.sum(), ramp.sum()]
        });
        check::<Weighted>(|window| {
            let ramp = window.iter().zip(1_u32..).map(|(x, at)| x * f64::from(at));
            [window.iter().sum(), ramp.sum()]
        });
    }
}
