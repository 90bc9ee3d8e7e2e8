//! Correlation and beta.

use crate::indicators::prelude::*;

struct Correl {
    window: Window<CoMoments>,
}
state!(Correl: window);

impl Kernel<2, 1> for Correl {
    #[inline]
    fn next(&mut self, [x, y]: [f64; 2]) -> Option<[f64; 1]> {
        self.window
            .push(CoMoments::of(x, y))
            .map(|both| [both.correlation()])
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
                window: Window::new(p.n(0)),
            })
        },
    )
};

struct Beta {
    previous: Option<[f64; 2]>,
    window: Window<CoMoments>,
}
state!(Beta: previous, window);

/// Relative change, 0 from 0.
#[inline]
fn change(now: f64, before: f64) -> f64 {
    if before == 0.0 {
        0.0
    } else {
        (now - before) / before
    }
}

impl Kernel<2, 1> for Beta {
    #[inline]
    fn next(&mut self, [x, y]: [f64; 2]) -> Option<[f64; 1]> {
        let [x0, y0] = self.previous.replace([x, y])?;
        let both = self
            .window
            .push(CoMoments::of(change(x, x0), change(y, y0)))?;
        Some([both.slope()])
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
            window: Window::new(p.n(0)),
        })
    },
);
