//! Aggregation of real-valued forecasts by square loss: weights learned online, one row after the
//! other, every prediction made before its target is seen.
//!
//! MLpol (Gaillard, Stoltz and van Erven 2014), BOA (Wintenberger 2017), EWA (Vovk 1990; Littlestone
//! and Warmuth 1994) and Fixed-Share (Herbster and Warmuth 1998) with learning rates calibrated
//! online (Devaine et al. 2013), ridge regression around the mean forecast (Azoury and Warmuth
//! 2001), and `auto`, MLpol over the predictions of all of these. Losses are linearised around the
//! prediction, so the aim is the best fixed combination and not the best single expert. A forecast
//! that is NaN sleeps: it has no weight in that row and its record stays as it is.

mod auto;
mod boa;
mod calibrated;
mod ml_pol;
mod ridge;
mod rows;

pub use auto::AUTO_METHODS;
pub use rows::Rows;

use crate::KernelError;

/// How forecasts are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Polynomial potential with one learning rate per expert.
    MlPol,
    /// Bernstein online aggregation.
    Boa,
    /// Exponential weights, learning rate calibrated online.
    Ewa,
    /// Fixed-Share, learning and share rate calibrated online.
    FixedShare,
    /// Ridge regression around the mean forecast, strength calibrated online.
    Ridge,
    /// MLpol over all of these.
    Auto,
}

/// What came of an aggregation.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregation {
    /// One prediction per row, made before the row's target was used.
    pub predictions: Vec<f64>,
    /// Weights after the last row, by expert; for `Auto` by method, in the order of
    /// [`AUTO_METHODS`].
    pub weights: Vec<f64>,
}

/// Runs a method over all rows.
///
/// # Errors
/// `InvalidArgument` when there is no row in which any expert speaks, or a number is infinite.
pub fn aggregate(rows: &Rows<'_>, method: Method) -> Result<Aggregation, KernelError> {
    Ok(match method {
        Method::MlPol => ml_pol::run(rows),
        Method::Boa => boa::run(rows),
        Method::Ewa => calibrated::run(rows, &calibrated::EWA_SHARES),
        Method::FixedShare => calibrated::run(rows, &calibrated::FIXED_SHARES),
        Method::Ridge => ridge::run(rows),
        Method::Auto => auto::run(rows)?,
    })
}

/// Root of the mean squared error.
#[must_use]
pub fn root_mean_square(predictions: &[f64], target: &[f64]) -> f64 {
    let sum: f64 = predictions
        .iter()
        .zip(target)
        .map(|(p, y)| (p - y) * (p - y))
        .sum();
    libm::sqrt(sum / target.len() as f64)
}
