//! Fractional differencing (Hosking, Fractional Differencing, 1981; fixed window after Lopez de Prado,
//! Advances in Financial Machine Learning, 2018).

use crate::window::roll;
use crate::{KernelError, checks};

/// Longest window: what is left beyond it is far below any use.
const MOST_WEIGHTS: usize = 1_000_000;

/// Weights of (1 - L)^`order`, newest first, as long as their size is at least `threshold`:
/// 1, -d, -d (1 - d) / 2, ... For whole orders the series ends by itself.
///
/// # Errors
/// `order` not finite or below 0; `threshold` not above 0 and at most 1, or so low that more than a
/// million weights remain.
pub fn fractional_weights(order: f64, threshold: f64) -> Result<Vec<f64>, KernelError> {
    if !(order >= 0.0 && order.is_finite()) {
        let allowed = "a finite number of at least 0";
        return Err(KernelError::new("order", order, allowed));
    }
    if !(threshold > 0.0 && threshold <= 1.0) {
        return Err(KernelError::new(
            "threshold",
            threshold,
            "above 0 and at most 1",
        ));
    }
    let mut weights = vec![1.0];
    loop {
        let lag = weights.len() as f64;
        let next = -weights[weights.len() - 1] * (order - lag + 1.0) / lag;
        // Weights of a high order rise before they fall.
        if next == 0.0 || (next.abs() < threshold && lag > order) {
            return Ok(weights);
        }
        if weights.len() == MOST_WEIGHTS {
            let allowed = format!("high enough for at most {MOST_WEIGHTS} weights");
            return Err(KernelError::new("threshold", threshold, allowed));
        }
        weights.push(next);
    }
}

/// The series differenced `order` times with the weights of [`fractional_weights`], the same number at
/// every row. First value at row (number of weights) - 1; NaN while a missing value is in the window.
/// Order 0 is the series, order 1 its changes.
///
/// # Errors
/// A value that is infinite; as [`fractional_weights`].
pub fn fractional_difference(
    values: &[f64],
    order: f64,
    threshold: f64,
) -> Result<Vec<f64>, KernelError> {
    checks::finite(("values", values))?;
    let weights = fractional_weights(order, threshold)?;
    Ok(roll(values, weights.len(), |window| {
        window.iter().rev().zip(&weights).map(|(v, w)| v * w).sum()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_orders_are_the_series_its_changes_and_their_changes() {
        let values = [1.0, 4.0, 9.0, 16.0, 25.0];
        assert_eq!(fractional_difference(&values, 0.0, 1e-5).unwrap(), values);
        let once = fractional_difference(&values, 1.0, 1e-5).unwrap();
        assert_eq!(once[1..], [3.0, 5.0, 7.0, 9.0]);
        let twice = fractional_difference(&values, 2.0, 1e-5).unwrap();
        assert_eq!(twice[2..], [2.0; 3]);
    }

    #[test]
    fn weights_multiply_out_to_those_of_the_sum_of_orders() {
        let half = fractional_weights(0.5, 1e-4).unwrap();
        assert!((half[1] + 0.5).abs() < 1e-15 && (half[2] + 0.125).abs() < 1e-15);
        // (1 - L)^0.5 twice is 1 - L.
        for lag in 0..50 {
            let sum: f64 = (0..=lag).map(|i| half[i] * half[lag - i]).sum();
            let expected = [1.0, -1.0].get(lag).copied().unwrap_or(0.0);
            assert!((sum - expected).abs() < 1e-14);
        }
        assert!(half[half.len() - 1].abs() >= 1e-4);
        assert_eq!(fractional_weights(0.5, 0.0).unwrap_err().field, "threshold");
        assert_eq!(
            fractional_weights(0.01, 1e-300).unwrap_err().field,
            "threshold"
        );
        assert_eq!(fractional_weights(-1.0, 0.1).unwrap_err().field, "order");
    }
}
