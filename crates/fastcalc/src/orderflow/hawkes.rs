//! Events that excite one another (Hawkes, Spectra of Some Self-Exciting and Mutually Exciting Point
//! Processes, 1971; likelihood in one pass after Ozaki, Maximum Likelihood Estimation of Hawkes'
//! Self-Exciting Point Processes, 1979).

use super::times::check_times;
use crate::KernelError;
use crate::math::minimise;

/// Fewest events a fit is attempted on.
const LEAST_EVENTS: usize = 10;

/// Intensity baseline + sum of branching * decay * e^(-decay * age) over the events before; all a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HawkesParameters {
    /// Events a second that come by themselves, above 0.
    pub baseline: f64,
    /// Events each event causes on average, at least 0; the process is stable below 1.
    pub branching: f64,
    /// How fast excitement fades, a second, above 0.
    pub decay: f64,
}

/// A fitted process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HawkesFit {
    /// The parameters, `branching` below 1.
    pub parameters: HawkesParameters,
    /// Log likelihood of the events, times in seconds.
    pub log_likelihood: f64,
    /// Whether the search came to rest.
    pub converged: bool,
}

impl HawkesParameters {
    fn check(&self) -> Result<(), KernelError> {
        for (name, value) in [("baseline", self.baseline), ("decay", self.decay)] {
            if !(value > 0.0 && value.is_finite()) {
                return Err(KernelError::new(name, value, "a finite number above 0"));
            }
        }
        if !(self.branching >= 0.0 && self.branching.is_finite()) {
            let allowed = "a finite number of at least 0";
            return Err(KernelError::new("branching", self.branching, allowed));
        }
        Ok(())
    }
}

/// Intensity just before each event, events a second; one at the same time counts as before.
///
/// # Errors
/// A time that is missing, infinite or before the one before it, a parameter out of range.
pub fn hawkes_intensity(
    times_ms: &[f64],
    parameters: &HawkesParameters,
) -> Result<Vec<f64>, KernelError> {
    check_times(times_ms)?;
    parameters.check().map_err(|e| e.inside("parameters"))?;
    let jump = parameters.branching * parameters.decay;
    let mut memory = 0.0;
    Ok((0..times_ms.len())
        .map(|row| {
            if row > 0 {
                let age = (times_ms[row] - times_ms[row - 1]) / 1e3;
                memory = (memory + 1.0) * libm::exp(-parameters.decay * age);
            }
            parameters.baseline + jump * memory
        })
        .collect())
}

/// Log likelihood of the events from `start_ms` to `end_ms`, in seconds.
///
/// # Errors
/// As [`hawkes_intensity`]; `startMs` after the first event or `endMs` before the last.
pub fn hawkes_log_likelihood(
    times_ms: &[f64],
    start_ms: f64,
    end_ms: f64,
    parameters: &HawkesParameters,
) -> Result<f64, KernelError> {
    check_times(times_ms)?;
    check_span(times_ms, start_ms, end_ms)?;
    parameters.check().map_err(|e| e.inside("parameters"))?;
    let times = seconds(times_ms, start_ms, 1e3);
    let p = [parameters.baseline, parameters.branching, parameters.decay];
    Ok(-objective(&times, (end_ms - start_ms) / 1e3, p).0)
}

/// Fits all three parameters by maximum likelihood with its analytic gradient. Deterministic: searched
/// from six starts, the likeliest taken.
///
/// # Errors
/// A time that is missing, infinite or before the one before it; a span that does not hold them; fewer
/// than ten events, or no time between them.
pub fn fit_hawkes(times_ms: &[f64], start_ms: f64, end_ms: f64) -> Result<HawkesFit, KernelError> {
    check_times(times_ms)?;
    check_span(times_ms, start_ms, end_ms)?;
    let events = times_ms.len();
    if events < LEAST_EVENTS || times_ms[0] == times_ms[events - 1] {
        return Err(KernelError::new(
            "timesMs",
            format!("{events} events"),
            format!("at least {LEAST_EVENTS} events, not all at once"),
        ));
    }
    // In units of the mean distance, so that one search serves ticks and days alike.
    let unit_ms = (end_ms - start_ms) / events as f64;
    let times = seconds(times_ms, start_ms, unit_ms);
    let span = events as f64;
    let starts = [
        (0.3, 0.3),
        (0.3, 3.0),
        (0.3, 30.0),
        (0.7, 0.1),
        (0.7, 1.0),
        (0.7, 10.0),
    ];
    let best = starts
        .map(|(branching, decay): (f64, f64)| {
            let start = [
                libm::log(1.0 - branching),
                libm::log(branching / (1.0 - branching)),
                libm::log(decay),
            ];
            minimise(&start, |at, gradient| {
                let p = natural(at);
                let (value, by) = objective(&times, span, p);
                gradient[0] = by[0] * p[0] / span;
                gradient[1] = by[1] * p[1] * (1.0 - p[1]) / span;
                gradient[2] = by[2] * p[2] / span;
                value / span
            })
        })
        .into_iter()
        .filter(|m| m.value.is_finite())
        .min_by(|a, b| a.value.total_cmp(&b.value));
    let Some(best) = best else {
        let actual = "times without a maximum of their likelihood";
        return Err(KernelError::new("timesMs", actual, "times of one scale"));
    };
    let [baseline, branching, decay] = natural(&best.at);
    let unit = unit_ms / 1e3;
    Ok(HawkesFit {
        parameters: HawkesParameters {
            baseline: baseline / unit,
            branching,
            decay: decay / unit,
        },
        log_likelihood: -best.value * span - span * libm::log(unit),
        converged: best.converged,
    })
}

fn check_span(times_ms: &[f64], start_ms: f64, end_ms: f64) -> Result<(), KernelError> {
    let first = times_ms.first().copied().unwrap_or(start_ms);
    if !(start_ms.is_finite() && start_ms <= first) {
        let allowed = format!("a finite time of at most {first}");
        return Err(KernelError::new("startMs", start_ms, allowed));
    }
    let last = times_ms.last().copied().unwrap_or(start_ms);
    if !(end_ms.is_finite() && end_ms >= last && end_ms > start_ms) {
        let allowed = format!("a finite time of at least {last} and after the start");
        return Err(KernelError::new("endMs", end_ms, allowed));
    }
    Ok(())
}

fn seconds(times_ms: &[f64], start_ms: f64, unit_ms: f64) -> Vec<f64> {
    times_ms.iter().map(|t| (t - start_ms) / unit_ms).collect()
}

fn natural(at: &[f64]) -> [f64; 3] {
    [
        libm::exp(at[0]),
        1.0 / (1.0 + libm::exp(-at[1])),
        libm::exp(at[2]),
    ]
}

/// Negative log likelihood and its derivatives by baseline, branching and decay.
fn objective(times: &[f64], span: f64, [baseline, branching, decay]: [f64; 3]) -> (f64, [f64; 3]) {
    // memory: sum of e^(-decay age) over earlier events; fading: its derivative by the decay, negated.
    let (mut memory, mut fading) = (0.0, 0.0);
    let mut value = baseline * span;
    let mut by = [span, 0.0, 0.0];
    let mut before = times.first().copied().unwrap_or(0.0);
    for (row, &time) in times.iter().enumerate() {
        if row > 0 {
            let age = time - before;
            let kept = libm::exp(-decay * age);
            fading = kept * (fading + age * (memory + 1.0));
            memory = kept * (memory + 1.0);
        }
        before = time;
        let intensity = baseline + branching * decay * memory;
        value -= libm::log(intensity);
        by[0] -= 1.0 / intensity;
        by[1] -= decay * memory / intensity;
        by[2] -= branching * (memory - decay * fading) / intensity;
        let rest = span - time;
        let kept = libm::exp(-decay * rest);
        value += branching * (1.0 - kept);
        by[1] += 1.0 - kept;
        by[2] += branching * rest * kept;
    }
    (value, by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Random;

    const TRUE: HawkesParameters = HawkesParameters {
        baseline: 2.0,
        branching: 0.6,
        decay: 5.0,
    };

    /// Thinning (Ogata 1981) of 1000 seconds.
    fn events() -> Vec<f64> {
        let mut random = Random::new(21, 0);
        let (mut time, mut memory, mut out) = (0.0, 0.0, Vec::new());
        loop {
            let most = TRUE.baseline + TRUE.branching * TRUE.decay * memory;
            let wait = -libm::log1p(-random.uniform()) / most;
            time += wait;
            if time > 1000.0 {
                return out;
            }
            memory *= libm::exp(-TRUE.decay * wait);
            let here = TRUE.baseline + TRUE.branching * TRUE.decay * memory;
            if random.uniform() * most < here {
                memory += 1.0;
                out.push(time * 1e3);
            }
        }
    }

    #[test]
    fn finds_the_parameters_of_a_simulated_process() {
        let fit = fit_hawkes(&events(), 0.0, 1e6).unwrap();
        let p = fit.parameters;
        assert!(fit.converged);
        assert!(
            (p.baseline - 2.0).abs() < 0.2 && (p.branching - 0.6).abs() < 0.05,
            "{p:?}"
        );
        assert!((p.decay - 5.0).abs() < 0.7, "{p:?}");
        let likelihood = hawkes_log_likelihood(&events(), 0.0, 1e6, &p).unwrap();
        assert!((fit.log_likelihood - likelihood).abs() < 1e-6);
        assert!(likelihood >= hawkes_log_likelihood(&events(), 0.0, 1e6, &TRUE).unwrap());
    }

    #[test]
    fn the_gradient_is_the_slope() {
        let times: Vec<f64> = events()[..50].iter().map(|t| t / 1e3).collect();
        let at = [1.5, 0.4, 3.0];
        let (_, by) = objective(&times, 30.0, at);
        for i in 0..3 {
            let moved = |d: f64| {
                let mut p = at;
                p[i] += d;
                objective(&times, 30.0, p).0
            };
            let slope = (moved(1e-6) - moved(-1e-6)) / 2e-6;
            assert!((slope - by[i]).abs() < 1e-5 * (1.0 + slope.abs()));
        }
    }

    #[test]
    fn intensity_jumps_and_fades_and_nonsense_is_refused() {
        let out = hawkes_intensity(&[0.0, 0.0, 1e3], &TRUE).unwrap();
        assert_eq!(out[..2], [2.0, 5.0]);
        assert!((out[2] - (2.0 + 6.0 * (-5.0_f64).exp())).abs() < 1e-12);
        assert_eq!(
            fit_hawkes(&[1.0; 20], 0.0, 2.0).unwrap_err().field,
            "timesMs"
        );
        assert_eq!(
            fit_hawkes(&events(), 1e5, 1e6).unwrap_err().field,
            "startMs"
        );
        assert_eq!(fit_hawkes(&events(), 0.0, 1.0).unwrap_err().field, "endMs");
    }
}
