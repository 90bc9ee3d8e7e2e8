//! The least-squares line through the last rows.

use crate::indicators::prelude::*;

struct Regression<F> {
    window: SlidingPair<Ramp>,
    line: LineOf,
    read: F,
}

/// What turns sums into a line.
#[derive(Debug, Clone, Copy)]
struct LineOf {
    /// 1 / rows.
    share: f64,
    /// Row number of the middle.
    middle: f64,
    /// 1 / sum of squared distances from the middle.
    spread: f64,
}

impl LineOf {
    fn new(period: usize) -> Self {
        let n = period as f64;
        LineOf {
            share: 1.0 / n,
            middle: (n - 1.0) / 2.0,
            spread: 12.0 / (n * (n * n - 1.0)),
        }
    }

    /// Height in the middle and slope per row, of a window's origin and sums.
    #[inline(always)]
    fn of(self, [origin, sum, ramp]: [f64; 3]) -> [f64; 2] {
        [
            origin + sum * self.share,
            (ramp - self.middle * sum) * self.spread,
        ]
    }
}

impl<F> State for Regression<F> {
    fn save(&self, words: &mut Vec<f64>) {
        self.window.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.window.load(words);
    }
}

impl<F: Fn(f64, f64) -> f64> Kernel<1, 1> for Regression<F> {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let [height, slope] = self.line.of(self.window.push(x)?);
        Some([(self.read)(height, slope)])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([x], [out], cold) = (inputs, outputs, self.window.cold());
        let [sums, ramps, ..] = work.columns();
        let n = x.len();
        let (sums, ramps) = (&mut sums[..n], &mut ramps[..n]);
        self.window.block::<V>(x, [sums, ramps]);
        let origins = self.window.origins(n);
        for i in 0..n {
            let [height, slope] = self.line.of([origins[i], sums[i], ramps[i]]);
            out[i] = (self.read)(height, slope);
        }
        blank([out], cold);
    }
}

/// `read` is given the height of the line in the middle of the window and its slope.
fn regression(
    p: &Params,
    read: impl Fn(f64, f64) -> f64 + Send + Sync + 'static,
) -> Box<dyn Stream> {
    node(Regression {
        window: SlidingPair::new(p.n(0)),
        line: LineOf::new(p.n(0)),
        read,
    })
}

/// Rows from the middle of the window to its last.
fn half(p: &Params) -> f64 {
    (p.n(0) as f64 - 1.0) / 2.0
}

const fn of_line(
    name: &'static str,
    about: &'static str,
    build: fn(&Params) -> Box<dyn Stream>,
) -> Definition {
    define(
        name,
        Group::Statistic,
        about,
        &[Input::Real],
        const { &[period(2, 14)] },
        |p| p.n(0) - 1,
        build,
    )
}

pub const LINEARREG: Definition = of_line(
    "linearreg",
    "Least-squares line through the last `period` rows, at the last of them.",
    |p| {
        let half = half(p);
        regression(p, move |height, slope| height + slope * half)
    },
);

pub const LINEARREG_SLOPE: Definition = of_line(
    "linearreg_slope",
    "Slope per row of the least-squares line through the last `period` rows.",
    |p| regression(p, |_, slope| slope),
);

pub const LINEARREG_INTERCEPT: Definition = of_line(
    "linearreg_intercept",
    "Least-squares line through the last `period` rows, at the first of them.",
    |p| {
        let half = half(p);
        regression(p, move |height, slope| height - slope * half)
    },
);

pub const LINEARREG_ANGLE: Definition = Definition {
    range: Some((-90.0, 90.0)),
    ..of_line(
        "linearreg_angle",
        "Angle of the least-squares line through the last `period` rows, in degrees, one row being as long as one unit of price.",
        |p| regression(p, |_, slope| libm::atan(slope).to_degrees()),
    )
};

pub const TSF: Definition = of_line(
    "tsf",
    "Time series forecast: the least-squares line through the last `period` rows, one row on.",
    |p| {
        let next = half(p) + 1.0;
        regression(p, move |height, slope| height + slope * next)
    },
);
