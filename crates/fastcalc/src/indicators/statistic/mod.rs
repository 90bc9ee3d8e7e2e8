//! Statistics of windows.

pub mod correl;
pub mod hurst;
pub mod linearreg;
pub mod moments;

use super::engine::Definition;

/// All of them.
pub const ALL: &[&Definition] = &[
    &correl::CORREL,
    &correl::BETA,
    &hurst::HURST,
    &linearreg::LINEARREG,
    &linearreg::LINEARREG_SLOPE,
    &linearreg::LINEARREG_INTERCEPT,
    &linearreg::LINEARREG_ANGLE,
    &linearreg::TSF,
    &moments::STDDEV,
    &moments::VAR,
];
