//! Seeded streams of votes and outcomes on which the decider is measured.
#![allow(unused_imports)]

pub use fastcalc::simulation::{run, stream};
