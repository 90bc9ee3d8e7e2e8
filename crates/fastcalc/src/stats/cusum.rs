//! Cumulative sums of deviations (Page, Continuous Inspection Schemes, 1954).

use crate::{KernelError, checks};

/// What the chart is set to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CusumOptions {
    /// The level a series in order keeps to.
    pub target: f64,
    /// Deviation a row that is let pass (the k of the chart: half the shift to be found), at least 0.
    pub slack: f64,
    /// An alarm is raised above it (the h of the chart), above 0.
    pub threshold: f64,
}

/// Both sums and the alarms of each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Cusum {
    /// Upper sum after the row, before any reset; at least 0.
    pub upper: Vec<f64>,
    /// Lower sum after the row, before any reset; at least 0.
    pub lower: Vec<f64>,
    /// 1 for an alarm upwards, -1 downwards, 0 for none; the larger sum where both exceed.
    pub alarm: Vec<f64>,
}

/// upper = max(0, upper + value - target - slack), lower likewise; both start again from 0 after an
/// alarm. A missing value leaves the sums as they were and is NaN in all three outputs.
///
/// # Errors
/// A value or an option out of range.
pub fn cusum(values: &[f64], options: &CusumOptions) -> Result<Cusum, KernelError> {
    checks::finite(("values", values))?;
    check(options)?;
    let mut out = Cusum {
        upper: vec![f64::NAN; values.len()],
        lower: vec![f64::NAN; values.len()],
        alarm: vec![f64::NAN; values.len()],
    };
    let (mut upper, mut lower) = (0.0_f64, 0.0_f64);
    for (row, &value) in values.iter().enumerate() {
        if value.is_nan() {
            continue;
        }
        let deviation = value - options.target;
        upper = (upper + deviation - options.slack).max(0.0);
        lower = (lower - deviation - options.slack).max(0.0);
        (out.upper[row], out.lower[row], out.alarm[row]) = (upper, lower, 0.0);
        if upper > options.threshold || lower > options.threshold {
            out.alarm[row] = if upper >= lower { 1.0 } else { -1.0 };
            (upper, lower) = (0.0, 0.0);
        }
    }
    Ok(out)
}

fn check(options: &CusumOptions) -> Result<(), KernelError> {
    if !options.target.is_finite() {
        return Err(KernelError::new(
            "target",
            options.target,
            "a finite number",
        ));
    }
    if !(options.slack >= 0.0 && options.slack.is_finite()) {
        let allowed = "a finite number of at least 0";
        return Err(KernelError::new("slack", options.slack, allowed));
    }
    if !(options.threshold > 0.0 && options.threshold.is_finite()) {
        let allowed = "a finite number above 0";
        return Err(KernelError::new("threshold", options.threshold, allowed));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: CusumOptions = CusumOptions {
        target: 10.0,
        slack: 0.5,
        threshold: 4.0,
    };

    #[test]
    fn adds_up_until_the_alarm_and_starts_again() {
        let out = cusum(&[10.0, 12.0, f64::NAN, 12.0, 12.0, 10.0, 4.0], &OPTIONS).unwrap();
        assert_eq!(out.upper[..2], [0.0, 1.5]);
        assert!(out.upper[2].is_nan());
        assert_eq!(out.upper[3..], [3.0, 4.5, 0.0, 0.0]);
        assert_eq!(out.alarm[3..], [0.0, 1.0, 0.0, -1.0]);
        assert_eq!(out.lower[6], 5.5);
    }

    #[test]
    fn mirrored_values_raise_mirrored_alarms() {
        let values: Vec<f64> = (0..300)
            .map(|i| 10.0 + f64::from(i * 37 % 17) / 4.0 - 2.0)
            .collect();
        let mirrored: Vec<f64> = values.iter().map(|v| 20.0 - v).collect();
        let (a, b) = (
            cusum(&values, &OPTIONS).unwrap(),
            cusum(&mirrored, &OPTIONS).unwrap(),
        );
        assert_eq!((&a.upper, &a.lower), (&b.lower, &b.upper));
        assert!(a.upper.iter().all(|&v| v >= 0.0));
        let mut broken = OPTIONS;
        broken.threshold = 0.0;
        assert_eq!(cusum(&[], &broken).unwrap_err().field, "threshold");
        assert!(cusum(&[], &OPTIONS).unwrap().alarm.is_empty());
    }
}
