//! Width of movement.

pub mod atr;
pub mod choppiness;
pub mod mass;
pub mod trange;

use super::engine::Definition;

/// All of them.
pub const ALL: &[&Definition] = &[
    &atr::ATR,
    &atr::NATR,
    &choppiness::CHOPPINESS,
    &mass::MASS,
    &trange::TRANGE,
];
