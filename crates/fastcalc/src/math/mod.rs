//! What several kernels need of mathematics: distributions, least squares, maximising, randomness.

mod chi_square;
mod exp;
mod least_squares;
mod minimise;
mod normal;
mod random;
mod sample;

pub(crate) use chi_square::chi_square_upper_tail;
pub(crate) use exp::exp_not_positive;
pub(crate) use least_squares::least_squares;
pub(crate) use minimise::minimise;
pub(crate) use normal::{normal_cdf, normal_density, normal_quantile};
pub(crate) use random::Random;
pub(crate) use sample::{Sample, present, quantile_sorted, sorted};
