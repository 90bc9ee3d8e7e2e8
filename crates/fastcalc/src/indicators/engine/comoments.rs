//! Sliding moments of two series, a block of rows at a time, put together as
//! [`SlidingPair`](super::SlidingPair) is.

use super::shifted::extended;
use super::sliding::fill;
use super::{State, Track, Words, lanes, lanes_over};

/// Sums of x, y, x^2, y^2 and x y, of what is above the first row.
type Sums<T> = [T; 5];

/// Sums of both stretches; the shifts are the later origin less the earlier.
#[inline(always)]
fn merge(early: Sums<f64>, late: Sums<f64>, [hx, hy]: [f64; 2], width: f64) -> Sums<f64> {
    let (x, y) = (late[0] + width * hx, late[1] + width * hy);
    [
        early[0] + x,
        early[1] + y,
        early[2] + (late[2] + hx * (late[0] + x)),
        early[3] + (late[3] + hy * (late[1] + y)),
        early[4] + (late[4] + (hx * late[1] + hy * x)),
    ]
}

/// Moments of the last `period` rows of two series.
#[derive(Debug, Clone)]
pub struct SlidingCoMoments {
    period: usize,
    rows: [Track; 2],
    /// Stretches of 2, 4, 8 … rows.
    levels: Vec<Sums<Track>>,
    seen: usize,
}

impl SlidingCoMoments {
    /// Of `period` rows, at least 1.
    pub fn new(period: usize) -> Self {
        let period = period.max(1);
        let top = period.ilog2();
        let levels = (1..=top).map(|bit| {
            let doubling = if bit < top { 1 << bit } else { 0 };
            let before = period & ((1 << bit) - 1);
            let keep = doubling.max(if period >> bit & 1 == 1 { before } else { 0 });
            std::array::from_fn(|_| Track::new(keep))
        });
        SlidingCoMoments {
            period,
            rows: [Track::new(period), Track::new(period)],
            levels: levels.collect(),
            seen: 0,
        }
    }

    /// Whether the window is whole at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.seen + 1 >= self.period
    }

    /// Takes a row; the sums once the window is whole.
    #[inline]
    pub fn push(&mut self, x: f64, y: f64) -> Option<Sums<f64>> {
        let warm = self.is_warm();
        let mut sums = [[0.0]; 5];
        self.block([&[x], &[y]], sums.each_mut().map(|sum| &mut sum[..]));
        warm.then(|| sums.map(|sum| sum[0]))
    }

    /// Takes rows; what comes before the window is whole means nothing.
    #[inline(always)]
    pub fn block(&mut self, [x, y]: [&[f64]; 2], sums: Sums<&mut [f64]>) {
        let n = x.len();
        let mut sums = sums.map(|sum| &mut sum[..n]);
        self.seen = self.period.min(self.seen + n);
        fill(&mut self.rows[0], x);
        fill(&mut self.rows[1], &y[..n]);
        self.double(n);
        let mut covered = self.period & 1;
        if covered == 1 {
            for sum in &mut sums {
                sum.fill(0.0);
            }
        }
        for (at, level) in self.levels.iter().enumerate() {
            let width = 2 << at;
            if self.period & width == 0 {
                continue;
            }
            let early = level.each_ref().map(|track| track.delayed(n, covered));
            if covered == 0 {
                for (sum, early) in sums.iter_mut().zip(early) {
                    sum.copy_from_slice(early);
                }
            } else {
                let later = self.rows.each_ref().map(|r| r.delayed(n, covered - 1));
                let earlier = self
                    .rows
                    .each_ref()
                    .map(|r| r.delayed(n, covered + width - 1));
                let rows = covered as f64;
                let [a, b, c, d, e] = early;
                let inputs = [a, b, c, d, e, later[0], later[1], earlier[0], earlier[1]];
                let columns = sums.each_mut().map(|sum| &mut **sum);
                lanes_over(inputs, columns, |[a, b, c, d, e, x1, y1, x0, y0], late| {
                    merge([a, b, c, d, e], late, [x1 - x0, y1 - y0], rows)
                });
            }
            covered += width;
        }
    }

    #[inline(always)]
    fn double(&mut self, n: usize) {
        for at in 0..self.levels.len() {
            let width = 1 << at;
            let (from, to) = self.levels.split_at_mut(at);
            let to = extended(&mut to[0], n);
            let [x1, y1] = self.rows.each_ref().map(|r| r.delayed(n, width - 1));
            let [x0, y0] = self.rows.each_ref().map(|r| r.delayed(n, 2 * width - 1));
            let Some(from) = from.last() else {
                lanes([x1, y1, x0, y0], to, |[x1, y1, x0, y0]| {
                    merge([0.0; 5], [0.0; 5], [x1 - x0, y1 - y0], 1.0)
                });
                continue;
            };
            let [f, g, h, k, l] = from.each_ref().map(|track| track.delayed(n, 0));
            let [a, b, c, d, e] = from.each_ref().map(|track| track.delayed(n, width));
            let inputs = [a, b, c, d, e, f, g, h, k, l, x1, y1, x0, y0];
            let width = width as f64;
            lanes(
                inputs,
                to,
                |[a, b, c, d, e, f, g, h, k, l, x1, y1, x0, y0]| {
                    let shifts = [x1 - x0, y1 - y0];
                    merge([a, b, c, d, e], [f, g, h, k, l], shifts, width)
                },
            );
        }
    }
}

impl State for SlidingCoMoments {
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
