//! Node binding of the fastcalc kernels: types in, errors out, no arithmetic.

// What Node calls is registered only outside of tests, so to a test build it looks unused.
#![cfg_attr(test, allow(dead_code))]

mod aggregate;
mod bundle;
mod decider;
mod decider_streams;
mod errors;
mod hmm;
mod indicators;
mod liquidity;
mod memory;
mod orderflow;
mod outputs;
mod risk;
mod simulation;
mod stats;
mod sweep;
mod tails;
mod volatility;
