//! Forecasts and targets, checked once.

use crate::KernelError;

/// Forecasts, row-major, and the target of each row.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    forecasts: &'a [f64],
    target: &'a [f64],
    experts: usize,
}

/// Beyond this a square is no longer a number one can add.
const LARGEST: f64 = 1e100;

impl<'a> Rows<'a> {
    /// `forecasts` holds one number per expert for each target; NaN is a forecast not made.
    ///
    /// # Errors
    /// `InvalidArgument` naming what is empty, of the wrong length, or not finite.
    pub fn new(
        forecasts: &'a [f64],
        target: &'a [f64],
        experts: usize,
    ) -> Result<Self, KernelError> {
        if experts == 0 {
            return Err(KernelError::new("experts", 0, "at least 1"));
        }
        if target.is_empty() {
            return Err(KernelError::new("target", "0 rows", "at least 1 row"));
        }
        if target.len().checked_mul(experts) != Some(forecasts.len()) {
            return Err(KernelError::new(
                "forecasts",
                format!("{} numbers", forecasts.len()),
                format!("{} rows of {experts}", target.len()),
            ));
        }
        if let Some(at) = target.iter().position(|y| y.is_nan() || y.abs() > LARGEST) {
            return Err(KernelError::new(
                format!("target[{at}]"),
                target[at],
                "a number within 1e100",
            ));
        }
        if let Some(at) = forecasts.iter().position(|x| x.abs() > LARGEST) {
            return Err(KernelError::new(
                format!("forecasts[{at}]"),
                forecasts[at],
                "NaN or a number within 1e100",
            ));
        }
        Ok(Rows {
            forecasts,
            target,
            experts,
        })
    }

    /// Number of experts.
    #[must_use]
    pub fn experts(&self) -> usize {
        self.experts
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.target.len()
    }

    /// Never: a row was asked for at the start.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Forecasts and target of each row, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'a [f64], f64)> + use<'a> {
        self.forecasts
            .chunks_exact(self.experts)
            .zip(self.target.iter().copied())
    }
}

/// The combination of a row by weights that are not negative: those of the sleeping go to the
/// others. The mean where nobody awake has any weight, and `last` where nobody is awake.
pub(crate) fn combine(weights: &mut [f64], forecasts: &[f64], last: f64) -> f64 {
    let mut total = 0.0;
    let mut awake = 0usize;
    for (weight, forecast) in weights.iter_mut().zip(forecasts) {
        if forecast.is_nan() {
            *weight = 0.0;
        } else {
            awake += 1;
            total += *weight;
        }
    }
    if awake == 0 {
        return last;
    }
    let mut prediction = 0.0;
    for (weight, forecast) in weights.iter_mut().zip(forecasts) {
        if forecast.is_nan() {
            continue;
        }
        *weight = if total > 0.0 {
            *weight / total
        } else {
            1.0 / awake as f64
        };
        prediction += *weight * forecast;
    }
    prediction
}

/// Linearised regret against one expert: the gradient of the square loss at the prediction.
pub(crate) fn regret(prediction: f64, target: f64, forecast: f64) -> f64 {
    if forecast.is_nan() {
        0.0
    } else {
        2.0 * (prediction - target) * (prediction - forecast)
    }
}
