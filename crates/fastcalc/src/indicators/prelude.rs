//! What every file of an indicator needs.

pub use super::engine::*;
pub use crate::simd::{Eight, Plain};
