//! Candlestick patterns, in TA-Lib's reading of Nison (Japanese Candlestick Charting Techniques, 1991;
//! Beyond Candlesticks, 1994) and Morris (Candlepower, 1992), with its default candle settings.

mod candle;
mod chart;
mod crows;
mod doji;
mod engulfing;
mod gaps;
mod hammers;
mod hikkake;
mod kicking;
mod lines;
mod methods;
mod necks;
mod prelude;
mod rivers;
mod rule;
mod setting;
mod soldiers;
mod stars;

use super::engine::Definition;

/// All of them.
pub const ALL: &[&Definition] = &[
    &crows::TWO_CROWS,
    &crows::THREE_BLACK_CROWS,
    &engulfing::THREE_INSIDE,
    &methods::THREE_LINE_STRIKE,
    &engulfing::THREE_OUTSIDE,
    &rivers::THREE_STARS_IN_THE_SOUTH,
    &soldiers::THREE_WHITE_SOLDIERS,
    &stars::ABANDONED_BABY,
    &soldiers::ADVANCE_BLOCK,
    &lines::BELT_HOLD,
    &methods::BREAKAWAY,
    &lines::CLOSING_MARUBOZU,
    &rivers::CONCEALING_BABY_SWALLOW,
    &necks::COUNTERATTACK,
    &necks::DARK_CLOUD_COVER,
    &doji::DOJI,
    &doji::DOJI_STAR,
    &doji::DRAGONFLY_DOJI,
    &engulfing::ENGULFING,
    &stars::EVENING_DOJI_STAR,
    &stars::EVENING_STAR,
    &gaps::GAP_SIDE_BY_SIDE_WHITE,
    &doji::GRAVESTONE_DOJI,
    &hammers::HAMMER,
    &hammers::HANGING_MAN,
    &engulfing::HARAMI,
    &engulfing::HARAMI_CROSS,
    &lines::HIGH_WAVE,
    &hikkake::HIKKAKE,
    &hikkake::HIKKAKE_MODIFIED,
    &engulfing::HOMING_PIGEON,
    &crows::IDENTICAL_THREE_CROWS,
    &necks::IN_NECK,
    &hammers::INVERTED_HAMMER,
    &kicking::KICKING,
    &kicking::KICKING_BY_LENGTH,
    &rivers::LADDER_BOTTOM,
    &doji::LONG_LEGGED_DOJI,
    &lines::LONG_LINE,
    &lines::MARUBOZU,
    &necks::MATCHING_LOW,
    &methods::MAT_HOLD,
    &stars::MORNING_DOJI_STAR,
    &stars::MORNING_STAR,
    &necks::ON_NECK,
    &necks::PIERCING,
    &doji::RICKSHAW_MAN,
    &methods::RISING_FALLING_THREE_METHODS,
    &necks::SEPARATING_LINES,
    &hammers::SHOOTING_STAR,
    &lines::SHORT_LINE,
    &lines::SPINNING_TOP,
    &soldiers::STALLED_PATTERN,
    &necks::STICK_SANDWICH,
    &doji::TAKURI,
    &gaps::TASUKI_GAP,
    &necks::THRUSTING,
    &doji::TRISTAR,
    &rivers::UNIQUE_THREE_RIVER,
    &crows::UPSIDE_GAP_TWO_CROWS,
    &gaps::GAP_THREE_METHODS,
];
