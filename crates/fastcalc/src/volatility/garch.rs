//! GARCH(1,1) (Bollerslev, Generalized Autoregressive Conditional Heteroskedasticity, 1986).

use crate::{KernelError, checks, limits};

/// e_t = r_t - mu, h_t = omega + alpha e_t-1^2 + beta h_t-1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GarchParameters {
    /// Mean of the returns.
    pub mu: f64,
    /// Constant of the variance, above 0.
    pub omega: f64,
    /// Weight of the last square, at least 0.
    pub alpha: f64,
    /// Weight of the last variance, at least 0.
    pub beta: f64,
}

impl GarchParameters {
    /// Checks ranges; `alpha` + `beta` may reach 1 or more, there is then no long-run variance.
    ///
    /// # Errors
    /// The first parameter at fault.
    pub fn check(&self) -> Result<(), KernelError> {
        if !self.mu.is_finite() {
            return Err(KernelError::new("mu", self.mu, "a finite number"));
        }
        if !(self.omega > 0.0 && self.omega.is_finite()) {
            let allowed = "a finite number above 0";
            return Err(KernelError::new("omega", self.omega, allowed));
        }
        for (name, value) in [("alpha", self.alpha), ("beta", self.beta)] {
            if !(value >= 0.0 && value.is_finite()) {
                let allowed = "a finite number of at least 0";
                return Err(KernelError::new(name, value, allowed));
            }
        }
        Ok(())
    }

    /// Variance the forecasts tend to: omega / (1 - alpha - beta); infinite where there is none.
    pub fn long_run_variance(&self) -> f64 {
        let rest = 1.0 - self.alpha - self.beta;
        if rest > 0.0 {
            self.omega / rest
        } else {
            f64::INFINITY
        }
    }
}

/// Conditional variances of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct GarchPath {
    /// h_t of each row, from the rows before it alone.
    pub variance: Vec<f64>,
    /// h of the row after the last.
    pub next_variance: f64,
    /// Gaussian log likelihood of the returns that are there.
    pub log_likelihood: f64,
}

/// Runs the recursion over a series. Before the first row squares and variance are `presample`; None
/// takes the mean squared residual of the series itself, as estimation usually does (that looks
/// ahead: pass a value for a causal path). A missing return counts as one of the expected square.
///
/// # Errors
/// A return that is infinite, a parameter out of range, `presample` not finite and above 0, no return
/// to take it from.
pub fn garch_filter(
    returns: &[f64],
    parameters: &GarchParameters,
    presample: Option<f64>,
) -> Result<GarchPath, KernelError> {
    checks::finite(("returns", returns))?;
    parameters.check().map_err(|e| e.inside("parameters"))?;
    let start = presample.unwrap_or_else(|| mean_square(returns, parameters.mu));
    if !(start > 0.0 && start.is_finite()) {
        return Err(KernelError::new(
            "presample",
            start,
            "a finite variance above 0, or absent where the returns have one",
        ));
    }
    let mut variance = Vec::with_capacity(returns.len());
    let (mut square, mut h, mut log_likelihood) = (start, start, 0.0);
    for &r in returns {
        h = parameters.omega + parameters.alpha * square + parameters.beta * h;
        variance.push(h);
        if r.is_nan() {
            square = h;
            continue;
        }
        square = (r - parameters.mu) * (r - parameters.mu);
        log_likelihood -= 0.5 * (libm::log(std::f64::consts::TAU * h) + square / h);
    }
    Ok(GarchPath {
        next_variance: parameters.omega + parameters.alpha * square + parameters.beta * h,
        variance,
        log_likelihood,
    })
}

/// Expected variances of the next `horizon` rows, the first being `next_variance`.
///
/// # Errors
/// A parameter out of range, `nextVariance` not finite and above 0.
pub fn garch_forecast(
    parameters: &GarchParameters,
    next_variance: f64,
    horizon: usize,
) -> Result<Vec<f64>, KernelError> {
    parameters.check().map_err(|e| e.inside("parameters"))?;
    if !(next_variance > 0.0 && next_variance.is_finite()) {
        return Err(KernelError::new(
            "nextVariance",
            next_variance,
            "a finite number above 0",
        ));
    }
    limits::output("horizon", horizon, 1)?;
    let mut h = next_variance;
    Ok((0..horizon)
        .map(|_| {
            let now = h;
            h = parameters.omega + (parameters.alpha + parameters.beta) * h;
            now
        })
        .collect())
}

/// Mean squared residual of the returns that are there.
pub(super) fn mean_square(returns: &[f64], mu: f64) -> f64 {
    let (mut squares, mut count) = (0.0, 0.0);
    for r in returns.iter().filter(|r| !r.is_nan()) {
        squares += (r - mu) * (r - mu);
        count += 1.0;
    }
    squares / count
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: GarchParameters = GarchParameters {
        mu: 0.0,
        omega: 0.1,
        alpha: 0.2,
        beta: 0.7,
    };

    #[test]
    fn follows_its_recursion_and_forecasts_towards_the_long_run() {
        let path = garch_filter(&[1.0, f64::NAN, -2.0], &P, Some(1.0)).unwrap();
        let expected = [1.0, 1.0, 1.0];
        for (h, e) in path.variance.iter().zip(expected) {
            assert!((h - e).abs() < 1e-15);
        }
        assert!((path.next_variance - (0.1 + 0.8 + 0.7)).abs() < 1e-15);
        let far = garch_forecast(&P, path.next_variance, 300).unwrap();
        assert_eq!(far[0], path.next_variance);
        assert!((far[299] - P.long_run_variance()).abs() < 1e-9);
    }

    #[test]
    fn refuses_what_is_no_variance() {
        assert_eq!(garch_filter(&[], &P, None).unwrap_err().field, "presample");
        let broken = GarchParameters { omega: 0.0, ..P };
        let error = garch_filter(&[1.0], &broken, None).unwrap_err();
        assert_eq!(error.field, "parameters.omega");
    }
}
