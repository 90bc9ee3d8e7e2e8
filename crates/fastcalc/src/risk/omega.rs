//! Omega ratio (Keating, Shadwick, A Universal Performance Measure, 2002).

use super::finite_number;
use crate::{KernelError, checks};

/// Sum of what exceeds `threshold` over the sum of what falls short of it. Infinite where nothing falls
/// short, NaN where every return is the threshold or none is there.
///
/// # Errors
/// A return that is infinite, `threshold` not finite.
pub fn omega(returns: &[f64], threshold: f64) -> Result<f64, KernelError> {
    checks::finite(("returns", returns))?;
    finite_number("threshold", threshold)?;
    let (mut gains, mut losses) = (0.0, 0.0);
    for r in returns.iter().filter(|r| !r.is_nan()) {
        gains += (r - threshold).max(0.0);
        losses += (threshold - r).max(0.0);
    }
    Ok(gains / losses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weighs_gains_against_losses() {
        assert_eq!(omega(&[3.0, -1.0, f64::NAN, -1.0], 0.0).unwrap(), 1.5);
        assert_eq!(omega(&[3.0], 0.0).unwrap(), f64::INFINITY);
        assert!(omega(&[0.0], 0.0).unwrap().is_nan() && omega(&[], 0.0).unwrap().is_nan());
    }
}
