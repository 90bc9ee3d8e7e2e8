//! Sliding moments of two series.
//!
//! Rows are taken in stretches as long as the window. Every window that ends in a stretch holds the
//! stretch's first row: all is measured from there, so an offset of any size cancels before anything is
//! multiplied. A window is the end of the stretch before, added up backwards when the new one begins,
//! and the beginning of the new one; a spike that has left is forgotten.

use super::{State, Track, Words};

/// Sums of x, y, x^2, y^2 and x y.
type Sums = [f64; 5];

#[inline(always)]
fn add(sums: Sums, x: f64, y: f64) -> Sums {
    let more = [x, y, x * x, y * y, x * y];
    std::array::from_fn(|k| sums[k] + more[k])
}

/// Moments of the last `period` rows of two series.
#[derive(Debug, Clone)]
pub struct SlidingCoMoments {
    period: usize,
    x: Track,
    y: Track,
    /// First row of the stretch.
    origin: [f64; 2],
    /// Sums of the last rows of the stretch before, from each of them on.
    before: Vec<Sums>,
    /// Sums of this stretch so far, and its rows.
    sums: Sums,
    rows: usize,
    seen: usize,
}

impl SlidingCoMoments {
    /// Of `period` rows, at least 1.
    pub fn new(period: usize) -> Self {
        let period = period.max(1);
        SlidingCoMoments {
            period,
            x: Track::new(period),
            y: Track::new(period),
            origin: [0.0; 2],
            before: vec![[0.0; 5]; period],
            sums: [0.0; 5],
            rows: 0,
            seen: 0,
        }
    }

    /// Whether the window is whole at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.seen + 1 >= self.period
    }

    /// Takes a row; sums of x, y, x^2, y^2 and x y once the window is whole.
    #[inline]
    pub fn push(&mut self, x: f64, y: f64) -> Option<Sums> {
        let warm = self.is_warm();
        let mut sums = [[0.0]; 5];
        self.block([&[x], &[y]], sums.each_mut().map(|sum| &mut sum[..]));
        warm.then(|| sums.map(|sum| sum[0]))
    }

    /// Takes rows; what comes before the window is whole means nothing.
    #[inline(always)]
    pub fn block(&mut self, [x, y]: [&[f64]; 2], sums: [&mut [f64]; 5]) {
        let n = x.len();
        let period = self.period;
        let sums = sums.map(|sum| &mut sum[..n]);
        self.seen = period.min(self.seen + n);
        let (xs, ys) = (self.x.extend(n), self.y.extend(n));
        xs[period..].copy_from_slice(x);
        ys[period..].copy_from_slice(&y[..n]);
        let mut row = 0;
        while row < n {
            if self.rows == 0 {
                let origin = [xs[row + period], ys[row + period]];
                let (xs, ys) = (&xs[row + 1..row + period], &ys[row + 1..row + period]);
                backwards(&mut self.before, [xs, ys], origin);
                (self.origin, self.sums) = (origin, [0.0; 5]);
            }
            let end = n.min(row + period - self.rows);
            let [x0, y0] = self.origin;
            let mut now = self.sums;
            for (at, before) in (row..end).zip(&self.before[self.rows..]) {
                now = add(now, xs[at + period] - x0, ys[at + period] - y0);
                for k in 0..5 {
                    sums[k][at] = before[k] + now[k];
                }
            }
            self.sums = now;
            self.rows = (self.rows + end - row) % period;
            row = end;
        }
    }
}

/// Sums from each row on to the last, from the second of the window on; the first window of a stretch
/// holds all of the rows before, the last none.
#[inline(always)]
fn backwards(before: &mut [Sums], [xs, ys]: [&[f64]; 2], [x0, y0]: [f64; 2]) {
    let (last, rest) = before.split_last_mut().expect("at least one row");
    *last = [0.0; 5];
    let mut sums = [0.0; 5];
    for ((slot, x), y) in rest.iter_mut().zip(xs).zip(ys).rev() {
        sums = add(sums, x - x0, y - y0);
        *slot = sums;
    }
}

impl State for SlidingCoMoments {
    fn save(&self, words: &mut Vec<f64>) {
        self.x.save(words);
        self.y.save(words);
        self.origin.save(words);
        self.before.save(words);
        self.sums.save(words);
        self.rows.save(words);
        self.seen.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.x.load(words);
        self.y.load(words);
        self.origin.load(words);
        self.before.load(words);
        self.sums.load(words);
        self.rows.load(words);
        // Only a damaged snapshot could point outside.
        self.rows = self.rows.min(self.period - 1);
        self.seen.load(words);
    }
}
