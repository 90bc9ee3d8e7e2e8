//! One row of the forward pass, scaled so that it never underflows.

use super::densities::Densities;
use super::log_product::LogProduct;

/// Probabilities below this are 0: so every quotient of the scaled passes stays inside f64.
const TINY: f64 = 1e-280;

/// A row whose likelihood is inside these is worked out directly, others by logarithms.
pub(super) const DIRECT: std::ops::Range<f64> = 1e-150..1e150;

/// Folds the observation `x` into the `prior` of its row; a NaN says nothing.
///
/// Writes each state's `likelihood` divided by that of the row, and the `posterior`; multiplies
/// `total` by the likelihood of the row given all rows before it.
#[inline]
pub(super) fn step(
    densities: &Densities,
    prior: &[f64],
    x: f64,
    likelihood: &mut [f64],
    posterior: &mut [f64],
    total: &mut LogProduct,
) {
    if x.is_nan() {
        likelihood.fill(1.0);
        weigh(prior, likelihood, posterior);
        return;
    }
    densities.densities(x, likelihood);
    let direct = mass(prior, likelihood);
    if DIRECT.contains(&direct) {
        total.multiply(direct);
        scale(prior, likelihood, posterior, direct);
    } else {
        let peak = relative(densities, prior, x, likelihood);
        let row = weigh(prior, likelihood, posterior);
        total.multiply_log(peak + libm::log(row));
    }
}

/// The prior of the next row: `posterior` moved on by the row-major `transition` matrix.
#[inline]
pub(super) fn advance(posterior: &[f64], transition: &[f64], prior: &mut [f64]) {
    prior.fill(0.0);
    for (&p, row) in posterior.iter().zip(transition.chunks_exact(prior.len())) {
        for (next, &a) in prior.iter_mut().zip(row) {
            *next += p * a;
        }
    }
    for next in prior.iter_mut() {
        *next = flushed(*next);
    }
}

/// Densities relative to that of the likeliest state that is possible here; returns its logarithm.
#[cold]
fn relative(densities: &Densities, prior: &[f64], x: f64, likelihood: &mut [f64]) -> f64 {
    let mut peak = f64::NEG_INFINITY;
    for (k, (l, &p)) in likelihood.iter_mut().zip(prior).enumerate() {
        *l = densities.log_density(k, x);
        if p > 0.0 && *l > peak {
            peak = *l;
        }
    }
    for (l, &p) in likelihood.iter_mut().zip(prior) {
        // An impossible state may be so much likelier that its quotient is infinite.
        *l = if p > 0.0 { libm::exp(*l - peak) } else { 0.0 };
    }
    peak
}

#[inline]
fn mass(prior: &[f64], likelihood: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (p, l) in prior.iter().zip(likelihood) {
        sum += p * l;
    }
    sum
}

#[inline]
fn weigh(prior: &[f64], likelihood: &mut [f64], posterior: &mut [f64]) -> f64 {
    let sum = mass(prior, likelihood);
    scale(prior, likelihood, posterior, sum);
    sum
}

#[inline]
fn scale(prior: &[f64], likelihood: &mut [f64], posterior: &mut [f64], sum: f64) {
    let inverse = 1.0 / sum;
    for ((post, l), &p) in posterior.iter_mut().zip(likelihood.iter_mut()).zip(prior) {
        *l *= inverse;
        *post = flushed(p * *l);
    }
}

#[inline]
pub(super) fn flushed(probability: f64) -> f64 {
    if probability < TINY { 0.0 } else { probability }
}
