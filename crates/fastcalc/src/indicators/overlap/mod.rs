//! Lines in the price chart.

pub mod accbands;
pub mod alma;
pub mod bbands;
pub mod channels;
pub mod dema;
pub mod ema;
pub mod first;
pub mod frama;
pub mod heikin_ashi;
pub mod hma;
pub mod ichimoku;
pub mod kama;
pub mod mama;
pub mod mavp;
pub mod mcginley;
pub mod midpoint;
pub mod moving_average;
pub mod pivots;
pub mod sar;
pub mod sma;
pub mod supertrend;
pub mod t3;
pub mod tema;
pub mod trima;
pub mod vidya;
pub mod vwap;
pub mod vwma;
pub mod wilders;
pub mod wma;
pub mod zigzag;
pub mod zlema;

use super::engine::Definition;

/// All of them.
pub const ALL: &[&Definition] = &[
    &accbands::ACCBANDS,
    &alma::ALMA,
    &bbands::BBANDS,
    &channels::DONCHIAN,
    &channels::KELTNER,
    &channels::CHANDELIER,
    &dema::DEMA,
    &ema::EMA,
    &frama::FRAMA,
    &heikin_ashi::HEIKIN_ASHI,
    &hma::HMA,
    &ichimoku::ICHIMOKU,
    &kama::KAMA,
    &mama::MAMA,
    &mavp::MAVP,
    &mcginley::MCGINLEY,
    &midpoint::MIDPOINT,
    &midpoint::MIDPRICE,
    &moving_average::MA,
    &pivots::PIVOTS,
    &sar::SAR,
    &sar::SAREXT,
    &sma::SMA,
    &supertrend::SUPERTREND,
    &t3::T3_AVERAGE,
    &tema::TEMA,
    &trima::TRIMA,
    &vidya::VIDYA,
    &vwap::VWAP,
    &vwap::ANCHORED_VWAP,
    &vwma::VWMA,
    &vwma::ROLLING_VWAP,
    &wilders::WILDERS,
    &wma::WMA,
    &zigzag::ZIGZAG,
    &zlema::ZLEMA,
];
