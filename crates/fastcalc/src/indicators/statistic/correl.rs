//! Correlation and beta.

use crate::indicators::prelude::*;

struct Correl {
    window: SlidingCoMoments,
    share: f64,
}
state!(Correl: window);

/// Population moments of both series: variances and covariance.
#[inline(always)]
fn moments([x, y, xx, yy, xy]: [f64; 5], share: f64) -> [f64; 3] {
    let (mean_x, mean_y) = (x * share, y * share);
    let positive = |v: f64| if v > 0.0 { v } else { 0.0 };
    [
        positive(xx * share - mean_x * mean_x),
        positive(yy * share - mean_y * mean_y),
        xy * share - mean_x * mean_y,
    ]
}

/// Pearson's correlation, 0 where a series does not move.
#[inline(always)]
fn correlation(sums: [f64; 5], share: f64) -> f64 {
    let [xx, yy, xy] = moments(sums, share);
    let spread = xx.sqrt() * yy.sqrt();
    let correlation = xy / spread;
    if spread > 0.0 { correlation } else { 0.0 }
}

/// Slope of y on x, 0 where x does not move.
#[inline(always)]
fn slope(sums: [f64; 5], share: f64) -> f64 {
    let [xx, _, xy] = moments(sums, share);
    let slope = xy / xx;
    if xx > 0.0 { slope } else { 0.0 }
}

impl Kernel<2, 1> for Correl {
    #[inline]
    fn next(&mut self, [x, y]: [f64; 2]) -> Option<[f64; 1]> {
        let sums = self.window.push(x, y)?;
        Some([correlation(sums, self.share)])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 2], outputs: [&mut [f64]; 1], work: &mut Work) {
        let (series, [out]) = settled(self, inputs, outputs, |k| k.window.is_warm());
        let [a, b, c, d, e, ..] = work.columns();
        let n = out.len();
        let sums = [a, b, c, d, e].map(|sum| &mut sum[..n]);
        let [a, b, c, d, e] = sums;
        self.window
            .block(series, [&mut *a, &mut *b, &mut *c, &mut *d, &mut *e]);
        let share = self.share;
        lanes([a, b, c, d, e], [out], |sums| [correlation(sums, share)]);
    }
}

pub const CORREL: Definition = Definition {
    range: Some((-1.0, 1.0)),
    ..define(
        "correl",
        Group::Statistic,
        "Pearson's correlation of two series over `period` rows; 0 where one of them does not move.",
        &[Input::Real, Input::Real1],
        &[period(1, 30)],
        |p| p.n(0) - 1,
        |p| {
            node(Correl {
                window: SlidingCoMoments::new(p.n(0)),
                share: 1.0 / p.n(0) as f64,
            })
        },
    )
};

struct Beta {
    previous: Option<[f64; 2]>,
    window: SlidingCoMoments,
    share: f64,
}
state!(Beta: previous, window);

/// Relative change, 0 from 0.
#[inline(always)]
fn change(now: f64, before: f64) -> f64 {
    let change = (now - before) / before;
    if before == 0.0 { 0.0 } else { change }
}

impl Kernel<2, 1> for Beta {
    #[inline]
    fn next(&mut self, [x, y]: [f64; 2]) -> Option<[f64; 1]> {
        let [x0, y0] = self.previous.replace([x, y])?;
        let sums = self.window.push(change(x, x0), change(y, y0))?;
        Some([slope(sums, self.share)])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 2], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([x, y], [out]) = settled(self, inputs, outputs, |k| {
            k.previous.is_some() && k.window.is_warm()
        });
        let [a, b, c, d, e, dx, dy, ..] = work.columns();
        let n = out.len();
        if n == 0 {
            return;
        }
        let (dx, dy) = (&mut dx[..n], &mut dy[..n]);
        let [x0, y0] = self.previous.unwrap_or_default();
        (dx[0], dy[0]) = (change(x[0], x0), change(y[0], y0));
        for i in 1..n {
            (dx[i], dy[i]) = (change(x[i], x[i - 1]), change(y[i], y[i - 1]));
        }
        self.previous = Some([x[n - 1], y[n - 1]]);
        let [a, b, c, d, e] = [a, b, c, d, e].map(|sum| &mut sum[..n]);
        self.window
            .block([dx, dy], [&mut *a, &mut *b, &mut *c, &mut *d, &mut *e]);
        let share = self.share;
        lanes([a, b, c, d, e], [out], |sums| [slope(sums, share)]);
    }
}

pub const BETA: Definition = define(
    "beta",
    Group::Statistic,
    "Beta: covariance of the relative changes of both series over the variance of the first one's; 0 where that does not move.",
    &[Input::Real, Input::Real1],
    &[period(1, 5)],
    |p| p.n(0),
    |p| {
        node(Beta {
            previous: None,
            window: SlidingCoMoments::new(p.n(0)),
            share: 1.0 / p.n(0) as f64,
        })
    },
);
