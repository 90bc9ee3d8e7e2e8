//! Bayesian online change points (Adams, MacKay, Bayesian Online Changepoint Detection, 2007), and the
//! likeliest segmentation by the same recursion (Fearnhead, Liu, On-line Inference for Multiple
//! Changepoint Problems, 2007).

use crate::{KernelError, checks};

/// Run lengths less likely than this share of the likeliest are dropped.
const LEAST_SHARE: f64 = 1e-12;

/// Constant hazard, and the normal-inverse-gamma prior of mean and variance of a segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChangePointPrior {
    /// Expected rows of a segment, above 1.
    pub mean_run: f64,
    /// Expected mean of a segment.
    pub mean: f64,
    /// Rows of observation that this expectation is worth, above 0.
    pub mean_weight: f64,
    /// Shape of the variance: half the rows of observation behind it, above 0.
    pub shape: f64,
    /// Scale of the variance, above 0: shape times the variance expected.
    pub scale: f64,
}

/// What was known after each row.
#[derive(Debug, Clone, PartialEq)]
pub struct OnlineChangePoints {
    /// Likeliest number of rows the current segment has had, this one included.
    pub run_length: Vec<f64>,
    /// Probability that the current segment is at most `recent` rows old, this one included.
    pub change_probability: Vec<f64>,
    /// Row at which each segment but the first begins, in the likeliest segmentation of all rows.
    pub changes: Vec<usize>,
    /// Logarithm of the likelihood of all rows.
    pub log_likelihood: f64,
}

/// Runs over a series; the values of a row never change when later ones arrive (`changes` looks back
/// from the end). A missing value is skipped and repeats the row before. Cost grows with the run lengths
/// that are still likely, usually a few dozen.
///
/// # Errors
/// A value that is infinite, a prior out of range, `recent` of 0.
pub fn online_change_points(
    values: &[f64],
    prior: &ChangePointPrior,
    recent: usize,
) -> Result<OnlineChangePoints, KernelError> {
    checks::finite(("values", values))?;
    prior.check()?;
    checks::period("recent", recent, 1)?;
    let mut state = State::new(prior);
    let mut out = OnlineChangePoints {
        run_length: Vec::with_capacity(values.len()),
        change_probability: Vec::with_capacity(values.len()),
        changes: Vec::new(),
        log_likelihood: 0.0,
    };
    for (row, &value) in values.iter().enumerate() {
        if !value.is_nan() {
            state.update(row, value);
        }
        out.run_length.push(state.likeliest_run(row));
        out.change_probability.push(state.younger_than(recent, row));
    }
    out.log_likelihood = state.log_likelihood;
    out.changes = state.changes();
    Ok(out)
}

impl ChangePointPrior {
    fn check(&self) -> Result<(), KernelError> {
        if !self.mean.is_finite() {
            return Err(KernelError::new("mean", self.mean, "a finite number"));
        }
        for (name, value, least) in [
            ("meanRun", self.mean_run, 1.0),
            ("meanWeight", self.mean_weight, 0.0),
            ("shape", self.shape, 0.0),
            ("scale", self.scale, 0.0),
        ] {
            if !(value > least && value.is_finite()) {
                let allowed = format!("a finite number above {least}");
                return Err(KernelError::new(name, value, allowed));
            }
        }
        Ok(())
    }
}

/// One possible beginning of the current segment.
#[derive(Debug, Clone, Copy)]
struct Run {
    start: usize,
    /// Probability, all runs together 1.
    weight: f64,
    /// Log score of the likeliest segmentation that ends with this run.
    score: f64,
    mean: f64,
    mean_weight: f64,
    shape: f64,
    scale: f64,
}

struct State<'a> {
    prior: &'a ChangePointPrior,
    runs: Vec<Run>,
    /// Of each row: score of the likeliest segmentation up to it, and where its last run starts.
    best: Vec<(usize, usize)>,
    log_likelihood: f64,
}

impl<'a> State<'a> {
    fn new(prior: &'a ChangePointPrior) -> Self {
        Self {
            prior,
            runs: Vec::new(),
            best: Vec::new(),
            log_likelihood: 0.0,
        }
    }

    fn update(&mut self, row: usize, value: f64) {
        let hazard = 1.0 / self.prior.mean_run;
        let best = self
            .runs
            .iter()
            .map(|r| r.score)
            .fold(f64::NEG_INFINITY, f64::max);
        let fresh = Run {
            start: row,
            weight: hazard,
            score: best + libm::log(hazard),
            mean: self.prior.mean,
            mean_weight: self.prior.mean_weight,
            shape: self.prior.shape,
            scale: self.prior.scale,
        };
        let (stay, log_stay) = (1.0 - hazard, libm::log1p(-hazard));
        for run in &mut self.runs {
            run.weight *= stay;
            run.score += log_stay;
        }
        self.runs.push(if best == f64::NEG_INFINITY {
            Run {
                weight: 1.0,
                score: 0.0,
                ..fresh
            }
        } else {
            fresh
        });
        self.observe(value);
        let last = self
            .runs
            .iter()
            .fold(&self.runs[0], |a, b| if b.score > a.score { b } else { a });
        self.best.push((row, last.start));
    }

    fn observe(&mut self, value: f64) {
        let logs: Vec<f64> = self.runs.iter_mut().map(|run| run.observe(value)).collect();
        let peak = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut total = 0.0;
        for (run, log) in self.runs.iter_mut().zip(&logs) {
            run.weight *= libm::exp(log - peak);
            run.score += log;
            total += run.weight;
        }
        self.log_likelihood += peak + libm::log(total);
        let heaviest = self.runs.iter().map(|r| r.weight).fold(0.0, f64::max);
        let best = self
            .runs
            .iter()
            .map(|r| r.score)
            .fold(f64::NEG_INFINITY, f64::max);
        self.runs
            .retain(|r| r.weight >= LEAST_SHARE * heaviest || r.score >= best);
        let total: f64 = self.runs.iter().map(|r| r.weight).sum();
        for run in &mut self.runs {
            run.weight /= total;
        }
    }

    fn likeliest_run(&self, row: usize) -> f64 {
        let Some(first) = self.runs.first() else {
            return f64::NAN;
        };
        let best = self
            .runs
            .iter()
            .fold(first, |a, b| if b.weight > a.weight { b } else { a });
        (row + 1 - best.start) as f64
    }

    fn younger_than(&self, recent: usize, row: usize) -> f64 {
        if self.runs.is_empty() {
            return f64::NAN;
        }
        let young = self.runs.iter().filter(|r| row + 1 - r.start <= recent);
        young.map(|r| r.weight).sum::<f64>().min(1.0)
    }

    fn changes(&self) -> Vec<usize> {
        let mut out = Vec::new();
        let mut at = self.best.len();
        while at > 0 {
            let start = self.best[at - 1].1;
            // Segments begin at rows that were seen, so the row before is found by its number.
            at = self.best.partition_point(|&(row, _)| row < start);
            if at > 0 {
                out.push(start);
            }
        }
        out.reverse();
        out
    }
}

impl Run {
    /// Folds a value in; returns the logarithm of its density (Student's t) before.
    fn observe(&mut self, value: f64) -> f64 {
        let df = 2.0 * self.shape;
        let squared = self.scale * (self.mean_weight + 1.0) / (self.shape * self.mean_weight);
        let distance = value - self.mean;
        let ratio = distance * distance / squared / df;
        let log = libm::lgamma(0.5 * (df + 1.0))
            - libm::lgamma(0.5 * df)
            - 0.5 * libm::log(df * std::f64::consts::PI * squared)
            - 0.5 * (df + 1.0) * libm::log1p(ratio);
        let weight = self.mean_weight + 1.0;
        self.scale += 0.5 * self.mean_weight / weight * distance * distance;
        self.mean += distance / weight;
        self.mean_weight = weight;
        self.shape += 0.5;
        log
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Random;

    const PRIOR: ChangePointPrior = ChangePointPrior {
        mean_run: 100.0,
        mean: 0.0,
        mean_weight: 0.1,
        shape: 1.0,
        scale: 0.1,
    };

    fn steps() -> Vec<f64> {
        let mut random = Random::new(6, 0);
        let level = |row: usize| if row < 60 { 0.0 } else { 4.0 };
        (0..100)
            .map(|row| level(row) + random.uniform() - 0.5)
            .collect()
    }

    #[test]
    fn sees_a_step_at_once_and_remembers_where_it_was() {
        let out = online_change_points(&steps(), &PRIOR, 3).unwrap();
        assert_eq!(out.changes, [60]);
        assert!(out.change_probability[59] < 0.1 && out.change_probability[60] > 0.9);
        assert_eq!((out.run_length[59], out.run_length[99]), (60.0, 40.0));
        assert!(
            out.change_probability
                .iter()
                .all(|p| (0.0..=1.0).contains(p))
        );
    }

    #[test]
    fn a_value_never_changes_when_later_rows_arrive() {
        let (all, part) = (
            online_change_points(&steps(), &PRIOR, 3).unwrap(),
            online_change_points(&steps()[..70], &PRIOR, 3).unwrap(),
        );
        assert_eq!(all.change_probability[..70], part.change_probability);
        assert_eq!(all.run_length[..70], part.run_length);
    }

    #[test]
    fn the_likelihood_is_the_sum_over_all_segmentations() {
        // Two rows: one segment of two, or two of one.
        let values = [0.3, 1.1];
        let out = online_change_points(&values, &PRIOR, 1).unwrap();
        let fresh = || Run {
            start: 0,
            weight: 1.0,
            score: 0.0,
            mean: PRIOR.mean,
            mean_weight: PRIOR.mean_weight,
            shape: PRIOR.shape,
            scale: PRIOR.scale,
        };
        let (mut first, mut second) = (fresh(), fresh());
        let start = libm::exp(first.observe(values[0]));
        let (stays, breaks) = (first.observe(values[1]), second.observe(values[1]));
        let total = start * (0.99 * libm::exp(stays) + 0.01 * libm::exp(breaks));
        assert!((out.log_likelihood - libm::log(total)).abs() < 1e-12);
        let share = 0.01 * libm::exp(breaks) * start / total;
        assert!((out.change_probability[1] - share).abs() < 1e-12);
    }

    #[test]
    fn missing_rows_repeat_and_flat_or_empty_series_stay_quiet() {
        let out = online_change_points(&[f64::NAN, 1.0, f64::NAN, 1.0], &PRIOR, 1).unwrap();
        assert!(out.run_length[0].is_nan());
        assert_eq!(out.run_length[1..], [1.0, 2.0, 3.0]);
        assert!(
            online_change_points(&[2.0; 300], &PRIOR, 1)
                .unwrap()
                .changes
                .is_empty()
        );
        assert_eq!(
            online_change_points(&[], &PRIOR, 1).unwrap().log_likelihood,
            0.0
        );
        let broken = ChangePointPrior {
            mean_run: 1.0,
            ..PRIOR
        };
        assert_eq!(
            online_change_points(&[], &broken, 1).unwrap_err().field,
            "meanRun"
        );
    }
}
