//! Test for cointegration of two series (Engle, Granger, Co-Integration and Error Correction, 1987).

use super::adf::{AdfTest, Lags, Trend, complete, test};
use super::mackinnon::Case;
use crate::math::least_squares;
use crate::{KernelError, checks};

/// Two series and what holds them together.
#[derive(Debug, Clone, PartialEq)]
pub struct Cointegration {
    /// y = intercept + hedge ratio * x + spread.
    pub intercept: f64,
    /// Units of x against one of y.
    pub hedge_ratio: f64,
    /// Residual of each row.
    pub spread: Vec<f64>,
    /// Unit-root test of the spread, against the distribution for residuals: a low p-value means they
    /// are cointegrated.
    pub test: AdfTest,
    /// Rows until half of a deviation is gone, were the spread an autoregression of order 1; infinite
    /// where it does not return.
    pub half_life_rows: f64,
}

/// Regresses `y` on `x` and a constant, and tests the residual for a unit root without a trend. The
/// order of the two matters: y is the one that is explained.
///
/// # Errors
/// Columns of different length, a value that is infinite or missing, more lags than the rows can carry,
/// series without variation or in exact proportion.
pub fn engle_granger(y: &[f64], x: &[f64], lags: Lags) -> Result<Cointegration, KernelError> {
    checks::same_length(&[("y", y), ("x", x)])?;
    complete("y", y)?;
    complete("x", x)?;
    let design: Vec<f64> = x.iter().flat_map(|&v| [1.0, v]).collect();
    let fit = least_squares(&design, y, 2).ok_or_else(|| {
        KernelError::new("x", "too few rows or no variation", "a series that varies")
    })?;
    let (intercept, hedge_ratio) = (fit.coefficients[0], fit.coefficients[1]);
    let rows = y.iter().zip(x);
    let spread: Vec<f64> = rows.map(|(y, x)| y - intercept - hedge_ratio * x).collect();
    let total: f64 = y.iter().map(|v| v * v).sum();
    if fit.residual_squares <= 1e-24 * total {
        return Err(KernelError::new(
            "y",
            "a multiple of x",
            "not explained by x exactly",
        ));
    }
    let test = test(&spread, Trend::None, lags, Case::Residual)?;
    // The distribution is tabulated for the rows of the series less one.
    let critical_values = Case::Residual.critical_values(y.len() - 1);
    Ok(Cointegration {
        intercept,
        hedge_ratio,
        half_life_rows: half_life(&spread),
        spread,
        test: AdfTest {
            critical_values,
            ..test
        },
    })
}

fn half_life(spread: &[f64]) -> f64 {
    let (mut cross, mut squares) = (0.0, 0.0);
    for pair in spread.windows(2) {
        cross += pair[0] * pair[1];
        squares += pair[0] * pair[0];
    }
    let memory = cross / squares;
    if memory >= 1.0 {
        f64::INFINITY
    } else if memory <= 0.0 {
        0.0
    } else {
        -std::f64::consts::LN_2 / libm::log(memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Random;

    #[test]
    fn finds_the_ratio_that_holds_two_walks_together() {
        let mut random = Random::new(2, 0);
        let (mut walk, mut other, mut gap) = (0.0, 0.0, 0.0);
        let (mut x, mut y, mut z) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..800 {
            walk += random.uniform() - 0.5;
            other += random.uniform() - 0.5;
            gap = 0.8 * gap + 0.2 * (random.uniform() - 0.5);
            x.push(walk);
            y.push(3.0 + 2.0 * walk + gap);
            z.push(other);
        }
        let bound = engle_granger(&y, &x, Lags::Akaike(10)).unwrap();
        assert!((bound.hedge_ratio - 2.0).abs() < 0.02 && bound.test.p_value < 1e-4);
        assert!(
            (bound.half_life_rows - 3.1).abs() < 0.8,
            "{}",
            bound.half_life_rows
        );
        assert!(
            engle_granger(&z, &x, Lags::Akaike(10))
                .unwrap()
                .test
                .p_value
                > 0.05
        );
        assert_eq!(
            engle_granger(&x, &x, Lags::Fixed(1)).unwrap_err().field,
            "y"
        );
        assert_eq!(
            engle_granger(&x, &[1.0; 800], Lags::Fixed(1))
                .unwrap_err()
                .field,
            "x"
        );
    }
}
