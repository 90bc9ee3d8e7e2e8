//! Binding of the streams on which the decider is measured.

use crate::errors::refused;
use fastcalc::KernelError;
use fastcalc::decider::DeciderConfig;
use fastcalc::simulation::run::{Options, run};
use fastcalc::simulation::stream::{Payoff, Settings, generate};
use napi::Result;
use napi::bindgen_prelude::{Float64Array, Uint32Array};
use napi_derive::napi;

/// A stream and how its outcomes come back.
#[napi(object)]
pub struct NativeStream {
    /// Rewards of 0 and 1 in place of returns.
    pub zero_one: bool,
    /// Standard deviation of the returns' noise.
    pub sigma: f64,
    /// Noise of a Student t with 3 degrees of freedom.
    pub student_t3: bool,
    /// Number of decisions.
    pub decisions: u32,
    /// Shortest regime.
    pub regime_least: u32,
    /// Longest regime.
    pub regime_most: u32,
    /// Probability that experts 2 to 4 copy expert 1.
    pub herding: f64,
    /// Accuracy of the expert that joins halfway.
    pub newcomer: f64,
    /// Decisions after which an outcome is known.
    pub delay: u32,
    /// Only the reward of the action taken is known.
    pub bandit: bool,
    /// Share of outcomes that never come.
    pub missing: f64,
    /// Where above 0, this many regimes return, at most 8, each with a label.
    pub recurring: u32,
    /// The decider is not told the labels.
    pub blind: bool,
}

/// Expected payoffs, one per decision, and where regimes start.
#[napi(object)]
pub struct NativeBooks {
    /// The decider's, every trade counted in full.
    pub learner: Float64Array,
    /// The decider's, trades at their size.
    pub sized: Float64Array,
    /// The plurality's.
    pub plurality: Float64Array,
    /// Of the best combination.
    pub best: Float64Array,
    /// First decisions of the regimes.
    pub switches: Uint32Array,
}

/// Runs a fresh decider over the stream of a seed.
#[napi(catch_unwind)]
pub fn simulate_decider(stream: NativeStream, seed: u32) -> Result<NativeBooks> {
    if stream.regime_least == 0 || stream.regime_most < stream.regime_least {
        let allowed = "at least 1, and at most regimeMost";
        let error = KernelError::new("regimeLeast", stream.regime_least, allowed);
        return Err(refused(error));
    }
    let payoff = if stream.zero_one {
        Payoff::ZeroOne
    } else {
        Payoff::Returns {
            sigma: stream.sigma,
            student_t3: stream.student_t3,
        }
    };
    let settings = Settings {
        decisions: stream.decisions as usize,
        regime: (stream.regime_least as usize, stream.regime_most as usize),
        herding: stream.herding,
        newcomer: stream.newcomer,
        recurring: stream.recurring as usize,
        ..Settings::of(payoff)
    };
    let options = Options {
        delay: stream.delay as usize,
        bandit: stream.bandit,
        missing: stream.missing,
        blind: stream.blind,
        ..Options::default()
    };
    let steps = generate(&settings, u64::from(seed));
    let (_, books) = run(&steps, &settings, DeciderConfig::default(), &options)
        .map_err(|error| refused(KernelError::new("stream", error, "one the decider takes")))?;
    let starts = steps.iter().enumerate().filter(|(_, step)| step.switched);
    let switches: Vec<u32> = starts.map(|(at, _)| at as u32).collect();
    Ok(NativeBooks {
        learner: books.learner.into(),
        sized: books.sized.into(),
        plurality: books.plurality.into(),
        best: books.best.into(),
        switches: switches.into(),
    })
}
