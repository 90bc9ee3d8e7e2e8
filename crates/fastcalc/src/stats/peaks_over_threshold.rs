//! The tail of a distribution by peaks over a threshold (Pickands, Statistical Inference Using Extreme
//! Order Statistics, 1975; Coles, An Introduction to Statistical Modeling of Extreme Values, 2001).

use crate::math::{Sample, minimise, quantile_sorted, sorted};
use crate::{KernelError, checks};

/// Fewest peaks a tail is fitted to.
pub(super) const LEAST_PEAKS: usize = 10;

/// Below it the likelihood has no maximum worth the name; the search stays above.
const LEAST_SHAPE: f64 = -0.5;

/// Values above `threshold` follow a generalised Pareto distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParetoTail {
    /// Where the tail begins.
    pub threshold: f64,
    /// Scale, above 0.
    pub scale: f64,
    /// Shape: above 0 heavy tails, 0 exponential, below 0 a finite end. At least -0.5.
    pub shape: f64,
    /// Share of all values that lie above the threshold.
    pub share: f64,
    /// Log likelihood of the excesses.
    pub log_likelihood: f64,
}

impl ParetoTail {
    /// The value exceeded with probability 1 - `level`.
    ///
    /// # Errors
    /// `level` not below 1, or inside the body of the distribution: below 1 - `share`.
    pub fn quantile(&self, level: f64) -> Result<f64, KernelError> {
        let least = 1.0 - self.share;
        if !(level < 1.0 && level >= least - 1e-12) {
            let allowed = format!("from {least} to 1, the end excluded");
            return Err(KernelError::new("level", level, allowed));
        }
        Ok(self.exceeded_with(1.0 - level))
    }

    /// The value exceeded with probability `p`, at most `share`.
    pub(super) fn exceeded_with(&self, p: f64) -> f64 {
        let log = libm::log(self.share / p);
        // (e^(shape log) - 1) / shape, which is log where the shape is 0.
        let growth = if self.shape == 0.0 {
            log
        } else {
            libm::expm1(self.shape * log) / self.shape
        };
        self.threshold + self.scale * growth
    }

    /// Mean of the values above `value`, which is at least the threshold; infinite where the shape is 1
    /// or more.
    pub fn mean_beyond(&self, value: f64) -> f64 {
        if self.shape >= 1.0 {
            return f64::INFINITY;
        }
        let excess = self.scale + self.shape * (value - self.threshold);
        value + excess / (1.0 - self.shape)
    }
}

/// Fits the upper tail of `values` beyond their quantile of `threshold_level` by maximum likelihood.
/// Negate a series for its lower tail. Missing values are left out.
///
/// # Errors
/// A value that is infinite, `thresholdLevel` not between 0 and 1, fewer than ten values above the
/// threshold.
pub fn fit_tail(values: &[f64], threshold_level: f64) -> Result<ParetoTail, KernelError> {
    checks::finite(("values", values))?;
    if !(threshold_level > 0.0 && threshold_level < 1.0) {
        let allowed = "between 0 and 1, both excluded";
        return Err(KernelError::new("thresholdLevel", threshold_level, allowed));
    }
    let sorted = sorted(values);
    let threshold = quantile_sorted(&sorted, threshold_level);
    let first = sorted.partition_point(|&v| v <= threshold);
    let excesses: Vec<f64> = sorted[first..].iter().map(|v| v - threshold).collect();
    if excesses.len() < LEAST_PEAKS {
        return Err(KernelError::new(
            "values",
            format!("{} values above the threshold", excesses.len()),
            format!("at least {LEAST_PEAKS} of them"),
        ));
    }
    let share = excesses.len() as f64 / sorted.len() as f64;
    Ok(pareto(&excesses, threshold, share))
}

/// Maximum likelihood for excesses above 0, of which there is at least one.
pub(super) fn pareto(excesses: &[f64], threshold: f64, share: f64) -> ParetoTail {
    let sample = Sample::new(excesses);
    let unit = sample.mean;
    let scaled: Vec<f64> = excesses.iter().map(|e| e / unit).collect();
    // Moments (Hosking, Wallis 1987) and an exponential, whichever leads further.
    let ratio = unit * unit / sample.variance;
    let shape = (0.5 * (1.0 - ratio)).clamp(-0.3, 0.4);
    let best = [shape, 0.05]
        .map(|shape| {
            let start = [libm::log(1.0 - shape), shape];
            minimise(&start, |p, g| objective(&scaled, p, g))
        })
        .into_iter()
        .filter(|m| m.value.is_finite())
        .min_by(|a, b| a.value.total_cmp(&b.value));
    let (log_scale, shape, value) = match &best {
        Some(m) => (m.at[0], m.at[1], m.value),
        // The exponential is always defined: its scale is the mean.
        None => (0.0, 0.0, 1.0),
    };
    ParetoTail {
        threshold,
        scale: unit * libm::exp(log_scale),
        shape,
        share,
        log_likelihood: -sample.count * (value + libm::log(unit)),
    }
}

/// Negative log likelihood an excess, over ln scale and shape.
fn objective(excesses: &[f64], p: &[f64], gradient: &mut [f64]) -> f64 {
    let (inverse, shape) = (libm::exp(-p[0]), p[1]);
    if shape < LEAST_SHAPE {
        return f64::NAN;
    }
    let (mut value, mut by_scale, mut by_shape) = (0.0, 0.0, 0.0);
    for excess in excesses {
        let y = excess * inverse;
        let base = 1.0 + shape * y;
        if base <= 0.0 {
            return f64::NAN;
        }
        let (log_ratio, slope) = log_over_shape(shape, y, base);
        value += (1.0 + shape) * log_ratio;
        by_scale -= (1.0 + shape) * y / base;
        by_shape += log_ratio + (1.0 + shape) * slope;
    }
    let n = excesses.len() as f64;
    gradient[0] = 1.0 + by_scale / n;
    gradient[1] = by_shape / n;
    p[0] + value / n
}

/// ln(1 + shape y) / shape and its derivative by the shape, also where the shape is next to 0.
fn log_over_shape(shape: f64, y: f64, base: f64) -> (f64, f64) {
    let product = shape * y;
    if product.abs() < 1e-4 {
        let value = y * (1.0 - product * (0.5 - product * (1.0 / 3.0 - product / 4.0)));
        let slope = y * y * (-0.5 + product * (2.0 / 3.0 - product * 0.75));
        return (value, slope);
    }
    let value = libm::log1p(product) / shape;
    (value, (y / base - value) / shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evenly spread quantiles of a Pareto tail of scale 2.
    fn tail(shape: f64, count: usize) -> Vec<f64> {
        (0..count)
            .map(|i| (i as f64 + 0.5) / count as f64)
            .map(|u| 2.0 * libm::expm1(-shape * libm::log1p(-u)) / shape)
            .collect()
    }

    #[test]
    fn finds_the_shape_of_an_ideal_tail() {
        for shape in [-0.3, 0.001, 0.25, 0.6] {
            let fit = pareto(&tail(shape, 20_000), 0.0, 1.0);
            assert!((fit.shape - shape).abs() < 5e-3, "{fit:?}");
            assert!((fit.scale - 2.0).abs() < 2e-2, "{fit:?}");
        }
    }

    #[test]
    fn quantiles_and_means_follow_the_formulas() {
        let fit = fit_tail(&tail(0.25, 5000), 0.5).unwrap();
        assert!((fit.share - 0.5).abs() < 1e-12);
        assert!((fit.quantile(0.5).unwrap() - fit.threshold).abs() < 1e-9);
        let q = fit.quantile(0.99).unwrap();
        assert!(
            (q - 2.0 * (0.01_f64.powf(-0.25) - 1.0) / 0.25).abs() < 0.1,
            "{q}"
        );
        assert!(fit.mean_beyond(q) > q);
        assert_eq!(fit.quantile(0.4).unwrap_err().field, "level");
        assert_eq!(fit_tail(&[1.0; 100], 0.9).unwrap_err().field, "values");
        let heavy = ParetoTail { shape: 1.0, ..fit };
        assert_eq!(heavy.mean_beyond(q), f64::INFINITY);
    }
}
