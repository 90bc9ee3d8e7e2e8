//! Indicators of traded amounts.

pub mod ad;
pub mod cmf;
pub mod emv;
pub mod force_index;
pub mod kvo;
pub mod nvi;
pub mod obv;
pub mod volume_profile;

use super::engine::Definition;

/// All of them.
pub const ALL: &[&Definition] = &[
    &ad::AD,
    &ad::ADOSC,
    &cmf::CMF,
    &emv::EMV,
    &force_index::FORCE_INDEX,
    &kvo::KVO,
    &nvi::NVI,
    &nvi::PVI,
    &obv::OBV,
    &volume_profile::VOLUME_PROFILE,
];
