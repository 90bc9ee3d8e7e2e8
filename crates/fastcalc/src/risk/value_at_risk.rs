//! Value at risk and expected shortfall by four methods.

use super::between_zero_and_one;
use crate::math::{Sample, normal_density, normal_quantile, quantile_sorted, sorted};
use crate::stats::fit_tail;
use crate::{KernelError, checks};

/// How the tail is estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TailMethod {
    /// The quantile of the returns themselves, interpolated; the shortfall is the mean of the returns
    /// at or below it.
    Historical,
    /// A normal with their mean and deviation (n - 1).
    Normal,
    /// The normal quantile corrected for skewness and kurtosis (Cornish, Fisher 1938); the shortfall is
    /// the mean of the corrected quantiles beyond (Maillard, A User's Guide to the Cornish Fisher
    /// Expansion, 2012). Reliable only for moderate skewness and kurtosis.
    CornishFisher,
    /// A generalised Pareto tail beyond a quantile of the losses (McNeil, Frey, Estimation of
    /// Tail-Related Risk Measures, 2000).
    ExtremeValue {
        /// Level of the quantile at which the tail begins, below that of the risk; often 0.9.
        threshold_level: f64,
    },
}

/// Two losses, positive where they are losses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tail {
    /// Exceeded with probability 1 - level.
    pub value_at_risk: f64,
    /// Mean loss where it is exceeded; infinite for a Pareto tail of shape 1 or more.
    pub expected_shortfall: f64,
}

/// Loss of one period not exceeded with probability `level` (0.95, 0.99), and the mean beyond it. NaN of
/// fewer than two returns. Flat returns have the same loss everywhere.
///
/// # Errors
/// A return that is infinite, `level` not between 0 and 1; for the tail method `thresholdLevel` not
/// between 0 and `level`, or fewer than ten losses beyond it.
pub fn value_at_risk(returns: &[f64], level: f64, method: TailMethod) -> Result<Tail, KernelError> {
    checks::finite(("returns", returns))?;
    between_zero_and_one("level", level)?;
    let sample = Sample::new(returns);
    if sample.count < 2.0 {
        return Ok(Tail {
            value_at_risk: f64::NAN,
            expected_shortfall: f64::NAN,
        });
    }
    match method {
        TailMethod::Historical => Ok(historical(returns, 1.0 - level)),
        TailMethod::Normal => Ok(normal(&sample, 1.0 - level)),
        TailMethod::CornishFisher => Ok(cornish_fisher(&sample, 1.0 - level)),
        TailMethod::ExtremeValue { threshold_level } => {
            let losses: Vec<f64> = returns.iter().map(|r| -r).collect();
            let tail = fit_tail(&losses, threshold_level)?;
            let value_at_risk = tail.quantile(level)?;
            Ok(Tail {
                value_at_risk,
                expected_shortfall: tail.mean_beyond(value_at_risk),
            })
        }
    }
}

fn historical(returns: &[f64], p: f64) -> Tail {
    let sorted = sorted(returns);
    let quantile = quantile_sorted(&sorted, p);
    let beyond = &sorted[..sorted.partition_point(|&r| r <= quantile)];
    Tail {
        value_at_risk: -quantile,
        expected_shortfall: -beyond.iter().sum::<f64>() / beyond.len() as f64,
    }
}

fn normal(sample: &Sample, p: f64) -> Tail {
    let z = normal_quantile(p);
    let deviation = sample.deviation();
    Tail {
        value_at_risk: -(sample.mean + z * deviation),
        expected_shortfall: -sample.mean + deviation * normal_density(z) / p,
    }
}

fn cornish_fisher(sample: &Sample, p: f64) -> Tail {
    if sample.variance == 0.0 {
        return normal(sample, p);
    }
    let z = normal_quantile(p);
    let (s, k) = (sample.skewness, sample.kurtosis - 3.0);
    let corrected = z + (z * z - 1.0) * s / 6.0 + (z * z * z - 3.0 * z) * k / 24.0
        - (2.0 * z * z * z - 5.0 * z) * s * s / 36.0;
    // The integral of the corrected quantile over the tail, divided by p.
    let beyond = normal_density(z) / p
        * (1.0 + z * s / 6.0 + (z * z - 1.0) * k / 24.0 - (2.0 * z * z - 1.0) * s * s / 36.0);
    let deviation = sample.deviation();
    Tail {
        value_at_risk: -(sample.mean + corrected * deviation),
        expected_shortfall: -sample.mean + beyond * deviation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHODS: [TailMethod; 4] = [
        TailMethod::Historical,
        TailMethod::Normal,
        TailMethod::CornishFisher,
        TailMethod::ExtremeValue {
            threshold_level: 0.8,
        },
    ];

    fn returns() -> Vec<f64> {
        (0..500_i32)
            .map(|i| normal_quantile((f64::from(i * 211 % 500) + 0.5) / 500.0) * 0.01)
            .collect()
    }

    #[test]
    fn all_methods_agree_on_normal_returns() {
        for method in METHODS {
            let tail = value_at_risk(&returns(), 0.95, method).unwrap();
            assert!(
                (tail.value_at_risk - 0.0164).abs() < 5e-4,
                "{method:?} {tail:?}"
            );
            assert!(
                (tail.expected_shortfall - 0.0206).abs() < 8e-4,
                "{method:?} {tail:?}"
            );
        }
    }

    #[test]
    fn losses_scale_with_returns_and_shift_against_them() {
        let moved: Vec<f64> = returns().iter().map(|r| 3.0 * r + 0.002).collect();
        for method in METHODS {
            let (a, b) = (
                value_at_risk(&returns(), 0.99, method).unwrap(),
                value_at_risk(&moved, 0.99, method).unwrap(),
            );
            assert!((b.value_at_risk - (3.0 * a.value_at_risk - 0.002)).abs() < 1e-6);
            assert!((b.expected_shortfall - (3.0 * a.expected_shortfall - 0.002)).abs() < 1e-6);
        }
    }

    #[test]
    fn flat_returns_have_one_loss_and_too_few_none() {
        for method in &METHODS[..3] {
            let tail = value_at_risk(&[0.01; 20], 0.95, *method).unwrap();
            assert!((tail.value_at_risk + 0.01).abs() < 1e-15);
            assert!((tail.expected_shortfall + 0.01).abs() < 1e-15);
            assert!(
                value_at_risk(&[0.01], 0.95, *method)
                    .unwrap()
                    .value_at_risk
                    .is_nan()
            );
        }
        assert!(value_at_risk(&[0.01; 20], 0.95, METHODS[3]).is_err());
    }
}
