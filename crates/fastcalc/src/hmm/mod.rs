//! Hidden Markov models of one real observation per row: fitting, and filtering that never looks ahead.
//!
//! Forward and backward passes are scaled row by row (Rabiner, A Tutorial on Hidden Markov Models,
//! 1989), so the length of a series does not matter. A NaN observation is missing: it says nothing
//! about the state, which moves on by the transition matrix alone.

mod densities;
mod expectation;
mod filter;
mod fit;
mod log_product;
mod parameters;
mod snapshot;
mod start;
mod statistics;
mod step;
mod viterbi;

pub use filter::{Filtered, HmmFilter, filter_hmm};
pub use fit::{FitOptions, HmmFit, fit_hmm};
pub use parameters::{Emission, HmmParameters, MAX_STATES};
pub use viterbi::{ViterbiPath, viterbi_hmm};
