//! What long, short, near … mean: TA-Lib's default candle settings.

use super::candle::Candle;

/// A yardstick: a factor times the average of a range over the candles before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// A body is long above the mean of the last 10.
    BodyLong,
    /// A body is short below the mean of the last 10.
    BodyShort,
    /// A body is a doji's up to 0.1 of the mean range of the last 10.
    BodyDoji,
    /// A shadow is long above the candle's own body.
    ShadowLong,
    /// A shadow is very long above twice the candle's own body.
    ShadowVeryLong,
    /// A shadow is short below the mean of a shadow of the last 10 (both shadows, halved).
    ShadowShort,
    /// A shadow is as good as none below 0.1 of the mean range of the last 10.
    ShadowVeryShort,
    /// Prices are near within 0.2 of the mean range of the last 5.
    Near,
    /// Prices are far apart above 0.6 of the mean range of the last 5.
    Far,
    /// Prices are equal within 0.05 of the mean range of the last 5.
    Equal,
}

impl Setting {
    /// Candles averaged; 0 compares a candle with itself.
    pub const fn period(self) -> usize {
        match self {
            Setting::ShadowLong | Setting::ShadowVeryLong => 0,
            Setting::Near | Setting::Far | Setting::Equal => 5,
            _ => 10,
        }
    }

    /// What is averaged of a candle.
    #[inline]
    pub fn range(self, candle: &Candle) -> f64 {
        match self {
            Setting::ShadowShort => candle.upper() + candle.lower(),
            Setting::BodyLong
            | Setting::BodyShort
            | Setting::ShadowLong
            | Setting::ShadowVeryLong => candle.body(),
            _ => candle.range(),
        }
    }

    /// The yardstick made of the average.
    #[inline]
    pub fn scale(self, average: f64) -> f64 {
        match self {
            Setting::BodyLong | Setting::BodyShort | Setting::ShadowLong => average,
            Setting::ShadowVeryLong => 2.0 * average,
            Setting::ShadowShort => average / 2.0,
            Setting::BodyDoji | Setting::ShadowVeryShort => 0.1 * average,
            Setting::Near => 0.2 * average,
            Setting::Far => 0.6 * average,
            Setting::Equal => 0.05 * average,
        }
    }
}
