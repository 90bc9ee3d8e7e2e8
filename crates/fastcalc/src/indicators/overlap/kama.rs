//! Kaufman's adaptive moving average.

use crate::indicators::prelude::*;

const SLOW: f64 = 2.0 / 31.0;
const FAST: f64 = 2.0 / 3.0;

/// Follows fast where the price moves straight.
#[derive(Debug, Clone)]
pub struct Kama {
    start: Delay,
    path: Window<Sum>,
    previous: Option<f64>,
    value: f64,
}
state!(Kama: start, path, previous, value);

impl Kama {
    /// Of `period` rows.
    pub fn new(period: usize) -> Self {
        Kama {
            start: Delay::new(period),
            path: Window::new(period),
            previous: None,
            value: 0.0,
        }
    }

    /// Takes a row.
    #[inline]
    pub fn push(&mut self, x: f64) -> Option<f64> {
        let start = self.start.push(x);
        let Some(previous) = self.previous.replace(x) else {
            self.value = x;
            return None;
        };
        let path = self.path.push(Sum((x - previous).abs()));
        let (Some(start), Some(path)) = (start, path) else {
            // The average starts from the row before its first value.
            self.value = x;
            return None;
        };
        let efficiency = if path.0 > 0.0 {
            ((x - start).abs() / path.0).min(1.0)
        } else {
            1.0
        };
        let weight = efficiency * (FAST - SLOW) + SLOW;
        self.value += weight * weight * (x - self.value);
        Some(self.value)
    }
}

impl Kernel<1, 1> for Kama {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.push(x).map(|v| [v])
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
