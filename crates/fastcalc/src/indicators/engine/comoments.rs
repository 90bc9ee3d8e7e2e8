//! Sliding moments of two series, a block of rows at a time, put together as
//! [`SlidingPair`](super::SlidingPair) is.

use super::shifted::{Squares, extended};
use super::{SlidingPair, State, Track, Words, lanes, lanes_over};

/// Moments of the last `period` rows of two series.
#[derive(Debug, Clone)]
pub struct SlidingCoMoments {
    period: usize,
    x: SlidingPair<Squares>,
    y: SlidingPair<Squares>,
    /// Sums of products of stretches of 2, 4, 8 … rows.
    products: Vec<[Track; 1]>,
}

/// Sum of the products of both stretches, of what is above the first row of both: that of the earlier
/// one, that of the later one and its sums of x and y, the shifts of the origins, and its rows.
#[inline(always)]
fn merge(early: f64, late: f64, [x, y]: [f64; 2], [hx, hy]: [f64; 2], rows: f64) -> f64 {
    early + (late + (hx * y + hy * (x + rows * hx)))
}

impl SlidingCoMoments {
    /// Of `period` rows, at least 1.
    pub fn new(period: usize) -> Self {
        let x = SlidingPair::new(period);
        let products = x.keeps().map(|keep| [Track::new(keep)]).collect();
        SlidingCoMoments {
            period: period.max(1),
            y: x.clone(),
            x,
            products,
        }
    }

    /// Whether the window is whole at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.x.is_warm()
    }

    /// Takes a row; sums of x, y, x^2, y^2 and x y once the window is whole.
    #[inline]
    pub fn push(&mut self, x: f64, y: f64) -> Option<[f64; 5]> {
        let warm = self.is_warm();
        let mut sums = [[0.0]; 5];
        self.block([&[x], &[y]], sums.each_mut().map(|sum| &mut sum[..]));
        warm.then(|| sums.map(|sum| sum[0]))
    }

    /// Takes rows; what comes before the window is whole means nothing.
    #[inline(always)]
    pub fn block(&mut self, [x, y]: [&[f64]; 2], sums: [&mut [f64]; 5]) {
        let n = x.len();
        let [a, b, aa, bb, products] = sums.map(|sum| &mut sum[..n]);
        self.x.take(x);
        self.y.take(&y[..n]);
        self.double(n);
        let mut covered = self.x.first_part([a, aa]);
        self.y.first_part([b, bb]);
        products.fill(0.0);
        if covered > 1 {
            let level = covered.ilog2() as usize - 1;
            products.copy_from_slice(self.products[level][0].delayed(n, 0));
        }
        while covered < self.period {
            let width: usize = 1 << (self.period - covered).trailing_zeros();
            let level = width.ilog2() as usize - 1;
            let [x1, x0] = self.x.shift(n, covered, width);
            let [y1, y0] = self.y.shift(n, covered, width);
            let early = self.products[level][0].delayed(n, covered);
            let rows = covered as f64;
            lanes_over(
                [early, a, b, x1, x0, y1, y0],
                [&mut *products],
                |[early, a, b, x1, x0, y1, y0], [late]| {
                    [merge(early, late, [a, b], [x1 - x0, y1 - y0], rows)]
                },
            );
            self.x.next_part([a, aa], covered, width);
            self.y.next_part([b, bb], covered, width);
            covered += width;
        }
    }

    #[inline(always)]
    fn double(&mut self, n: usize) {
        for at in 0..self.products.len() {
            let width = 1 << at;
            let (from, to) = self.products.split_at_mut(at);
            let [to] = extended(&mut to[0], n);
            let [x1, x0] = self.x.shift(n, width, width);
            let [y1, y0] = self.y.shift(n, width, width);
            let Some([from]) = from.last() else {
                lanes([x1, x0, y1, y0], [to], |[x1, x0, y1, y0]| {
                    [merge(0.0, 0.0, [0.0; 2], [x1 - x0, y1 - y0], 1.0)]
                });
                continue;
            };
            let (early, late) = (from.delayed(n, width), from.delayed(n, 0));
            let (a, b) = (self.x.sums(at - 1, n), self.y.sums(at - 1, n));
            let rows = width as f64;
            lanes(
                [early, late, a, b, x1, x0, y1, y0],
                [to],
                |[early, late, a, b, x1, x0, y1, y0]| {
                    [merge(early, late, [a, b], [x1 - x0, y1 - y0], rows)]
                },
            );
        }
    }
}

impl State for SlidingCoMoments {
    fn save(&self, words: &mut Vec<f64>) {
        self.x.save(words);
        self.y.save(words);
        self.products.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.x.load(words);
        self.y.load(words);
        self.products.load(words);
    }
}
