//! The errors of the decider: each names the field, what was found and what is allowed.

use core::fmt;

/// Why the decider refused. Nothing is learned by a call that fails.
#[derive(Clone, Debug, PartialEq)]
pub enum DeciderError {
    /// An argument is malformed or out of range.
    Invalid {
        /// Path of the offending argument, for example `votes[2].probabilities.buy`.
        field: String,
        /// What was found.
        actual: String,
        /// What would have been accepted.
        allowed: String,
    },
    /// A snapshot cannot be read: cut short, altered, or not a snapshot at all.
    Damaged {
        /// Where, and what is wrong there.
        what: String,
    },
    /// A snapshot was written by another version of this format.
    Version {
        /// The version found.
        found: u16,
        /// The version this code reads.
        supported: u16,
    },
    /// There is no room for another expert slot.
    Exhausted {
        /// The limit that was reached.
        limit: usize,
    },
}

impl DeciderError {
    /// An argument `field` holding `actual` where only `allowed` will do.
    pub(crate) fn invalid(
        field: impl Into<String>,
        actual: impl fmt::Display,
        allowed: impl Into<String>,
    ) -> Self {
        DeciderError::Invalid {
            field: field.into(),
            actual: actual.to_string(),
            allowed: allowed.into(),
        }
    }

    /// A snapshot that is not what a snapshot should be.
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        DeciderError::Damaged { what: what.into() }
    }
}

impl fmt::Display for DeciderError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeciderError::Invalid {
                field,
                actual,
                allowed,
            } => {
                write!(out, "{field}: {actual}; must be {allowed}")
            }
            DeciderError::Damaged { what } => write!(out, "damaged decider snapshot: {what}"),
            DeciderError::Version { found, supported } => {
                write!(
                    out,
                    "decider snapshot of version {found}, this code reads {supported}"
                )
            }
            DeciderError::Exhausted { limit } => {
                write!(
                    out,
                    "no room for another expert: the limit of {limit} slots is reached"
                )
            }
        }
    }
}

impl std::error::Error for DeciderError {}
