//! The latest candles and the yardsticks they are measured with.

use super::candle::Candle;
use super::setting::Setting;
use crate::indicators::prelude::*;

/// Candles kept: the longest window (10) before the first of the longest pattern (5), and one.
const DEPTH: usize = 16;

/// Most yardsticks of one pattern.
const MOST: usize = 12;

/// A range this many times the sum that it leaves behind has left mostly its own rounding in it.
const SPIKE: f64 = 1_048_576.0;

/// A yardstick of a pattern and the candle it ends before, counted back from the latest.
pub type Yardstick = (Setting, usize);

/// The latest candles of a pattern.
///
/// Sums run on by the difference of what enters and leaves, one for each yardstick and place, as
/// TA-Lib's do: ties are decided by their last bit. Only where a spike leaves are they made anew.
#[derive(Debug, Clone)]
pub struct Chart {
    bars: [[f64; 4]; DEPTH],
    rows: usize,
    totals: [f64; MOST],
    yardsticks: &'static [Yardstick],
    /// Rows before the pattern can first be looked for.
    start: usize,
    /// How far a candle must reach into the body of an earlier one, as a fraction of that body.
    pub penetration: f64,
}
state!(Chart: bars, rows, totals);

impl Chart {
    /// Of no candle yet.
    pub fn new(yardsticks: &'static [Yardstick], start: usize, penetration: f64) -> Self {
        assert!(yardsticks.len() <= MOST);
        Chart {
            bars: [[0.0; 4]; DEPTH],
            rows: 0,
            totals: [0.0; MOST],
            yardsticks,
            start,
            penetration,
        }
    }

    /// Takes a candle; says whether the pattern can be looked for.
    #[inline]
    pub fn push(&mut self, bar: [f64; 4]) -> bool {
        self.bars[self.rows % DEPTH] = bar;
        self.rows += 1;
        self.rows > self.start
    }

    /// Moves the yardsticks on, after the pattern has been looked for.
    #[inline]
    pub fn advance(&mut self) {
        for at in 0..self.yardsticks.len() {
            let (setting, ago) = self.yardsticks[at];
            let period = setting.period();
            if self.rows > self.start {
                let enters = setting.range(&self.candle(ago));
                let leaves = setting.range(&self.candle(ago + period));
                self.totals[at] += enters - leaves;
                if leaves > SPIKE * self.totals[at] {
                    self.totals[at] = self.sum(setting, ago, period);
                }
            } else if self.rows + period > self.start {
                self.totals[at] += setting.range(&self.candle(ago));
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn sum(&self, setting: Setting, ago: usize, period: usize) -> f64 {
        let range = |back: usize| setting.range(&self.candle(ago + back));
        (0..period).rev().map(range).sum()
    }

    /// The candle of `ago` rows ago.
    #[inline]
    pub fn candle(&self, ago: usize) -> Candle {
        let [open, high, low, close] = self.bars[(self.rows - 1 - ago) % DEPTH];
        Candle {
            open,
            high,
            low,
            close,
            ago,
        }
    }

    /// The last `N` candles, oldest first.
    #[inline]
    pub fn candles<const N: usize>(&self) -> [Candle; N] {
        std::array::from_fn(|at| self.candle(N - 1 - at))
    }

    /// The yardstick for this candle, made of those before it.
    #[inline]
    pub fn yardstick(&self, setting: Setting, candle: &Candle) -> f64 {
        let period = setting.period();
        if period == 0 {
            return setting.scale(setting.range(candle));
        }
        let wanted = (setting, candle.ago);
        let at = self.yardsticks.iter().position(|y| *y == wanted);
        let at = at.expect("a pattern names every yardstick it uses");
        setting.scale(self.totals[at] / period as f64)
    }

    /// Body above the average.
    #[inline]
    pub fn long(&self, candle: &Candle) -> bool {
        candle.body() > self.yardstick(Setting::BodyLong, candle)
    }

    /// Body below the average.
    #[inline]
    pub fn short(&self, candle: &Candle) -> bool {
        candle.body() < self.yardstick(Setting::BodyShort, candle)
    }

    /// Body at most the average.
    #[inline]
    pub fn at_most_short(&self, candle: &Candle) -> bool {
        candle.body() <= self.yardstick(Setting::BodyShort, candle)
    }

    /// Body above what would be short.
    #[inline]
    pub fn longer_than_short(&self, candle: &Candle) -> bool {
        candle.body() > self.yardstick(Setting::BodyShort, candle)
    }

    /// Hardly a body.
    #[inline]
    pub fn doji(&self, candle: &Candle) -> bool {
        candle.body() <= self.yardstick(Setting::BodyDoji, candle)
    }

    /// Hardly a shadow above the body.
    #[inline]
    pub fn bald(&self, candle: &Candle) -> bool {
        candle.upper() < self.yardstick(Setting::ShadowVeryShort, candle)
    }

    /// Hardly a shadow below the body.
    #[inline]
    pub fn footless(&self, candle: &Candle) -> bool {
        candle.lower() < self.yardstick(Setting::ShadowVeryShort, candle)
    }

    /// A shadow above the body worth the name.
    #[inline]
    pub fn has_upper(&self, candle: &Candle) -> bool {
        candle.upper() > self.yardstick(Setting::ShadowVeryShort, candle)
    }

    /// A shadow below the body worth the name.
    #[inline]
    pub fn has_lower(&self, candle: &Candle) -> bool {
        candle.lower() > self.yardstick(Setting::ShadowVeryShort, candle)
    }

    /// Upper shadow longer than the body.
    #[inline]
    pub fn long_upper(&self, candle: &Candle) -> bool {
        candle.upper() > self.yardstick(Setting::ShadowLong, candle)
    }

    /// Lower shadow longer than the body.
    #[inline]
    pub fn long_lower(&self, candle: &Candle) -> bool {
        candle.lower() > self.yardstick(Setting::ShadowLong, candle)
    }

    /// Distance up to which prices are near.
    #[inline]
    pub fn near(&self, candle: &Candle) -> f64 {
        self.yardstick(Setting::Near, candle)
    }

    /// Distance above which prices are far apart.
    #[inline]
    pub fn far(&self, candle: &Candle) -> f64 {
        self.yardstick(Setting::Far, candle)
    }

    /// Whether a price equals that of a candle, as good as.
    #[inline]
    pub fn equal(&self, price: f64, other: f64, candle: &Candle) -> bool {
        let width = self.yardstick(Setting::Equal, candle);
        price <= other + width && price >= other - width
    }
}
