//! Average deviation.

use crate::indicators::prelude::*;

/// Mean and mean absolute deviation of a window.
pub fn mean_deviation(window: &[f64]) -> (f64, f64) {
    let n = window.len() as f64;
    let origin = window[0];
    let mean = origin + crate::window::sum(window, |v| v - origin) / n;
    (mean, crate::window::sum(window, |v| (v - mean).abs()) / n)
}

struct Avgdev {
    last: Last,
}
state!(Avgdev: last);

impl Kernel<1, 1> for Avgdev {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.last.push(x).map(|window| [mean_deviation(window).1])
    }
}

pub const AVGDEV: Definition = define(
    "avgdev",
    Group::Price,
    "Mean absolute deviation from the mean of the last `period` rows.",
    &[Input::Real],
    &[period(2, 14)],
    |p| p.n(0) - 1,
    |p| {
        node(Avgdev {
            last: Last::new(p.n(0)),
        })
    },
);
