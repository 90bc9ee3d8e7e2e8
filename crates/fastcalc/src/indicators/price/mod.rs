//! Prices made of prices.

pub mod avgdev;
pub mod prices;

use super::engine::Definition;

/// All of them.
pub const ALL: &[&Definition] = &[
    &avgdev::AVGDEV,
    &prices::AVGPRICE,
    &prices::MEDPRICE,
    &prices::TYPPRICE,
    &prices::WCLPRICE,
];
