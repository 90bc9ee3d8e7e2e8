//! The dominant cycle.

pub mod hilbert;
pub mod indicators;
pub mod phase;

use super::engine::Definition;

/// All of them.
pub const ALL: &[&Definition] = &[
    &indicators::HT_DCPERIOD,
    &indicators::HT_PHASOR,
    &indicators::HT_DCPHASE,
    &indicators::HT_SINE,
    &indicators::HT_TRENDLINE,
    &indicators::HT_TRENDMODE,
];
