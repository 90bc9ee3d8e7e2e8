//! Information ratio (Goodwin, The Information Ratio, 1998).

use super::{above_zero, sharpe::ratio};
use crate::{KernelError, checks};

/// Mean of the return above that of the benchmark over its standard deviation (n - 1), times the root of
/// `periods_per_year`. Rows where either is missing are left out. NaN where the difference is flat.
///
/// # Errors
/// Columns of different length, a return that is infinite, `periodsPerYear` not above 0.
pub fn information_ratio(
    returns: &[f64],
    benchmark: &[f64],
    periods_per_year: f64,
) -> Result<f64, KernelError> {
    let columns = [("returns", returns), ("benchmark", benchmark)];
    checks::same_length(&columns)?;
    for column in columns {
        checks::finite(column)?;
    }
    above_zero("periodsPerYear", periods_per_year)?;
    let active: Vec<f64> = returns.iter().zip(benchmark).map(|(r, b)| r - b).collect();
    Ok(ratio(&active, 0.0) * periods_per_year.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_sharpe_ratio_of_the_difference() {
        let value = information_ratio(&[0.03, 0.01, 0.02], &[0.02, 0.01, f64::NAN], 1.0).unwrap();
        assert!((value - 0.005 / (0.00005_f64).sqrt()).abs() < 1e-12);
        assert!(
            information_ratio(&[0.1; 3], &[0.1; 3], 1.0)
                .unwrap()
                .is_nan()
        );
    }
}
