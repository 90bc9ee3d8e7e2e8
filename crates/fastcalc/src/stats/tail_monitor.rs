//! A threshold for extremes that follows the stream (Siffer, Fouque, Termier, Largouet, Anomaly Detection
//! in Streams with Extreme Value Theory, 2017: SPOT).

use super::peaks_over_threshold::{ParetoTail, fit_tail, pareto};
use crate::{KernelError, checks};

/// How to watch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailMonitorOptions {
    /// Level of the calibration rows at which the tail begins, between 0 and 1; often 0.98.
    pub threshold_level: f64,
    /// Probability of a value beyond the alarm level, between 0 and 1 - `threshold_level`; often 0.0001.
    pub risk: f64,
    /// Newest peaks the tail is fitted to, at least 10; bounds memory and time.
    pub most_peaks: usize,
}

/// Watches the upper tail of a stream; negate it for the lower.
#[derive(Debug, Clone, PartialEq)]
pub struct TailMonitor {
    pub(super) options: TailMonitorOptions,
    pub(super) tail: ParetoTail,
    /// Excesses over the threshold, oldest first.
    pub(super) peaks: Vec<f64>,
    /// Values and values above the threshold so far, alarms left out.
    pub(super) rows: f64,
    pub(super) exceeded: f64,
    pub(super) level: f64,
}

impl TailMonitor {
    /// Calibrates on the values of a while in order.
    ///
    /// # Errors
    /// A value that is infinite, an option out of range, fewer than ten values above the threshold.
    pub fn new(calibration: &[f64], options: TailMonitorOptions) -> Result<Self, KernelError> {
        checks::period(
            "mostPeaks",
            options.most_peaks,
            super::peaks_over_threshold::LEAST_PEAKS,
        )?;
        let tail = fit_tail(calibration, options.threshold_level)?;
        if !(options.risk > 0.0 && options.risk < tail.share) {
            let allowed = format!(
                "between 0 and the share above the threshold ({})",
                tail.share
            );
            return Err(KernelError::new("risk", options.risk, allowed));
        }
        let there = calibration.iter().filter(|v| !v.is_nan());
        let peaks: Vec<f64> = there
            .clone()
            .map(|v| v - tail.threshold)
            .filter(|&excess| excess > 0.0)
            .collect();
        let mut monitor = Self {
            rows: there.count() as f64,
            exceeded: peaks.len() as f64,
            peaks,
            level: 0.0,
            tail,
            options,
        };
        monitor.refit();
        Ok(monitor)
    }

    /// Takes one value and says whether it is beyond the alarm level as it was before. Such a value
    /// teaches nothing; one between threshold and level becomes a peak. NaN is missing: no alarm.
    ///
    /// # Errors
    /// `value` infinite; nothing has changed then.
    pub fn update(&mut self, value: f64) -> Result<bool, KernelError> {
        if value.is_infinite() {
            let allowed = "a finite number, or NaN where missing";
            return Err(KernelError::new("value", value, allowed));
        }
        if value > self.level {
            return Ok(true);
        }
        if value.is_nan() {
            return Ok(false);
        }
        self.rows += 1.0;
        if value > self.tail.threshold {
            self.exceeded += 1.0;
            self.peaks.push(value - self.tail.threshold);
            self.refit();
        } else {
            self.place();
        }
        Ok(false)
    }

    /// The alarm level now.
    pub fn level(&self) -> f64 {
        self.level
    }

    /// The tail now.
    pub fn tail(&self) -> &ParetoTail {
        &self.tail
    }

    fn refit(&mut self) {
        let surplus = self.peaks.len().saturating_sub(self.options.most_peaks);
        self.peaks.drain(..surplus);
        self.tail = pareto(&self.peaks, self.tail.threshold, self.tail.share);
        self.place();
    }

    fn place(&mut self) {
        self.tail.share = self.exceeded / self.rows;
        // The share can fall to the risk itself: the level is then the threshold.
        self.level = self
            .tail
            .exceeded_with(self.options.risk.min(self.tail.share));
    }
}

/// Level and alarm of each row of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchedTail {
    /// The alarm level each value was held against; NaN in the calibration rows.
    pub level: Vec<f64>,
    /// 1 for an alarm, 0 for none; NaN in the calibration rows and where the value is missing.
    pub alarm: Vec<f64>,
}

/// Calibrates on the first `calibration_rows` rows and watches the others.
///
/// # Errors
/// As [`TailMonitor::new`]; `calibrationRows` above the number of rows.
pub fn watch_tail(
    values: &[f64],
    calibration_rows: usize,
    options: TailMonitorOptions,
) -> Result<WatchedTail, KernelError> {
    checks::finite(("values", values))?;
    if calibration_rows > values.len() {
        let allowed = format!("at most the number of values ({})", values.len());
        return Err(KernelError::new(
            "calibrationRows",
            calibration_rows,
            allowed,
        ));
    }
    let (calibration, rest) = values.split_at(calibration_rows);
    let mut monitor = TailMonitor::new(calibration, options)?;
    let mut out = WatchedTail {
        level: vec![f64::NAN; calibration_rows],
        alarm: vec![f64::NAN; calibration_rows],
    };
    for &value in rest {
        out.level.push(monitor.level());
        let alarm = f64::from(u8::from(monitor.update(value)?));
        out.alarm
            .push(if value.is_nan() { f64::NAN } else { alarm });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Random;

    const OPTIONS: TailMonitorOptions = TailMonitorOptions {
        threshold_level: 0.95,
        risk: 1e-4,
        most_peaks: 200,
    };

    fn exponential(rows: usize) -> Vec<f64> {
        let mut random = Random::new(12, 0);
        (0..rows).map(|_| -libm::log1p(-random.uniform())).collect()
    }

    #[test]
    fn the_level_is_near_the_true_quantile_and_a_spike_is_an_alarm() {
        let mut values = exponential(20_000);
        values[15_000] = 100.0;
        values[15_001] = f64::NAN;
        let out = watch_tail(&values, 2000, OPTIONS).unwrap();
        // Exceeded with probability 0.0001: -ln 0.0001 = 9.21.
        assert!(
            (out.level[19_999] - 9.2).abs() < 2.0,
            "{}",
            out.level[19_999]
        );
        assert_eq!(out.alarm[15_000], 1.0);
        assert!(out.alarm[15_001].is_nan() && out.level[1999].is_nan());
        let alarms = out.alarm.iter().filter(|&&a| a == 1.0).count();
        assert!(alarms < 25, "{alarms}");
        assert_eq!(out.level[15_001], out.level[15_000]);
    }

    #[test]
    fn refuses_what_cannot_be_calibrated() {
        let values = exponential(100);
        assert_eq!(
            watch_tail(&values, 101, OPTIONS).unwrap_err().field,
            "calibrationRows"
        );
        assert_eq!(
            watch_tail(&values, 100, OPTIONS).unwrap_err().field,
            "values"
        );
        let risky = TailMonitorOptions {
            risk: 0.5,
            threshold_level: 0.8,
            ..OPTIONS
        };
        assert_eq!(watch_tail(&values, 100, risky).unwrap_err().field, "risk");
    }
}
