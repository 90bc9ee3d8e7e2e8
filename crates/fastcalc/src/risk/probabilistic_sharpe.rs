//! How much of a Sharpe ratio is luck (Bailey, Lopez de Prado, The Sharpe Ratio Efficient Frontier, 2012;
//! The Deflated Sharpe Ratio, 2014).

use super::{between_zero_and_one, finite_number};
use crate::math::{Sample, normal_cdf, normal_quantile};
use crate::{KernelError, checks};

/// Euler's constant.
const EULER: f64 = 0.577_215_664_901_532_9;

/// A Sharpe ratio per period and what its standard error depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SharpeEstimate {
    /// Per period, not annualised.
    pub sharpe: f64,
    /// Number of returns.
    pub count: f64,
    /// Skewness of the returns.
    pub skewness: f64,
    /// Kurtosis of the returns, 3 for the normal.
    pub kurtosis: f64,
}

impl SharpeEstimate {
    /// The estimate from returns: deviation with n - 1, skewness and kurtosis of the sample.
    ///
    /// # Errors
    /// A return that is infinite; `returns` with fewer than two different values.
    pub fn of(returns: &[f64]) -> Result<Self, KernelError> {
        checks::finite(("returns", returns))?;
        let sample = Sample::new(returns);
        let deviation = sample.deviation();
        if deviation.is_nan() || deviation == 0.0 {
            return Err(KernelError::new(
                "returns",
                format!("{} values without spread", sample.count),
                "at least two different values",
            ));
        }
        Ok(Self {
            sharpe: sample.mean / deviation,
            count: sample.count,
            skewness: sample.skewness,
            kurtosis: sample.kurtosis,
        })
    }

    fn check(&self) -> Result<(), KernelError> {
        finite_number("sharpe", self.sharpe)?;
        finite_number("skewness", self.skewness)?;
        finite_number("kurtosis", self.kurtosis)?;
        if !(self.count >= 2.0 && self.count.is_finite()) {
            return Err(KernelError::new("count", self.count, "at least 2"));
        }
        let error = self.error_squared();
        if error.is_nan() || error <= 0.0 {
            return Err(KernelError::new(
                "kurtosis",
                self.kurtosis,
                "one that goes with the skewness: 1 - skewness SR + (kurtosis - 1) / 4 SR^2 above 0",
            ));
        }
        Ok(())
    }

    /// Variance of the ratio times count - 1.
    fn error_squared(&self) -> f64 {
        let sr = self.sharpe;
        1.0 - self.skewness * sr + (self.kurtosis - 1.0) / 4.0 * sr * sr
    }
}

/// Probability that the true ratio is above `benchmark` (per period).
///
/// # Errors
/// An estimate or a benchmark that cannot be.
pub fn probabilistic_sharpe(estimate: &SharpeEstimate, benchmark: f64) -> Result<f64, KernelError> {
    estimate.check()?;
    finite_number("benchmark", benchmark)?;
    let distance = estimate.sharpe - benchmark;
    let error = estimate.error_squared().sqrt();
    Ok(normal_cdf(distance * (estimate.count - 1.0).sqrt() / error))
}

/// The best ratio to be expected of `trials` strategies without skill whose ratios (per period) have
/// `trial_variance`: sqrt(V) ((1 - g) Q(1 - 1/N) + g Q(1 - 1/(N e))), g Euler's constant. 0 for one trial.
///
/// # Errors
/// `trialVariance` below 0 or infinite; `trials` below 1.
pub fn expected_maximum_sharpe(trial_variance: f64, trials: f64) -> Result<f64, KernelError> {
    if !(trial_variance >= 0.0 && trial_variance.is_finite()) {
        let allowed = "a finite number of at least 0";
        return Err(KernelError::new("trialVariance", trial_variance, allowed));
    }
    if !(trials >= 1.0 && trials.is_finite()) {
        return Err(KernelError::new(
            "trials",
            trials,
            "a finite number of at least 1",
        ));
    }
    if trials == 1.0 {
        return Ok(0.0);
    }
    // Q(1 - p) = -Q(p) keeps the digits of a small p.
    let first = -normal_quantile(1.0 / trials);
    let second = -normal_quantile(1.0 / (trials * std::f64::consts::E));
    Ok(trial_variance.sqrt() * ((1.0 - EULER) * first + EULER * second))
}

/// [`probabilistic_sharpe`] above what the best of all trials reaches without skill.
///
/// # Errors
/// As the two functions it is made of.
pub fn deflated_sharpe(
    estimate: &SharpeEstimate,
    trial_variance: f64,
    trials: f64,
) -> Result<f64, KernelError> {
    probabilistic_sharpe(estimate, expected_maximum_sharpe(trial_variance, trials)?)
}

/// Returns needed before the ratio is above `benchmark` with probability `confidence`, were it to stay
/// as it is; infinite where it is not above.
///
/// # Errors
/// An estimate or a benchmark that cannot be, `confidence` not between 0 and 1.
pub fn minimum_track_record(
    estimate: &SharpeEstimate,
    benchmark: f64,
    confidence: f64,
) -> Result<f64, KernelError> {
    estimate.check()?;
    finite_number("benchmark", benchmark)?;
    between_zero_and_one("confidence", confidence)?;
    if estimate.sharpe <= benchmark {
        return Ok(f64::INFINITY);
    }
    let needed = normal_quantile(confidence) / (estimate.sharpe - benchmark);
    Ok(1.0 + estimate.error_squared() * needed * needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of the paper of 2014, with 250 days a year.
    fn example() -> SharpeEstimate {
        SharpeEstimate {
            sharpe: 2.5 / 250.0_f64.sqrt(),
            count: 1250.0,
            skewness: -3.0,
            kurtosis: 10.0,
        }
    }

    #[test]
    fn the_deflated_ratio_of_the_paper() {
        let bar = expected_maximum_sharpe(0.5 / 250.0, 100.0).unwrap();
        assert!((bar - 0.113_172_001_865_132_14).abs() < 1e-12, "{bar}");
        let value = deflated_sharpe(&example(), 0.5 / 250.0, 100.0).unwrap();
        assert!((value - 0.900_396_834_449_390_3).abs() < 1e-12, "{value}");
    }

    #[test]
    fn a_record_of_the_least_length_has_just_that_confidence() {
        let rows = minimum_track_record(&example(), 0.1, 0.95).unwrap();
        let enough = SharpeEstimate {
            count: rows,
            ..example()
        };
        assert!((probabilistic_sharpe(&enough, 0.1).unwrap() - 0.95).abs() < 1e-12);
        assert_eq!(
            minimum_track_record(&example(), 1.0, 0.95).unwrap(),
            f64::INFINITY
        );
    }

    #[test]
    fn one_trial_expects_nothing_and_flat_returns_are_refused() {
        assert_eq!(expected_maximum_sharpe(1.0, 1.0).unwrap(), 0.0);
        assert_eq!(SharpeEstimate::of(&[0.1; 5]).unwrap_err().field, "returns");
        let half = probabilistic_sharpe(&example(), example().sharpe).unwrap();
        assert_eq!(half, 0.5);
    }
}
