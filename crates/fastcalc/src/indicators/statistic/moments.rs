//! Standard deviation and variance.

use crate::indicators::prelude::*;

struct Spread {
    window: Window<Moments>,
    factor: f64,
    root: bool,
}
state!(Spread: window);

impl Kernel<1, 1> for Spread {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let variance = self.window.push(Moments::of(x))?.variance();
        Some([if self.root {
            variance.sqrt() * self.factor
        } else {
            variance
        }])
    }
}

pub const STDDEV: Definition = define(
    "stddev",
    Group::Statistic,
    "Population standard deviation of the last `period` rows, times `nbdev`.",
    &[Input::Real],
    &[period(2, 5), real("nbdev", -1e6, 1e6, 1.0)],
    |p| p.n(0) - 1,
    |p| {
        node(Spread {
            window: Window::new(p.n(0)),
            factor: p.x(1),
            root: true,
        })
    },
);

pub const VAR: Definition = Definition {
    range: Some((0.0, f64::INFINITY)),
    ..define(
        "var",
        Group::Statistic,
        "Population variance of the last `period` rows; `nbdev` changes nothing (as in TA-Lib).",
        &[Input::Real],
        &[period(1, 5), real("nbdev", -1e6, 1e6, 1.0)],
        |p| p.n(0) - 1,
        |p| {
            node(Spread {
                window: Window::new(p.n(0)),
                factor: 1.0,
                root: false,
            })
        },
    )
};
