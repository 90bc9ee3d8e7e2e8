//! Commodity channel index.

use crate::indicators::prelude::*;

struct Cci {
    period: usize,
    rows: Track,
    sum: SlidingSum,
    mean: Divide,
}
state!(Cci: rows, sum);

/// Rows worked on side by side: what one adds up does not wait for another.
const LANES: usize = 16;

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
        self.sum.block::<V>(typical, means);
        for mean in means.iter_mut() {
            *mean = self.mean.of::<V>(*mean);
        }
        let whole = n / LANES * LANES;
        for at in (0..whole).step_by(LANES) {
            let mut sums = [0.0; LANES];
            let means: [f64; LANES] = means[at..at + LANES].try_into().expect("lanes");
            for from in at..at + period {
                let x: &[f64; LANES] = rows[from..from + LANES].try_into().expect("lanes");
                for lane in 0..LANES {
                    sums[lane] += (x[lane] - means[lane]).abs();
                }
            }
            out[at..at + LANES].copy_from_slice(&sums);
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
