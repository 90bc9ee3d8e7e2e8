//! Sums of several windows of one series, made of the same stretches.

use super::sliding::fill;
use super::{State, Track, Words};

/// Sums of the last rows for each of `W` periods, with the bits of as many [`SlidingSum`](super::SlidingSum)s.
#[derive(Debug, Clone)]
pub struct SharedSums<const W: usize> {
    periods: [usize; W],
    /// Sums of stretches of 1, 2, 4 … rows that end at each row.
    levels: Vec<Track>,
    seen: usize,
}

impl<const W: usize> SharedSums<W> {
    /// Of these periods, each at least 1.
    pub fn new(periods: [usize; W]) -> Self {
        let longest = periods.iter().copied().max().unwrap_or(1).max(1);
        let top = longest.ilog2();
        let levels = (0..=top).map(|bit| {
            let doubling = if bit < top { 1 << bit } else { 0 };
            // A part of a window stands before those of the smaller digits.
            let before = periods.iter().filter(|period| **period >> bit & 1 == 1);
            let keep = before.map(|period| period & ((1 << bit) - 1)).max();
            Track::new(keep.unwrap_or(0).max(doubling))
        });
        SharedSums {
            periods,
            levels: levels.collect(),
            seen: 0,
        }
    }

    /// Whether all windows are whole at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.periods.iter().all(|period| self.seen + 1 >= *period)
    }

    /// Takes a row; the sums once all windows are whole.
    #[inline]
    pub fn push(&mut self, row: f64) -> Option<[f64; W]> {
        let warm = self.is_warm();
        self.add(&[row]);
        let mut sums = [[0.0]; W];
        for (which, sum) in sums.iter_mut().enumerate() {
            self.window(which, sum);
        }
        warm.then(|| sums.map(|[sum]| sum))
    }

    /// Takes rows.
    #[inline(always)]
    pub fn add(&mut self, rows: &[f64]) {
        let n = rows.len();
        let longest = self.periods.iter().copied().max().unwrap_or(1);
        self.seen = longest.min(self.seen + n);
        fill(&mut self.levels[0], rows);
        for level in 1..self.levels.len() {
            let (from, to) = self.levels.split_at_mut(level);
            let from = &from[level - 1];
            let (earlier, later) = (from.delayed(n, 1 << (level - 1)), from.delayed(n, 0));
            let keep = to[0].keep();
            let to = &mut to[0].extend(n)[keep..];
            for i in 0..n {
                to[i] = earlier[i] + later[i];
            }
        }
    }

    /// Sums of one of the periods for the rows that were taken last; what comes before the window is whole
    /// means nothing.
    #[inline(always)]
    pub fn window(&self, which: usize, out: &mut [f64]) {
        let n = out.len();
        let period = self.periods[which];
        let mut parts = [&[][..]; usize::BITS as usize];
        let (mut count, mut covered) = (0, 0);
        for (bit, level) in self.levels.iter().enumerate() {
            if period >> bit & 1 == 1 {
                parts[count] = level.delayed(n, covered);
                count += 1;
                covered += 1 << bit;
            }
        }
        match parts[..count] {
            [a] => out.copy_from_slice(a),
            [a, b] => {
                for i in 0..n {
                    out[i] = b[i] + a[i];
                }
            }
            [a, b, c] => {
                for i in 0..n {
                    out[i] = c[i] + (b[i] + a[i]);
                }
            }
            [a, b, ref rest @ ..] => {
                for i in 0..n {
                    out[i] = b[i] + a[i];
                }
                for earlier in rest {
                    for i in 0..n {
                        out[i] += earlier[i];
                    }
                }
            }
            [] => {}
        }
    }
}

impl<const W: usize> State for SharedSums<W> {
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
    use crate::indicators::engine::SlidingSum;
    use crate::simd::Plain;

    #[test]
    fn sums_are_those_of_windows_apart_bit_for_bit_however_rows_come() {
        let rows: Vec<f64> = (0..600)
            .map(|i| libm::sin(f64::from(i) * 0.7) * 1e3)
            .collect();
        for periods in [[7, 14, 28], [1, 1, 1], [2, 31, 200], [64, 5, 99]] {
            let mut shared = SharedSums::new(periods);
            let mut apart = periods.map(SlidingSum::new);
            let (mut from, mut length) = (0, 1);
            while from < rows.len() {
                let to = rows.len().min(from + length);
                shared.add(&rows[from..to]);
                for (which, apart) in apart.iter_mut().enumerate() {
                    let (mut a, mut b) = (vec![0.0; to - from], vec![0.0; to - from]);
                    shared.window(which, &mut a);
                    apart.block::<Plain>(&rows[from..to], &mut b);
                    let whole = periods[which].saturating_sub(from + 1).min(a.len());
                    assert_eq!(a[whole..], b[whole..], "{periods:?} {which} {from}");
                }
                (from, length) = (to, length * 5 % 83);
            }
        }
    }

    #[test]
    fn a_row_at_a_time_gives_all_sums_once_all_windows_are_whole() {
        let mut sums = SharedSums::new([1, 3, 2]);
        assert_eq!(sums.push(1.0), None);
        assert_eq!(sums.push(2.0), None);
        assert_eq!(sums.push(4.0), Some([4.0, 7.0, 6.0]));
    }
}
