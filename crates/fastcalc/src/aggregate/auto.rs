//! MLpol over the predictions of all other methods.

use super::{Aggregation, Method, Rows, aggregate, ml_pol};
use crate::KernelError;

/// The methods `Auto` combines, in the order of its weights.
pub const AUTO_METHODS: [Method; 5] = [
    Method::MlPol,
    Method::Boa,
    Method::Ewa,
    Method::FixedShare,
    Method::Ridge,
];

pub(crate) fn run(rows: &Rows<'_>) -> Result<Aggregation, KernelError> {
    let mut forecasts = vec![0.0; rows.len() * AUTO_METHODS.len()];
    for (column, method) in AUTO_METHODS.into_iter().enumerate() {
        let base = aggregate(rows, method)?;
        let places = forecasts
            .iter_mut()
            .skip(column)
            .step_by(AUTO_METHODS.len());
        for (place, prediction) in places.zip(base.predictions) {
            *place = prediction;
        }
    }
    let target: Vec<f64> = rows.iter().map(|(_, target)| target).collect();
    let combined = Rows::new(&forecasts, &target, AUTO_METHODS.len())?;
    Ok(ml_pol::run(&combined))
}
