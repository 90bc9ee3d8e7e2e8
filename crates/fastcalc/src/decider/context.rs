//! The circumstances of a decision: which regime the market is in, and how severe an anomaly is.
//!
//! Labels are numbered in the order in which they were first learned from. A key takes part from
//! its second label on: one that never changes cannot tell anything, and changes nothing.

use super::error::DeciderError;

/// Number of keys.
pub(crate) const KEYS: usize = 2;
/// Labels kept per key; a decision with any further one counts as without.
pub const MAX_CONTEXT_LABELS: usize = 16;
/// Longest label, in characters.
pub const MAX_LABEL_CHARS: usize = 64;
const NAMES: [&str; KEYS] = ["regime", "anomaly"];

/// What was known of the circumstances when a decision was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context<'a> {
    /// The regime's label, for example `bull_trend`.
    pub regime: Option<&'a str>,
    /// How severe the worst alert is, for example `warning`.
    pub anomaly: Option<&'a str>,
}

/// Per key the number of the label in force, where it is known and tells anything.
pub(crate) type Circumstances = [Option<usize>; KEYS];

/// The labels met so far, by key.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Labels {
    pub known: [Vec<String>; KEYS],
}

impl<'a> Context<'a> {
    fn values(self) -> [Option<&'a str>; KEYS] {
        [self.regime, self.anomaly]
    }

    /// # Errors
    /// `Invalid` naming the label that is malformed.
    pub(crate) fn check(self) -> Result<(), DeciderError> {
        for (label, name) in self.values().into_iter().zip(NAMES) {
            if let Some(label) = label.filter(|label| !is_label(label)) {
                return Err(DeciderError::invalid(
                    format!("context.{name}"),
                    format!("{label:?}"),
                    format!("1 to {MAX_LABEL_CHARS} characters, no control characters"),
                ));
            }
        }
        Ok(())
    }
}

/// True for 1 to 64 characters, none of them a control character or U+FFFD.
pub(crate) fn is_label(label: &str) -> bool {
    let refused = |c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER;
    !label.is_empty() && label.chars().count() <= MAX_LABEL_CHARS && !label.chars().any(refused)
}

impl Labels {
    /// What takes part in an answer: labels learned from before, of keys with at least two.
    pub fn circumstances(&self, context: Context<'_>) -> Circumstances {
        let mut found = self.places(context);
        for (place, known) in found.iter_mut().zip(&self.known) {
            if known.len() < 2 {
                *place = None;
            }
        }
        found
    }

    /// Numbers the labels that are new, as far as there is room; the numbers of all.
    pub fn meet(&mut self, context: Context<'_>) -> Circumstances {
        for (label, known) in context.values().into_iter().zip(&mut self.known) {
            if let Some(label) = label {
                if known.len() < MAX_CONTEXT_LABELS && !known.iter().any(|met| met == label) {
                    known.push(label.to_owned());
                }
            }
        }
        self.places(context)
    }

    fn places(&self, context: Context<'_>) -> Circumstances {
        let mut found = [None; KEYS];
        for ((place, label), known) in found.iter_mut().zip(context.values()).zip(&self.known) {
            *place = label.and_then(|label| known.iter().position(|met| met == label));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regime(label: &str) -> Context<'_> {
        Context {
            regime: Some(label),
            anomaly: None,
        }
    }

    #[test]
    fn a_key_takes_part_from_its_second_label_on() {
        let mut labels = Labels::default();
        assert_eq!(labels.meet(regime("bull")), [Some(0), None]);
        assert_eq!(labels.circumstances(regime("bull")), [None, None]);
        assert_eq!(labels.meet(regime("bear")), [Some(1), None]);
        assert_eq!(labels.circumstances(regime("bull")), [Some(0), None]);
        assert_eq!(labels.circumstances(regime("flat")), [None, None]);
        assert_eq!(labels.circumstances(Context::default()), [None, None]);
    }

    #[test]
    fn labels_beyond_the_limit_count_as_none() {
        let mut labels = Labels::default();
        for number in 0..1000 {
            let label = number.to_string();
            let place = labels.meet(regime(&label))[0];
            assert_eq!(place, (number < MAX_CONTEXT_LABELS).then_some(number));
        }
        assert_eq!(labels.known[0].len(), MAX_CONTEXT_LABELS);
    }

    #[test]
    fn malformed_labels_are_refused() {
        let long = "x".repeat(MAX_LABEL_CHARS + 1);
        for label in ["", "a\nb", "a\u{fffd}", long.as_str()] {
            assert!(regime(label).check().is_err(), "{label:?}");
        }
        assert!(regime(&"é".repeat(MAX_LABEL_CHARS)).check().is_ok());
    }
}
