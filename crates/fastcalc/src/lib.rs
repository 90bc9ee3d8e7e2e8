//! Numeric kernels of Conclave: pure functions and small state machines, no I/O.
//!
//! Series run oldest first and an output has the length of its input, with NaN where a kernel is
//! still warming up. NaN in an input means "missing": it makes NaN of the values that depend on it
//! and the kernel recovers as soon as it can; infinities and impossible values are typed errors.
//! Transcendental functions come from `libm`, so equal input gives equal bits on every machine.

pub mod aggregate;
mod checks;
pub mod decider;
mod error;
pub mod hmm;
pub mod indicators;
mod limits;
mod math;
pub mod orderflow;
pub mod risk;
pub mod simd;
pub mod simulation;
pub mod stats;
pub mod volatility;
mod window;

pub use error::KernelError;
