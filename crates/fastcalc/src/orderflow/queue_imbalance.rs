//! Imbalance of the sizes at the best quotes (Gould and Bonart, Queue Imbalance as a One-Tick-Ahead
//! Price Predictor, 2016).

use crate::{KernelError, checks};

/// (bid - ask) / (bid + ask) of each row, -1 to 1; 0 where both sizes are 0.
///
/// # Errors
/// Columns of different length, a size that is negative or infinite.
pub fn queue_imbalance(bid_size: &[f64], ask_size: &[f64]) -> Result<Vec<f64>, KernelError> {
    let columns = [("bidSize", bid_size), ("askSize", ask_size)];
    checks::same_length(&columns)?;
    for column in columns {
        checks::non_negative(column)?;
    }
    Ok(bid_size
        .iter()
        .zip(ask_size)
        .map(|(&bid, &ask)| imbalance(bid, ask))
        .collect())
}

fn imbalance(bid: f64, ask: f64) -> f64 {
    let total = bid + ask;
    if total == 0.0 {
        0.0
    } else {
        (bid - ask) / total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_normalised_difference() {
        let out = queue_imbalance(&[3.0, 0.0, 0.0, f64::NAN], &[1.0, 0.0, 2.0, 1.0]).unwrap();
        assert_eq!(out[..3], [0.5, 0.0, -1.0]);
        assert!(out[3].is_nan());
    }

    #[test]
    fn refuses_a_negative_size() {
        let error = queue_imbalance(&[1.0, 1.0], &[1.0, -1.0]).unwrap_err();
        assert_eq!(error.field, "askSize[1]");
    }
}
