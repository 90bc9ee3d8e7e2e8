//! The table of all indicators.

use super::engine::Definition;
use super::{cycle, math, momentum, overlap, pattern, price, statistic, volatility, volume};

/// The groups, in the order of lists.
const GROUPS: &[&[&Definition]] = &[
    overlap::ALL,
    momentum::ALL,
    volume::ALL,
    volatility::ALL,
    price::ALL,
    statistic::ALL,
    cycle::ALL,
    math::ALL,
    pattern::ALL,
];

/// All indicators, group by group.
pub fn all() -> impl Iterator<Item = &'static Definition> {
    GROUPS.iter().flat_map(|group| group.iter().copied())
}

/// The indicator of this name.
pub fn find(name: &str) -> Option<&'static Definition> {
    all().find(|definition| definition.name == name)
}
