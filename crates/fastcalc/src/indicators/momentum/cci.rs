//! Commodity channel index.

use crate::indicators::prelude::*;
use crate::simd::EIGHT;

struct Cci {
    period: usize,
    rows: Track,
    sum: SlidingSum,
    mean: Divide,
}
state!(Cci: rows, sum);

/// Eights of rows worked on side by side: what one adds up does not wait for another.
const EIGHTS: usize = 4;
/// Rows of those.
const LANES: usize = EIGHTS * EIGHT;

/// A mean of equal rows may be off by this much of them: no distance.
const ROUNDING: f64 = 2e-15;

#[inline(always)]
fn index(typical: f64, mean: f64, deviation: f64) -> f64 {
    let off = typical - mean;
    let index = off / (0.015 * deviation);
    if off.abs() > ROUNDING * typical.abs() {
        index
    } else {
        0.0
    }
}

/// The sums of the distances of the rows of windows from their middles. As many rows as windows, and those before
/// them.
#[inline(always)]
fn distances<V: Eight>(rows: &[f64], middles: &[f64; LANES]) -> [V; EIGHTS] {
    let eights = |of: &[f64; LANES]| -> [V; EIGHTS] {
        std::array::from_fn(|at| V::load(&of.as_chunks().0[at]))
    };
    let middles = eights(middles);
    let mut sums = [V::splat(0.0); EIGHTS];
    for window in rows.windows(LANES) {
        let x = eights(window.try_into().expect("lanes"));
        for (sum, (x, middle)) in sums.iter_mut().zip(x.into_iter().zip(middles)) {
            *sum = *sum + (x - middle).abs();
        }
    }
    sums
}

impl Cci {
    fn new(period: usize) -> Self {
        Cci {
            period,
            rows: Track::new(period - 1),
            sum: SlidingSum::new(period),
            mean: Divide::new(period),
        }
    }
}

impl Kernel<3, 1> for Cci {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 1]> {
        let typical = (high + low + close) / 3.0;
        let window = self.rows.extend(1);
        window[self.period - 1] = typical;
        let mean = self.mean.of::<Plain>(self.sum.push(typical)?);
        let deviation = window.iter().fold(0.0, |sum, x| sum + (x - mean).abs());
        Some([index(typical, mean, self.mean.of::<Plain>(deviation))])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 3], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([high, low, close], [out], cold) = (inputs, outputs, self.sum.cold());
        let [means, ..] = work.columns();
        let (n, period) = (out.len(), self.period);
        let means = &mut means[..n];
        let [high, low, close] = [high, low, close].map(|column| &column[..n]);
        let rows = self.rows.extend(n);
        let typical = &mut rows[period - 1..][..n];
        for i in 0..n {
            typical[i] = (high[i] + low[i] + close[i]) / 3.0;
        }
        let mean = self.mean;
        self.sum
            .finished::<V>(typical, means, |sum| mean.of::<V>(sum));
        let whole = n / LANES * LANES;
        for at in (0..whole).step_by(LANES) {
            let middles: &[f64; LANES] = means[at..].first_chunk().expect("lanes");
            let sums = distances::<V>(&rows[at..at + LANES + period - 1], middles);
            for (sum, to) in sums.into_iter().zip(out[at..].as_chunks_mut().0) {
                sum.store(to);
            }
        }
        for at in whole..n {
            let window = &rows[at..at + period];
            out[at] = window
                .iter()
                .fold(0.0, |sum, x| sum + (x - means[at]).abs());
        }
        let typical = &rows[period - 1..][..n];
        for i in 0..n {
            out[i] = index(typical[i], means[i], self.mean.of::<V>(out[i]));
        }
        blank([out], cold);
    }
}

pub const CCI: Definition = define(
    "cci",
    Group::Momentum,
    "Commodity channel index (Lambert 1980): distance of the typical price from its mean, over .015 mean absolute deviations; 0 when flat.",
    &[HIGH, LOW, CLOSE],
    &[period(2, 14)],
    |p| p.n(0) - 1,
    |p| node(Cci::new(p.n(0))),
);
