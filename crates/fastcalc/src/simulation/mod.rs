//! Seeded streams of votes and outcomes on which the decider is measured, and their bookkeeping.

pub mod rng;
pub mod run;
pub mod stream;
