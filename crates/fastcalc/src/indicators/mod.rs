//! Indicators of price series, each in its own file.

pub mod catalogue;
mod cycle;
pub mod engine;
mod math;
mod momentum;
mod overlap;
mod pattern;
mod prelude;
mod price;
mod statistic;
mod sweep;
mod volatility;
mod volume;

mod adx;
mod atr;
mod ewma_volatility;
mod linear_regression_slope;
mod rolling_rank;
mod rolling_z_score;
mod rsi;

pub use adx::{DirectionalMovement, adx, directional_movement};
pub use atr::atr;
pub use ewma_volatility::ewma_volatility;
pub use linear_regression_slope::linear_regression_slope;
pub use rolling_rank::rolling_rank;
pub use rolling_z_score::rolling_z_score;
pub use rsi::rsi;
pub use sweep::Sweep;
