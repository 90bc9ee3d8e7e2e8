//! The one error of the kernels: an argument that cannot be worked with.

use std::fmt;

/// An argument was refused; says which, what it was and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KernelError {
    /// Name of the argument, with the row where one row is at fault: `close[3]`.
    pub field: String,
    /// What was given, as text.
    pub actual: String,
    /// What would have been accepted, to be read after "must be".
    pub allowed: String,
}

impl KernelError {
    /// An error about one argument.
    pub fn new(
        field: impl Into<String>,
        actual: impl fmt::Display,
        allowed: impl Into<String>,
    ) -> Self {
        Self {
            field: field.into(),
            actual: actual.to_string(),
            allowed: allowed.into(),
        }
    }

    /// The same error about a field of `parent`.
    #[must_use]
    pub fn inside(mut self, parent: &str) -> Self {
        self.field = format!("{parent}.{}", self.field);
        self
    }
}

impl fmt::Display for KernelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}; must be {}",
            self.field, self.actual, self.allowed
        )
    }
}

impl std::error::Error for KernelError {}
