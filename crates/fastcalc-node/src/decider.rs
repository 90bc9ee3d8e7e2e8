//! Binding of the learning decider.
//!
//! Votes cross as one string of slots, joined by line feeds, and one array of probabilities; the
//! answer is written into an array of the caller's. That is a tenth of the price of objects.

use fastcalc::decider::{
    Action, Answer, Context, Decider, DeciderConfig, DeciderError, Feedback, Vote,
};
use napi::bindgen_prelude::{Float64Array, Uint8Array};
use napi::{Error, Result, Status};
use napi_derive::napi;

/// Separates the parts of an error's text: code, field, message.
const SEPARATOR: char = '\u{1f}';
/// Numbers of an answer before the mixture's weights: action, plurality, size, guardrail, scores,
/// probabilities.
const ANSWER_HEAD: usize = 10;

/// The caller's array. An alias, because the macro takes a literal `&mut` for a wrapped object.
type AnswerSlice<'a> = &'a mut [f64];

/// One row of the league table.
#[napi(object)]
pub struct NativeExpert {
    /// `expertId@major`.
    pub slot: String,
    /// Share of say.
    pub weight: f64,
    /// Whether it voted on the latest outcome.
    pub awake: bool,
    /// Outcomes it voted on.
    pub outcomes: f64,
    /// Votes that turned out right.
    pub hits: f64,
    /// Discounted share of right votes.
    pub hit_rate: f64,
}

/// The decider as Node sees it.
#[napi]
pub struct NativeDecider {
    inner: Decider,
}

#[napi]
impl NativeDecider {
    /// A decider with these settings: discounts, and the scalars in the order of the snapshot.
    #[napi(constructor, catch_unwind)]
    pub fn new(discounts: &[f64], scalars: &[f64]) -> Result<Self> {
        let Ok(scalars) = scalars.try_into() else {
            return Err(misuse("settings"));
        };
        let config = DeciderConfig::from_scalars(discounts.to_vec(), scalars);
        Ok(NativeDecider {
            inner: Decider::new(config).map_err(translate)?,
        })
    }

    /// The settings by default: the scalars, then the discounts.
    #[napi]
    pub fn default_settings() -> Float64Array {
        settings_of(&DeciderConfig::default())
    }

    /// The decider a snapshot was taken of.
    #[napi(factory, catch_unwind)]
    pub fn restore(bytes: &[u8]) -> Result<Self> {
        Ok(NativeDecider {
            inner: Decider::restore(bytes).map_err(translate)?,
        })
    }

    /// The settings: the scalars, then the discounts.
    #[napi]
    pub fn settings(&self) -> Float64Array {
        settings_of(self.inner.config())
    }

    /// Answers, `context` being two labels with a line feed between, into `answer`: action, plurality, size, guardrail, scores, probabilities,
    /// mixture, contributions.
    #[napi(catch_unwind)]
    pub fn decide(
        &self,
        slots: String,
        probabilities: &[f64],
        round_trip_bps: f64,
        context: String,
        answer: AnswerSlice<'_>,
    ) -> Result<()> {
        let votes = unpack(&slots, probabilities)?;
        let context = context_of(&context);
        let result = self
            .inner
            .decide_in(&votes, context, round_trip_bps)
            .map_err(translate)?;
        write(&result, answer)
    }

    /// Learns one outcome. `action` is -1 when all three rewards are known; else only the reward
    /// of that action counts, and it is `buy`.
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments)]
    pub fn learn(
        &mut self,
        slots: String,
        probabilities: &[f64],
        round_trip_bps: f64,
        context: String,
        action: i32,
        buy: f64,
        hold: f64,
        sell: f64,
    ) -> Result<()> {
        let votes = unpack(&slots, probabilities)?;
        let feedback = if action < 0 {
            Feedback::Full([buy, hold, sell])
        } else {
            let action = usize::try_from(action).ok().and_then(Action::from_index);
            Feedback::Bandit(action.ok_or_else(|| misuse("action"))?, buy)
        };
        self.inner
            .learn_in(&votes, context_of(&context), round_trip_bps, feedback)
            .map_err(translate)
    }

    /// Outcomes learned.
    #[napi(getter)]
    pub fn outcomes(&self) -> f64 {
        self.inner.outcomes() as f64
    }

    /// The league table, sorted by slot.
    #[napi]
    pub fn experts(&self) -> Vec<NativeExpert> {
        let row = |expert: fastcalc::decider::ExpertRecord| NativeExpert {
            slot: expert.slot,
            weight: expert.weight,
            awake: expert.awake,
            outcomes: expert.outcomes as f64,
            hits: expert.hits as f64,
            hit_rate: expert.hit_rate,
        };
        self.inner.experts().into_iter().map(row).collect()
    }

    /// The state as bytes.
    #[napi]
    pub fn snapshot(&self) -> Uint8Array {
        self.inner.snapshot().into()
    }

    /// SHA-256 of the snapshot, in hexadecimal.
    #[napi]
    pub fn state_hash(&self) -> String {
        self.inner.state_hash()
    }

    /// Name of the arithmetic and its settings.
    #[napi(getter)]
    pub fn policy_version(&self) -> String {
        self.inner.policy_version()
    }
}

fn settings_of(config: &DeciderConfig) -> Float64Array {
    let mut values = config.scalars().map(|(_, value)| value).to_vec();
    values.extend_from_slice(&config.discounts);
    values.into()
}

/// Two labels with a line feed between; an empty one is none.
fn context_of(text: &str) -> Context<'_> {
    let mut labels = text
        .split('\n')
        .map(|label| Some(label).filter(|label| !label.is_empty()));
    Context {
        regime: labels.next().flatten(),
        anomaly: labels.next().flatten(),
    }
}

fn unpack<'a>(slots: &'a str, probabilities: &[f64]) -> Result<Vec<Vote<'a>>> {
    let rows = probabilities.chunks_exact(3);
    let (count, rest) = (rows.len(), rows.remainder().len());
    let mut votes = Vec::with_capacity(count);
    if count > 0 {
        // Nobody voting is no slot, where splitting an empty text gives one.
        let vote = |(slot, row): (&'a str, &[f64])| Vote {
            slot,
            probabilities: [row[0], row[1], row[2]],
        };
        votes.extend(slots.split('\n').zip(rows).map(vote));
    }
    if votes.len() != count || rest != 0 {
        return Err(misuse("votes"));
    }
    Ok(votes)
}

fn write(result: &Answer, answer: &mut [f64]) -> Result<()> {
    let head = [
        result.action.index() as f64,
        result.plurality.index() as f64,
        result.size,
        result.guardrail,
    ];
    let values = head
        .iter()
        .chain(&result.scores)
        .chain(&result.probabilities)
        .chain(&result.mixture)
        .chain(result.contributions.as_flattened());
    if answer.len() < ANSWER_HEAD + result.mixture.len() + 3 * result.contributions.len() {
        return Err(misuse("answer"));
    }
    for (place, value) in answer.iter_mut().zip(values) {
        *place = *value;
    }
    Ok(())
}

/// The typed face never causes this.
fn misuse(what: &str) -> Error {
    Error::new(
        Status::InvalidArg,
        format!("INTERNAL{SEPARATOR}{what}{SEPARATOR}malformed native call"),
    )
}

fn translate(error: DeciderError) -> Error {
    let message = error.to_string();
    let (code, field) = match error {
        DeciderError::Invalid { field, .. } => ("INVALID_ARGUMENT", field),
        DeciderError::Damaged { .. } => ("DATA_LOSS", "snapshot".to_owned()),
        DeciderError::Version { .. } => ("FAILED_PRECONDITION", "snapshot".to_owned()),
        DeciderError::Exhausted { .. } => ("RESOURCE_EXHAUSTED", "votes".to_owned()),
    };
    Error::new(
        Status::InvalidArg,
        format!("{code}{SEPARATOR}{field}{SEPARATOR}{message}"),
    )
}
