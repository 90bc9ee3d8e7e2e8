//! Zero-lag exponential moving average.

use super::first::{FIRST, SEED};
use crate::indicators::prelude::*;

struct Zlema {
    /// None for a lag of 0.
    delay: Option<Delay>,
    average: Ema,
    /// Whether the last price before the first input starts the average.
    first: bool,
    /// Rows until there is an input.
    left: usize,
}

impl State for Zlema {
    fn save(&self, words: &mut Vec<f64>) {
        if let Some(delay) = &self.delay {
            delay.save(words);
        }
        self.average.save(words);
        self.left.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        if let Some(delay) = &mut self.delay {
            delay.load(words);
        }
        self.average.load(words);
        self.left.load(words);
    }
}

fn lag(period: usize) -> usize {
    (period - 1) / 2
}

impl Kernel<1, 1> for Zlema {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let before = match &mut self.delay {
            Some(delay) => delay.push(x),
            None => Some(x),
        };
        let Some(before) = before else {
            self.left = self.left.saturating_sub(1);
            let starts = self.first && self.left == 0;
            return starts.then(|| self.average.push(x).map(|v| [v])).flatten();
        };
        self.average.push(x + (x - before)).map(|v| [v])
    }
}

pub const ZLEMA: Definition = define(
    "zlema",
    Group::Overlap,
    "Zero-lag EMA (Ehlers, Way 2010): EMA of 2 x - x of (period - 1) / 2 rows ago; starts as the mean of its first \
     `period` inputs, or with seed=first as the price before the first of them.",
    &[Input::Real],
    &[period(1, 14), SEED],
    |p| match p.n(1) {
        FIRST => lag(p.n(0)).saturating_sub(1),
        _ => lag(p.n(0)) + p.n(0) - 1,
    },
    |p| {
        let delay = (lag(p.n(0)) > 0).then(|| Delay::new(lag(p.n(0))));
        node(Zlema {
            delay,
            average: if p.n(1) == FIRST {
                Ema::from_first(p.n(0))
            } else {
                Ema::new(p.n(0))
            },
            first: p.n(1) == FIRST,
            left: lag(p.n(0)),
        })
    },
);
