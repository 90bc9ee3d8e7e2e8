//! First-order recurrences, eight rows at a time.

use super::{Eights, state};
use crate::simd::Eight;

/// Rows between a value and the one it is made from.
const AHEAD: usize = 8;

/// y = a y + w x from row to row, a and w of at least 0.
///
/// Worked out as y(t) = a^8 y(t - 8) + w times the decayed sum of the last eight x, which is put together from those
/// of two and of four: eight chains that do not wait for one another, which is many times faster and as exact as
/// waiting for every row.
#[derive(Debug, Clone)]
pub struct Recurrence {
    w: f64,
    /// a, a^2, a^4, a^8.
    decays: [f64; 4],
    /// Rows since the start, up to [`AHEAD`].
    rows: usize,
    /// The last x.
    x: f64,
    /// The last two decayed sums of two x, oldest first.
    twos: [f64; 2],
    /// The last four decayed sums of four x, oldest first.
    fours: [f64; 4],
    /// The last eight results, oldest first.
    y: [f64; AHEAD],
}
state!(Recurrence: rows, x, twos, fours, y);

impl Recurrence {
    /// Not started.
    pub fn new(a: f64, w: f64) -> Self {
        let a2 = a * a;
        let a4 = a2 * a2;
        Recurrence {
            w,
            decays: [a, a2, a4, a4 * a4],
            rows: 0,
            x: 0.0,
            twos: [0.0; 2],
            fours: [0.0; 4],
            y: [0.0; AHEAD],
        }
    }

    /// Starts with a value.
    pub fn start(&mut self, value: f64) {
        self.rows = 0;
        self.x = 0.0;
        self.twos = [0.0; 2];
        self.fours = [0.0; 4];
        self.y[AHEAD - 1] = value;
    }

    /// Weight of the latest row.
    #[inline(always)]
    pub fn weight(&self) -> f64 {
        self.w
    }

    /// The latest result.
    #[inline(always)]
    pub fn value(&self) -> f64 {
        self.y[AHEAD - 1]
    }

    /// Takes a row.
    #[inline(always)]
    pub fn push(&mut self, x: f64) -> f64 {
        let [a, a2, a4, a8] = self.decays;
        let two = x + a * self.x;
        let four = two + a2 * self.twos[0];
        let eight = four + a4 * self.fours[0];
        let y = if self.rows < AHEAD {
            self.rows += 1;
            self.w * x + a * self.y[AHEAD - 1]
        } else {
            self.w * eight + a8 * self.y[0]
        };
        self.x = x;
        self.twos = [self.twos[1], two];
        self.fours = [self.fours[1], self.fours[2], self.fours[3], four];
        self.y.copy_within(1.., 0);
        self.y[AHEAD - 1] = y;
        y
    }

    /// Takes rows less `origin`, as `push` does one by one; `out` gets `origin` added.
    #[inline(always)]
    pub fn block<V: Eight>(&mut self, x: &[f64], out: &mut [f64], origin: f64) {
        let n = out.len();
        let mut done = 0;
        while done < n && !(self.is_ahead() && (n - done).is_multiple_of(AHEAD)) {
            out[done] = self.push(x[done] - origin) + origin;
            done += 1;
        }
        let base = V::splat(origin);
        let mut chain = self.chain::<V>();
        let mut rows = Eights::new([&x[done..]], [&mut out[done..]]);
        while let Some([x]) = rows.read::<V>() {
            rows.write([chain.next(x - base) + base]);
        }
        self.settle(chain);
    }

    /// Whether eight rows may be taken at a time.
    #[inline(always)]
    pub fn is_ahead(&self) -> bool {
        self.rows == AHEAD
    }

    /// For rows by the eight, once it [is ahead](Self::is_ahead); to be [settled](Self::settle).
    #[inline(always)]
    pub fn chain<V: Eight>(&self) -> Chain<V> {
        let ([t2, t1], [f4, f3, f2, f1]) = (self.twos, self.fours);
        Chain {
            w: V::splat(self.w),
            decays: self.decays.map(V::splat),
            x: V::load(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, self.x]),
            two: V::load(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, t2, t1]),
            four: V::load(&[0.0, 0.0, 0.0, 0.0, f4, f3, f2, f1]),
            y: V::load(&self.y),
        }
    }

    /// Takes what a chain has come to.
    #[inline(always)]
    pub fn settle<V: Eight>(&mut self, chain: Chain<V>) {
        self.take([chain.x, chain.two, chain.four, chain.y]);
    }

    /// A [`chain`](Self::chain) of a running sum, where both a and w are 1.
    #[inline(always)]
    pub fn sum_chain<V: Eight>(&self) -> SumChain<V> {
        let Chain {
            x, two, four, y, ..
        } = self.chain();
        SumChain { x, two, four, y }
    }

    /// Takes what a running sum has come to.
    #[inline(always)]
    pub fn settle_sum<V: Eight>(&mut self, chain: SumChain<V>) {
        self.take([chain.x, chain.two, chain.four, chain.y]);
    }

    #[inline(always)]
    fn take<V: Eight>(&mut self, [x, two, four, y]: [V; 4]) {
        let mut eight = [0.0; AHEAD];
        x.store(&mut eight);
        self.x = eight[AHEAD - 1];
        two.store(&mut eight);
        self.twos.copy_from_slice(&eight[AHEAD - 2..]);
        four.store(&mut eight);
        self.fours.copy_from_slice(&eight[AHEAD - 4..]);
        y.store(&mut self.y);
    }
}

/// A running sum eight rows at a time: a [`Chain`] without products by 1.
#[derive(Clone, Copy)]
pub struct SumChain<V> {
    /// The last eight rows, sums of two and of four, and results.
    x: V,
    two: V,
    four: V,
    y: V,
}

impl<V: Eight> SumChain<V> {
    /// The next eight sums.
    #[inline(always)]
    pub fn next(&mut self, x: V) -> V {
        let two = x + x.after::<1>(self.x);
        let four = two + two.after::<2>(self.two);
        self.y = (four + four.after::<4>(self.four)) + self.y;
        (self.x, self.two, self.four) = (x, two, four);
        self.y
    }
}

/// A [`Recurrence`] eight rows at a time.
#[derive(Clone, Copy)]
pub struct Chain<V> {
    w: V,
    decays: [V; 4],
    /// The last eight rows, decayed sums of two and of four, and results.
    x: V,
    two: V,
    four: V,
    y: V,
}

impl<V: Eight> Chain<V> {
    /// Of the same rows as another, so that the compiler need not move them on twice.
    #[inline(always)]
    pub fn beside(mut self, other: &Self) -> Self {
        self.x = other.x;
        self
    }

    /// The next eight results.
    #[inline(always)]
    pub fn next(&mut self, x: V) -> V {
        let [a, a2, a4, a8] = self.decays;
        let two = x + a * x.after::<1>(self.x);
        let four = two + a2 * two.after::<2>(self.two);
        let eight = four + a4 * four.after::<4>(self.four);
        self.y = self.w * eight + a8 * self.y;
        (self.x, self.two, self.four) = (x, two, four);
        self.y
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Plain;

    fn rows() -> Vec<f64> {
        (0..600_u32)
            .map(|i| f64::from(i * i % 251) * 0.25 + 1.0)
            .collect()
    }

    #[test]
    fn is_the_recurrence_row_by_row_and_block_by_block() {
        for (a, w) in [(0.9, 0.1), (0.0, 1.0), (1.0, 1.0), (13.0 / 14.0, 1.0)] {
            let (mut plain, mut one, mut many) =
                (5.0, Recurrence::new(a, w), Recurrence::new(a, w));
            one.start(plain);
            many.start(plain);
            let rows = rows();
            let mut out = vec![0.0; rows.len()];
            let (mut from, mut length) = (0, 1);
            while from < rows.len() {
                let to = rows.len().min(from + length);
                many.block::<Plain>(&rows[from..to], &mut out[from..to], 0.0);
                (from, length) = (to, length * 5 % 83);
            }
            for (row, (x, value)) in rows.iter().zip(&out).enumerate() {
                plain = a * plain + w * x;
                assert_eq!(one.push(*x).to_bits(), value.to_bits(), "{a} row {row}");
                assert!((plain - value).abs() <= 1e-13 * plain, "{a} row {row}");
            }
        }
    }
}
