//! Maximum likelihood for GARCH(1,1), with the analytic gradient of Fiorentini, Calzolari, Panattoni
//! (Analytic Derivatives and the Computation of GARCH Estimates, 1996).

use super::garch::{GarchParameters, garch_filter, mean_square};
use crate::math::minimise;
use crate::{KernelError, checks};

/// Fewest returns a fit is attempted on.
const LEAST_ROWS: usize = 10;

/// A fitted GARCH(1,1).
#[derive(Debug, Clone, PartialEq)]
pub struct GarchFit {
    /// The parameters; `alpha` + `beta` stays below 1.
    pub parameters: GarchParameters,
    /// Gaussian log likelihood of the returns.
    pub log_likelihood: f64,
    /// Conditional variance of each row.
    pub variance: Vec<f64>,
    /// Variance of the row after the last.
    pub next_variance: f64,
    /// Whether the search came to rest.
    pub converged: bool,
}

/// Fits all four parameters by Gaussian (quasi) maximum likelihood, the presample being the mean
/// squared residual. The search leaves missing rows out, as if the series closed up. Deterministic:
/// searched from three starts, the likeliest taken.
///
/// # Errors
/// A return that is infinite; `returns` with fewer than 10 values or all equal.
pub fn fit_garch(returns: &[f64]) -> Result<GarchFit, KernelError> {
    checks::finite(("returns", returns))?;
    let count = returns.iter().filter(|r| !r.is_nan()).count();
    if count < LEAST_ROWS {
        return Err(KernelError::new(
            "returns",
            format!("{count} values"),
            format!("at least {LEAST_ROWS} values"),
        ));
    }
    let mean = returns.iter().filter(|r| !r.is_nan()).sum::<f64>() / count as f64;
    let scale = mean_square(returns, mean).sqrt();
    if !(scale.is_normal() && scale > 1e-12 * mean.abs()) {
        return Err(KernelError::new(
            "returns",
            "equal values",
            "values that differ",
        ));
    }
    // In units of their deviation, so that one search serves fractions and percents alike.
    let there = returns.iter().filter(|r| !r.is_nan());
    let scaled: Vec<f64> = there.map(|r| (r - mean) / scale).collect();
    let best = [(0.05, 0.9), (0.15, 0.7), (0.1, 0.2)]
        .map(|(alpha, beta)| {
            let start = [
                0.0,
                libm::log(1.0 - alpha - beta),
                logit(alpha + beta),
                logit(alpha / (alpha + beta)),
            ];
            minimise(&start, |p, g| objective(&scaled, p, g))
        })
        .into_iter()
        .filter(|m| m.value.is_finite())
        .min_by(|a, b| a.value.total_cmp(&b.value));
    let Some(best) = best else {
        return Err(KernelError::new(
            "returns",
            "values too far apart",
            "values of one scale",
        ));
    };
    let p = natural(&best.at);
    let parameters = GarchParameters {
        mu: mean + scale * p.mu,
        omega: (scale * scale * p.omega).max(f64::MIN_POSITIVE),
        ..p
    };
    let path = garch_filter(returns, &parameters, None)?;
    Ok(GarchFit {
        parameters,
        log_likelihood: path.log_likelihood,
        variance: path.variance,
        next_variance: path.next_variance,
        converged: best.converged,
    })
}

/// The search runs over mu, ln omega, logit(alpha + beta) and logit(alpha / (alpha + beta)).
fn natural(p: &[f64]) -> GarchParameters {
    let (persistence, share) = (sigmoid(p[2]), sigmoid(p[3]));
    GarchParameters {
        mu: p[0],
        omega: libm::exp(p[1]),
        alpha: persistence * share,
        beta: persistence * (1.0 - share),
    }
}

/// Negative log likelihood per row without its constant, and its gradient.
fn objective(returns: &[f64], at: &[f64], gradient: &mut [f64]) -> f64 {
    let p = natural(at);
    let n = returns.len() as f64;
    let start = mean_square(returns, p.mu);
    let start_mu = -2.0 * mean_residual(returns, p.mu);
    // Derivatives by mu, omega, alpha, beta.
    let (mut h, mut square) = (start, start);
    let (mut dh, mut dsquare_mu) = ([start_mu, 0.0, 0.0, 0.0], start_mu);
    let (mut value, mut sums) = (0.0, [0.0; 4]);
    for &r in returns {
        dh = [
            p.alpha * dsquare_mu + p.beta * dh[0],
            1.0 + p.beta * dh[1],
            square + p.beta * dh[2],
            h + p.beta * dh[3],
        ];
        h = p.omega + p.alpha * square + p.beta * h;
        let e = r - p.mu;
        square = e * e;
        dsquare_mu = -2.0 * e;
        value += 0.5 * (libm::log(h) + square / h);
        let slope = 0.5 * (1.0 - square / h) / h;
        for (sum, d) in sums.iter_mut().zip(dh) {
            *sum += slope * d;
        }
        sums[0] -= e / h;
    }
    let [mu, omega, alpha, beta] = sums.map(|s| s / n);
    let (persistence, share) = (sigmoid(at[2]), sigmoid(at[3]));
    gradient[0] = mu;
    gradient[1] = omega * p.omega;
    gradient[2] = (alpha * share + beta * (1.0 - share)) * persistence * (1.0 - persistence);
    gradient[3] = (alpha - beta) * persistence * share * (1.0 - share);
    value / n
}

fn mean_residual(returns: &[f64], mu: f64) -> f64 {
    returns.iter().map(|r| r - mu).sum::<f64>() / returns.len() as f64
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

fn logit(p: f64) -> f64 {
    libm::log(p / (1.0 - p))
}
