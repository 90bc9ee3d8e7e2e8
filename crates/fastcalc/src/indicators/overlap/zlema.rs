//! Zero-lag exponential moving average.

use crate::indicators::prelude::*;

struct Zlema {
    /// None for a lag of 0.
    delay: Option<Delay>,
    average: Ema,
}

impl State for Zlema {
    fn save(&self, words: &mut Vec<f64>) {
        if let Some(delay) = &self.delay {
            delay.save(words);
        }
        self.average.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        if let Some(delay) = &mut self.delay {
            delay.load(words);
        }
        self.average.load(words);
    }
}

fn lag(period: usize) -> usize {
    (period - 1) / 2
}

impl Kernel<1, 1> for Zlema {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let before = match &mut self.delay {
            Some(delay) => delay.push(x)?,
            None => x,
        };
        self.average.push(x + (x - before)).map(|v| [v])
    }
}

pub const ZLEMA: Definition = define(
    "zlema",
    Group::Overlap,
    "Zero-lag EMA (Ehlers, Way 2010): EMA of 2 x - x of (period - 1) / 2 rows ago; starts as the mean of its first \
     `period` inputs.",
    &[Input::Real],
    &[period(1, 14)],
    |p| lag(p.n(0)) + p.n(0) - 1,
    |p| {
        let delay = (lag(p.n(0)) > 0).then(|| Delay::new(lag(p.n(0))));
        node(Zlema {
            delay,
            average: Ema::new(p.n(0)),
        })
    },
);
