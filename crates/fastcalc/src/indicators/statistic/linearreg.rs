//! The least-squares line through the last rows.

use crate::indicators::prelude::*;

struct Regression<F> {
    window: Window<Line>,
    read: F,
}

impl<F> State for Regression<F> {
    fn save(&self, words: &mut Vec<f64>) {
        self.window.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.window.load(words);
    }
}

impl<F: Fn(&Line) -> f64> Kernel<1, 1> for Regression<F> {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.window
            .push(Line::of(x))
            .map(|line| [(self.read)(&line)])
    }
}

fn regression(p: &Params, read: impl Fn(&Line) -> f64 + Send + Sync + 'static) -> Box<dyn Stream> {
    node(Regression {
        window: Window::new(p.n(0)),
        read,
    })
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
        let last = p.n(0) as f64 - 1.0;
        regression(p, move |line| line.at(last))
    },
);

pub const LINEARREG_SLOPE: Definition = of_line(
    "linearreg_slope",
    "Slope per row of the least-squares line through the last `period` rows.",
    |p| regression(p, Line::slope),
);

pub const LINEARREG_INTERCEPT: Definition = of_line(
    "linearreg_intercept",
    "Least-squares line through the last `period` rows, at the first of them.",
    |p| regression(p, |line| line.at(0.0)),
);

pub const LINEARREG_ANGLE: Definition = Definition {
    range: Some((-90.0, 90.0)),
    ..of_line(
        "linearreg_angle",
        "Angle of the least-squares line through the last `period` rows, in degrees, one row being as long as one unit of price.",
        |p| regression(p, |line| libm::atan(line.slope()).to_degrees()),
    )
};

pub const TSF: Definition = of_line(
    "tsf",
    "Time series forecast: the least-squares line through the last `period` rows, one row on.",
    |p| {
        let next = p.n(0) as f64;
        regression(p, move |line| line.at(next))
    },
);
