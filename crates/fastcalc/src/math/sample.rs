//! A sample without regard to order: its moments and quantiles. Missing values are left out.

/// The values that are there.
pub(crate) fn present(values: &[f64]) -> Vec<f64> {
    values.iter().copied().filter(|v| !v.is_nan()).collect()
}

/// The values that are there, in rising order.
pub(crate) fn sorted(values: &[f64]) -> Vec<f64> {
    let mut out = present(values);
    out.sort_by(f64::total_cmp);
    out
}

/// Quantile of sorted values by linear interpolation between order statistics (type 7 of Hyndman,
/// Fan 1996, the default of NumPy and R); NaN of nothing.
pub(crate) fn quantile_sorted(sorted: &[f64], p: f64) -> f64 {
    let Some(&last) = sorted.last() else {
        return f64::NAN;
    };
    let at = p * (sorted.len() - 1) as f64;
    let below = at.floor();
    let from = sorted[below as usize];
    let to = sorted.get(below as usize + 1).copied().unwrap_or(last);
    from + (to - from) * (at - below)
}

/// Moments of a sample.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    /// How many values are there.
    pub count: f64,
    /// Arithmetic mean; NaN of nothing.
    pub mean: f64,
    /// Mean squared distance from the mean (divided by the count); 0 where all values are equal.
    pub variance: f64,
    /// Third standardised moment; NaN where all values are equal.
    pub skewness: f64,
    /// Fourth standardised moment, 3 for the normal; NaN where all values are equal.
    pub kurtosis: f64,
}

impl Sample {
    /// Two passes; NaN is left out.
    pub fn new(values: &[f64]) -> Self {
        let count = values.iter().filter(|v| !v.is_nan()).count() as f64;
        let mut there = values.iter().copied().filter(|v| !v.is_nan());
        let first = there.next().unwrap_or(f64::NAN);
        // Around the first value, so that a flat series has exactly no variance.
        let mean = total(values, |v| v - first) / count;
        let power = |n: i32| total(values, |v| whole_power(v - first - mean, n)) / count;
        let variance = power(2);
        let deviation = variance.sqrt();
        Self {
            count,
            mean: first + mean,
            variance,
            skewness: power(3) / (variance * deviation),
            kurtosis: power(4) / (variance * variance),
        }
    }

    /// Standard deviation with `count - 1` in the denominator; NaN of fewer than two values.
    pub fn deviation(&self) -> f64 {
        if self.count < 2.0 {
            return f64::NAN;
        }
        (self.variance * (self.count / (self.count - 1.0))).sqrt()
    }
}

fn whole_power(v: f64, n: i32) -> f64 {
    match n {
        2 => v * v,
        3 => v * v * v,
        _ => (v * v) * (v * v),
    }
}

fn total(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    values.iter().filter(|v| !v.is_nan()).map(|&v| f(v)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_textbook_moments_and_leaves_missing_values_out() {
        let s = Sample::new(&[2.0, f64::NAN, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert_eq!((s.count, s.mean, s.variance), (8.0, 5.0, 4.0));
        assert!((s.skewness - 0.65625).abs() < 1e-15 && (s.kurtosis - 2.78125).abs() < 1e-15);
        assert!((s.deviation() - (32.0_f64 / 7.0).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn a_flat_sample_has_no_variance_and_no_shape() {
        let s = Sample::new(&[0.1; 7]);
        assert!(s.variance == 0.0 && s.skewness.is_nan() && s.mean == 0.1);
        assert!(Sample::new(&[]).mean.is_nan());
        assert!(Sample::new(&[1.0]).deviation().is_nan());
    }

    #[test]
    fn quantiles_interpolate() {
        let values = sorted(&[4.0, 1.0, f64::NAN, 3.0, 2.0]);
        for (p, q) in [(0.0, 1.0), (0.5, 2.5), (0.95, 3.85), (1.0, 4.0)] {
            assert!((quantile_sorted(&values, p) - q).abs() < 1e-15);
        }
        assert!(quantile_sorted(&[], 0.5).is_nan());
    }
}
