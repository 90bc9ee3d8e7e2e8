//! Bollinger bands.

use super::moving_average::{MovingAverage, ma_lookback, ma_type};
use crate::indicators::prelude::*;

struct Bbands {
    average: Option<MovingAverage>,
    window: SlidingMoments,
    up: f64,
    down: f64,
}

impl State for Bbands {
    fn save(&self, words: &mut Vec<f64>) {
        if let Some(average) = &self.average {
            average.save(words);
        }
        self.window.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        if let Some(average) = &mut self.average {
            average.load(words);
        }
        self.window.load(words);
    }
}

impl Bbands {
    fn new(period: usize, up: f64, down: f64, ma_type: usize) -> Self {
        Bbands {
            // The simple average is among the moments already.
            average: (ma_type != 0).then(|| MovingAverage::new(period, ma_type)),
            window: SlidingMoments::new(period),
            up,
            down,
        }
    }
}

impl Kernel<1, 3> for Bbands {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 3]> {
        let moments = self.window.push(x);
        let middle = match &mut self.average {
            None => None,
            Some(average) => Some(average.push(x)?),
        };
        let [mean, variance] = moments?;
        let middle = middle.unwrap_or(mean);
        let deviation = variance.sqrt();
        Some([
            middle + self.up * deviation,
            middle,
            middle - self.down * deviation,
        ])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 3], work: &mut Work) {
        let ([x], [upper, middle, lower]) = settled(self, inputs, outputs, |k| k.average.is_none());
        let cold = self.window.cold();
        let slot = work.part(&mut self.window, Of::Rows([x]));
        let [means, deviations] = work.part_columns(slot);
        let (up, down) = (self.up, self.down);
        let bands = [&mut *upper, &mut *middle, &mut *lower];
        lanes([means, deviations], bands, |[mean, deviation]| {
            [mean + up * deviation, mean, mean - down * deviation]
        });
        blank([upper, middle, lower], cold);
    }
}

pub const BBANDS: Definition = Definition {
    part: |p| (p.n(3) == 0).then(|| Part::Moments(p.n(0))),
    outputs: &["upperband", "middleband", "lowerband"],
    ..define(
        "bbands",
        Group::Overlap,
        "Bollinger bands (Bollinger 2001): a moving average plus and minus a multiple of the population standard deviation; both are whole before the \
         first value (TA-Lib pairs different rows where the average is whole first, as with mama).",
        &[Input::Real],
        &[
            period(2, 5),
            real("nbdevup", -1e6, 1e6, 2.0),
            real("nbdevdn", -1e6, 1e6, 2.0),
            ma_type("matype", 0),
        ],
        |p| ma_lookback(p.n(0), p.n(3)).max(p.n(0) - 1),
        |p| node(Bbands::new(p.n(0), p.x(1), p.x(2), p.n(3))),
    )
};
