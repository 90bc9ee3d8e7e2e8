//! How fast trades come: exponentially weighted rate of events (Engle, Russell, Autoregressive Conditional
//! Duration, 1998, for why it clusters).

use super::times::check_times;
use crate::KernelError;

/// Events a second as of each event: the sum of 2^(-age / half-life) over it and all before it, times
/// ln 2 / half-life, so that steady events give their rate. It starts from no event at all: the first
/// half-lives read low. Times in milliseconds, not falling.
///
/// # Errors
/// A time that is missing, infinite or before the one before it; `halfLifeMs` not above 0.
pub fn trade_intensity(times_ms: &[f64], half_life_ms: f64) -> Result<Vec<f64>, KernelError> {
    check_times(times_ms)?;
    if !(half_life_ms > 0.0 && half_life_ms.is_finite()) {
        let allowed = "a finite number above 0";
        return Err(KernelError::new("halfLifeMs", half_life_ms, allowed));
    }
    let rate = 1e3 * std::f64::consts::LN_2 / half_life_ms;
    let mut sum = 0.0;
    let mut out = Vec::with_capacity(times_ms.len());
    for (row, &time) in times_ms.iter().enumerate() {
        let age = time - times_ms[row.saturating_sub(1)];
        sum = sum * libm::exp2(-age / half_life_ms) + 1.0;
        out.push(rate * sum);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_events_read_as_their_rate() {
        let times: Vec<f64> = (0..20_000).map(|i| f64::from(i) * 10.0).collect();
        let out = trade_intensity(&times, 5000.0).unwrap();
        assert!((out[19_999] - 100.0).abs() < 0.1);
        assert!(out.windows(2).all(|w| w[1] >= w[0]));
        assert_eq!(
            trade_intensity(&[2.0, 1.0], 1.0).unwrap_err().field,
            "timesMs[1]"
        );
        assert!(trade_intensity(&[], 1.0).unwrap().is_empty());
        assert_eq!(
            trade_intensity(&[0.0, 0.0], 1e3).unwrap()[1],
            2.0 * std::f64::consts::LN_2
        );
    }
}
