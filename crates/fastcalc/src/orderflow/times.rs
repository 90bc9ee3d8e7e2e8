//! Times of events.

use crate::KernelError;

/// Finite and not falling.
pub(super) fn check_times(times_ms: &[f64]) -> Result<(), KernelError> {
    let mut before = f64::NEG_INFINITY;
    for (row, &time) in times_ms.iter().enumerate() {
        if !time.is_finite() || time < before {
            return Err(KernelError::new(
                format!("timesMs[{row}]"),
                time,
                "finite and not before the time of the row before",
            ));
        }
        before = time;
    }
    Ok(())
}
