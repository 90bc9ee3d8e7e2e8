//! Distribution of the Dickey-Fuller statistic: p-values of MacKinnon (Approximate Asymptotic
//! Distribution Functions for Unit-Root and Cointegration Tests, 1994) and critical values of MacKinnon
//! (Critical Values for Cointegration Tests, 2010), for one series and for the residual of two.

use super::adf::Trend;
use crate::math::normal_cdf;

/// Response surfaces of one case.
struct Surface {
    /// Below it the polynomial for small p-values holds, above it the one for large ones.
    switch: f64,
    /// Below it the p-value is 0.
    least: f64,
    /// Above it the p-value is 1.
    most: f64,
    small: [f64; 3],
    large: [f64; 4],
    /// Critical values at 1 %, 5 % and 10 % as polynomials of 1 / rows.
    critical: [[f64; 4]; 3],
}

const NONE: Surface = Surface {
    switch: -1.04,
    least: -19.04,
    most: f64::INFINITY,
    small: [0.6344, 1.2378, 0.032496],
    large: [0.4797, 0.93557, -0.06999, 0.033066],
    critical: [
        [-2.56574, -2.2358, -3.627, 0.0],
        [-1.941, -0.2686, -3.365, 31.223],
        [-1.61682, 0.2656, -2.714, 25.364],
    ],
};
const CONSTANT: Surface = Surface {
    switch: -1.61,
    least: -18.83,
    most: 2.74,
    small: [2.1659, 1.4412, 0.038269],
    large: [1.7339, 0.93202, -0.12745, -0.010368],
    critical: [
        [-3.43035, -6.5393, -16.786, -79.433],
        [-2.86154, -2.8903, -4.234, -40.04],
        [-2.56677, -1.5384, -2.809, 0.0],
    ],
};
const LINEAR: Surface = Surface {
    switch: -2.89,
    least: -16.18,
    most: 0.7,
    small: [3.2512, 1.6047, 0.049588],
    large: [2.5261, 0.61654, -0.37956, -0.060285],
    critical: [
        [-3.95877, -9.0531, -28.428, -134.155],
        [-3.41049, -4.3904, -9.036, -45.374],
        [-3.12705, -2.5856, -3.925, -22.38],
    ],
};
const PAIR: Surface = Surface {
    switch: -2.62,
    least: -18.86,
    most: 0.92,
    small: [2.92, 1.5012, 0.039796],
    large: [2.1945, 0.64695, -0.29198, -0.042377],
    critical: [
        [-3.89644, -10.9519, -33.527, 0.0],
        [-3.33613, -6.1101, -6.823, 0.0],
        [-3.04445, -4.2412, -2.72, 0.0],
    ],
};

/// Which distribution a statistic is held against.
#[derive(Debug, Clone, Copy)]
pub(super) enum Case {
    /// One series, tested with this trend.
    Series(Trend),
    /// The residual of one series regressed on another and a constant.
    Residual,
}

impl Case {
    fn surface(self) -> &'static Surface {
        match self {
            Case::Series(Trend::None) => &NONE,
            Case::Series(Trend::Constant) => &CONSTANT,
            Case::Series(Trend::Linear) => &LINEAR,
            Case::Residual => &PAIR,
        }
    }

    /// Probability of a statistic as low as this were there a unit root.
    pub fn p_value(self, statistic: f64) -> f64 {
        let s = self.surface();
        if statistic.is_nan() {
            return f64::NAN;
        }
        if statistic > s.most {
            return 1.0;
        }
        if statistic < s.least {
            return 0.0;
        }
        let coefficients: &[f64] = if statistic <= s.switch {
            &s.small
        } else {
            &s.large
        };
        normal_cdf(polynomial(coefficients, statistic))
    }

    /// Critical values at 1 %, 5 % and 10 % for a regression of `rows` rows.
    pub fn critical_values(self, rows: usize) -> [f64; 3] {
        let inverse = 1.0 / rows as f64;
        self.surface().critical.map(|c| polynomial(&c, inverse))
    }
}

/// Lowest power first.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_and_critical_values_speak_of_the_same_distribution() {
        let cases = [Trend::None, Trend::Constant, Trend::Linear].map(Case::Series);
        for case in cases.into_iter().chain([Case::Residual]) {
            for (critical, p) in case
                .critical_values(1_000_000)
                .into_iter()
                .zip([0.01, 0.05, 0.1])
            {
                assert!((case.p_value(critical) - p).abs() < 0.003, "{case:?} {p}");
            }
            assert_eq!(case.p_value(-50.0), 0.0);
            assert!(case.p_value(f64::NAN).is_nan());
        }
    }
}
