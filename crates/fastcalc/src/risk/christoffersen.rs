//! Christoffersen's tests of when violations come (Evaluating Interval Forecasts, 1998).

use super::kupiec::{bernoulli, check_violations, chi_square_or_nan, kupiec_test};
use crate::KernelError;

/// Do violations cluster, and do they come at their rate independently?
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChristoffersenTest {
    /// Likelihood ratio of independence, chi-square with one degree of freedom; NaN without a pair.
    pub independence: f64,
    /// Its p-value.
    pub independence_p_value: f64,
    /// Conditional coverage: independence plus Kupiec's ratio, two degrees of freedom.
    pub conditional_coverage: f64,
    /// Its p-value.
    pub conditional_coverage_p_value: f64,
}

/// Tests a series of violations (1, 0, NaN unknown) for independence from one row to the next, and for
/// independence and `rate` together. Pairs with an unknown row are left out.
///
/// # Errors
/// A value that is not 0, 1 or NaN; `rate` not between 0 and 1.
pub fn christoffersen_test(
    violations: &[f64],
    rate: f64,
) -> Result<ChristoffersenTest, KernelError> {
    check_violations(violations)?;
    let coverage = kupiec_test(violations, rate)?;
    // counts[from][to]
    let mut counts = [[0.0_f64; 2]; 2];
    for pair in violations.windows(2) {
        if !(pair[0] + pair[1]).is_nan() {
            counts[pair[0] as usize][pair[1] as usize] += 1.0;
        }
    }
    let [[n00, n01], [n10, n11]] = counts;
    let pairs = n00 + n01 + n10 + n11;
    let free = bernoulli(n00, n01, n01 / (n00 + n01)) + bernoulli(n10, n11, n11 / (n10 + n11));
    let bound = bernoulli(n00 + n10, n01 + n11, (n01 + n11) / pairs);
    let independence = if pairs == 0.0 {
        f64::NAN
    } else {
        (2.0 * (free - bound)).max(0.0)
    };
    let conditional_coverage = independence + coverage.statistic;
    Ok(ChristoffersenTest {
        independence,
        independence_p_value: chi_square_or_nan(independence, 1),
        conditional_coverage,
        conditional_coverage_p_value: chi_square_or_nan(conditional_coverage, 2),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_told_from_scattered_violations() {
        let mut clustered = vec![0.0; 200];
        clustered[50..60].fill(1.0);
        let scattered: Vec<f64> = (0..200).map(|i| f64::from(u8::from(i % 20 == 7))).collect();
        let (a, b) = (
            christoffersen_test(&clustered, 0.05).unwrap(),
            christoffersen_test(&scattered, 0.05).unwrap(),
        );
        assert!(a.independence_p_value < 1e-6 && b.independence_p_value > 0.2);
        assert!(b.conditional_coverage >= b.independence);
        assert!(
            christoffersen_test(&[1.0], 0.05)
                .unwrap()
                .independence
                .is_nan()
        );
    }
}
