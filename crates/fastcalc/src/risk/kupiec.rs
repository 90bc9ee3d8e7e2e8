//! Kupiec's test of the number of violations (Techniques for Verifying the Accuracy of Risk
//! Measurement Models, 1995).

use super::between_zero_and_one;
use crate::math::chi_square_upper_tail;
use crate::{KernelError, checks};

/// A likelihood-ratio test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoverageTest {
    /// Likelihood ratio, at least 0; NaN of no row.
    pub statistic: f64,
    /// Probability of one as large were the model right.
    pub p_value: f64,
    /// Rows that were violations.
    pub violations: usize,
    /// Rows with a known answer.
    pub rows: usize,
}

/// Tests whether violations (1 where the loss exceeded the value at risk, 0 where not, NaN unknown)
/// come at `rate`, 0.05 for a VaR of 95 %. Chi-square with one degree of freedom.
///
/// # Errors
/// A value that is not 0, 1 or NaN; `rate` not between 0 and 1.
pub fn kupiec_test(violations: &[f64], rate: f64) -> Result<CoverageTest, KernelError> {
    check_violations(violations)?;
    between_zero_and_one("rate", rate)?;
    let rows = violations.iter().filter(|v| !v.is_nan()).count();
    let hits = violations.iter().filter(|&&v| v == 1.0).count();
    let (n, x) = (rows as f64, hits as f64);
    let statistic = 2.0 * (bernoulli(n - x, x, x / n) - bernoulli(n - x, x, rate));
    let statistic = if rows == 0 {
        f64::NAN
    } else {
        statistic.max(0.0)
    };
    Ok(CoverageTest {
        statistic,
        p_value: chi_square_or_nan(statistic, 1),
        violations: hits,
        rows,
    })
}

pub(super) fn check_violations(violations: &[f64]) -> Result<(), KernelError> {
    checks::finite(("violations", violations))?;
    match violations
        .iter()
        .position(|&v| !(v == 0.0 || v == 1.0 || v.is_nan()))
    {
        None => Ok(()),
        Some(row) => Err(KernelError::new(
            format!("violations[{row}]"),
            violations[row],
            "0, 1 or NaN where unknown",
        )),
    }
}

/// Log likelihood of `no` and `yes` answers under probability `p`, with 0 ln 0 = 0.
pub(super) fn bernoulli(no: f64, yes: f64, p: f64) -> f64 {
    let term = |count: f64, p: f64| {
        if count > 0.0 {
            count * libm::log(p)
        } else {
            0.0
        }
    };
    term(no, 1.0 - p) + term(yes, p)
}

/// The tail, or NaN where the statistic is; `max` in it would hide a NaN.
pub(super) fn chi_square_or_nan(statistic: f64, degrees_of_freedom: u32) -> f64 {
    if statistic.is_nan() {
        return f64::NAN;
    }
    chi_square_upper_tail(statistic, degrees_of_freedom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(violations: usize, rows: usize) -> Vec<f64> {
        (0..rows)
            .map(|i| if i < violations { 1.0 } else { 0.0 })
            .collect()
    }

    #[test]
    fn has_the_value_worked_out_by_hand() {
        let test = kupiec_test(&series(10, 250), 0.01).unwrap();
        let expected = -2.0
            * (240.0 * 0.99_f64.ln() + 10.0 * 0.01_f64.ln()
                - 240.0 * 0.96_f64.ln()
                - 10.0 * 0.04_f64.ln());
        assert!((test.statistic - expected).abs() < 1e-10);
        assert!(test.p_value < 0.001);
    }

    #[test]
    fn the_exact_rate_is_no_evidence_and_no_row_is_nothing() {
        let test = kupiec_test(&series(5, 100), 0.05).unwrap();
        assert!(test.statistic.abs() < 1e-12 && (test.p_value - 1.0).abs() < 1e-5);
        assert!(kupiec_test(&[], 0.05).unwrap().p_value.is_nan());
        let none = kupiec_test(&series(0, 100), 0.05).unwrap();
        assert!((none.statistic + 200.0 * 0.95_f64.ln()).abs() < 1e-12);
        assert_eq!(
            kupiec_test(&[0.5], 0.05).unwrap_err().field,
            "violations[0]"
        );
    }
}
