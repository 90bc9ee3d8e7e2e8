//! Kaufman's adaptive moving average.

use crate::indicators::prelude::*;

const SLOW: f64 = 2.0 / 31.0;
const FAST: f64 = 2.0 / 3.0;

/// Follows fast where the price moves straight.
#[derive(Debug, Clone)]
pub struct Kama {
    period: usize,
    rows: Track,
    path: SlidingSum,
    seen: usize,
    /// Averages what is above the row it starts from.
    origin: f64,
    average: Adaptive,
}
state!(Kama: rows, path, seen, origin, average);

/// Weight of a row, from the way gone in all and the way gone forward.
#[inline(always)]
fn weight(forward: f64, path: f64) -> f64 {
    let efficiency = forward.abs() / path;
    let efficiency = if efficiency > 1.0 { 1.0 } else { efficiency };
    let efficiency = if path > 0.0 { efficiency } else { 1.0 };
    let weight = efficiency * (FAST - SLOW) + SLOW;
    weight * weight
}

impl Kama {
    /// Of `period` rows.
    pub fn new(period: usize) -> Self {
        Kama {
            period,
            rows: Track::new(period),
            path: SlidingSum::new(period),
            seen: 0,
            origin: 0.0,
            average: Adaptive::default(),
        }
    }

    /// Takes a row.
    #[inline]
    pub fn push(&mut self, x: f64) -> Option<f64> {
        let rows = self.rows.extend(1);
        rows[self.period] = x;
        let (start, previous) = (rows[0], rows[self.period - 1]);
        if self.seen < self.period {
            if self.seen > 0 {
                self.path.push((x - previous).abs());
            }
            self.seen += 1;
            // The average starts from the row before its first value.
            self.origin = x;
            self.average.start(0.0);
            return None;
        }
        let path = self.path.push((x - previous).abs())?;
        let weight = weight(x - start, path);
        Some(self.average.push(x - self.origin, weight) + self.origin)
    }
}

impl Kernel<1, 1> for Kama {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.push(x).map(|v| [v])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([x], [out]) = settled(self, inputs, outputs, |k| k.seen == k.period);
        let n = out.len();
        let rows = self.rows.extend(n);
        rows[self.period..].copy_from_slice(x);
        let (start, previous) = (&rows[..n], &rows[self.period - 1..self.period - 1 + n]);
        let [steps, path, a, b, c, d, ..] = work.columns();
        let (steps, path) = (&mut steps[..n], &mut path[..n]);
        for i in 0..n {
            steps[i] = (x[i] - previous[i]).abs();
        }
        self.path.block::<V>(steps, path);
        for i in 0..n {
            path[i] = weight(x[i] - start[i], path[i]);
        }
        for i in 0..n {
            steps[i] = x[i] - self.origin;
        }
        self.average.block(steps, path, out, [a, b, c, d]);
        for value in out {
            *value += self.origin;
        }
    }
}

pub const KAMA: Definition = define(
    "kama",
    Group::Overlap,
    "Kaufman's adaptive moving average (1995): weight (e (2/3 - 2/31) + 2/31)^2, e the efficiency ratio of `period` rows.",
    &[Input::Real],
    &[period(1, 30)],
    |p| p.n(0),
    |p| node(Kama::new(p.n(0))),
);
