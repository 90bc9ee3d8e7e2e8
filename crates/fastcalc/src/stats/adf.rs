//! Augmented Dickey-Fuller test for a unit root (Said, Dickey, Testing for Unit Roots in
//! Autoregressive-Moving Average Models of Unknown Order, 1984).

use super::mackinnon::Case;
use crate::math::least_squares;
use crate::{KernelError, checks};

/// What the series is allowed besides its own past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// Nothing: it moves around 0.
    None,
    /// A mean.
    Constant,
    /// A mean and a straight line.
    Linear,
}

impl Trend {
    fn columns(self) -> usize {
        match self {
            Trend::None => 0,
            Trend::Constant => 1,
            Trend::Linear => 2,
        }
    }
}

/// How many lagged changes the regression contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lags {
    /// Just so many.
    Fixed(usize),
    /// The number up to this one with the least information criterion of Akaike (1974), all compared on
    /// the rows the largest leaves.
    Akaike(usize),
}

/// Outcome of the test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdfTest {
    /// t-ratio of the level; the lower, the less of a unit root.
    pub statistic: f64,
    /// Probability of one as low with a unit root.
    pub p_value: f64,
    /// Lagged changes in the regression.
    pub lags: usize,
    /// Rows of the regression.
    pub rows: usize,
    /// Critical values at 1 %, 5 % and 10 %.
    pub critical_values: [f64; 3],
}

/// Schwert's (1989) most lags for a series: ceil(12 (n / 100)^(1/4)), but no more than half of the rows
/// can carry.
pub fn schwert_lags(rows: usize, trend: Trend) -> usize {
    let wished = (12.0 * libm::pow(rows as f64 / 100.0, 0.25)).ceil() as usize;
    wished.min((rows / 2).saturating_sub(trend.columns() + 1))
}

/// Tests `values`, which may not miss any.
///
/// # Errors
/// A value that is infinite or missing, more lags than the rows can carry, values without variation.
pub fn adf_test(values: &[f64], trend: Trend, lags: Lags) -> Result<AdfTest, KernelError> {
    complete("values", values)?;
    test(values, trend, lags, Case::Series(trend))
}

pub(super) fn complete(name: &'static str, values: &[f64]) -> Result<(), KernelError> {
    checks::finite((name, values))?;
    match values.iter().position(|v| v.is_nan()) {
        None => Ok(()),
        Some(row) => Err(KernelError::new(
            format!("{name}[{row}]"),
            values[row],
            "a finite number, as the test needs every row",
        )),
    }
}

pub(super) fn test(
    values: &[f64],
    trend: Trend,
    lags: Lags,
    case: Case,
) -> Result<AdfTest, KernelError> {
    let most = match lags {
        Lags::Fixed(most) | Lags::Akaike(most) => most,
    };
    // One row more than coefficients, or there is no error to divide by.
    let least = 2 * most + trend.columns() + 3;
    if values.len() < least {
        return Err(KernelError::new(
            "values",
            format!("{} rows", values.len()),
            format!("at least {least} rows for {most} lags"),
        ));
    }
    let lags = match lags {
        Lags::Fixed(lags) => lags,
        Lags::Akaike(most) => akaike(values, trend, most).ok_or_else(without_variation)?,
    };
    let fit = regress(values, trend, lags, lags).ok_or_else(without_variation)?;
    let statistic = fit.level / fit.level_error;
    if statistic.is_nan() {
        return Err(without_variation());
    }
    Ok(AdfTest {
        statistic,
        p_value: case.p_value(statistic),
        lags,
        rows: fit.rows,
        critical_values: case.critical_values(fit.rows),
    })
}

fn without_variation() -> KernelError {
    KernelError::new(
        "values",
        "values that explain one another exactly",
        "values that vary",
    )
}

/// The number of lags with the least criterion; of equal ones the least.
fn akaike(values: &[f64], trend: Trend, most: usize) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for lags in 0..=most {
        let fit = regress(values, trend, lags, most)?;
        let n = fit.rows as f64;
        let columns = (lags + 1 + trend.columns()) as f64;
        let criterion = n * libm::log(fit.residual_squares / n) + 2.0 * columns;
        if best.is_none_or(|(least, _)| criterion < least) {
            best = Some((criterion, lags));
        }
    }
    best.map(|(_, lags)| lags)
}

struct Regression {
    level: f64,
    level_error: f64,
    residual_squares: f64,
    rows: usize,
}

/// change_t on level_t-1, the last `lags` changes and the trend, from the row that `skip` lags leave.
fn regress(values: &[f64], trend: Trend, lags: usize, skip: usize) -> Option<Regression> {
    let changes: Vec<f64> = values.windows(2).map(|w| w[1] - w[0]).collect();
    let columns = 1 + lags + trend.columns();
    let mut x = Vec::with_capacity((changes.len() - skip) * columns);
    for t in skip..changes.len() {
        x.push(values[t]);
        x.extend((1..=lags).map(|lag| changes[t - lag]));
        if trend != Trend::None {
            x.push(1.0);
        }
        if trend == Trend::Linear {
            x.push((t - skip + 1) as f64);
        }
    }
    let fit = least_squares(&x, &changes[skip..], columns)?;
    Some(Regression {
        level: fit.coefficients[0],
        level_error: fit.standard_errors[0],
        residual_squares: fit.residual_squares,
        rows: changes.len() - skip,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Random;

    fn process(memory: f64, rows: usize) -> Vec<f64> {
        let mut random = Random::new(9, 0);
        let mut at = 0.0;
        (0..rows)
            .map(|_| {
                at = memory * at + random.uniform() - 0.5;
                at
            })
            .collect()
    }

    #[test]
    fn tells_a_stationary_series_from_a_random_walk() {
        for trend in [Trend::None, Trend::Constant, Trend::Linear] {
            let lags = Lags::Akaike(schwert_lags(500, trend));
            assert!(adf_test(&process(0.5, 500), trend, lags).unwrap().p_value < 1e-6);
            assert!(adf_test(&process(1.0, 500), trend, lags).unwrap().p_value > 0.05);
        }
    }

    #[test]
    fn the_unit_does_not_matter_and_with_a_constant_nor_does_the_level() {
        let plain = process(0.9, 300);
        let moved: Vec<f64> = plain.iter().map(|v| 1e4 * v - 77.0).collect();
        let of = |v: &[f64]| adf_test(v, Trend::Constant, Lags::Akaike(8)).unwrap();
        let (a, b) = (of(&plain), of(&moved));
        assert!((a.statistic - b.statistic).abs() < 1e-7 && a.lags == b.lags);
    }

    #[test]
    fn refuses_what_cannot_be_tested() {
        let flat = adf_test(&[1.0; 50], Trend::Constant, Lags::Fixed(1));
        assert_eq!(flat.unwrap_err().field, "values");
        let short = adf_test(&[1.0, 2.0], Trend::Constant, Lags::Fixed(0));
        assert_eq!(short.unwrap_err().field, "values");
        let gap = adf_test(&[1.0, f64::NAN], Trend::None, Lags::Fixed(0));
        assert_eq!(gap.unwrap_err().field, "values[1]");
        assert_eq!(schwert_lags(0, Trend::Linear), 0);
    }
}
