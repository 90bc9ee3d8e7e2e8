//! What every file of patterns needs.

pub use super::chart::{Chart, Yardstick};
pub(super) use super::rule::pattern;
pub use super::rule::{Rule, bearish, bullish, declare};
pub use super::setting::Setting::{
    BodyDoji, BodyLong, BodyShort, Equal, Far, Near, ShadowShort, ShadowVeryLong, ShadowVeryShort,
};
pub(super) use crate::indicators::prelude::state;
pub use crate::indicators::prelude::{Definition, State, Words, real};
