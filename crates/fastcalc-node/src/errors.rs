//! Errors of the kernels as the TypeScript face reads them.

use fastcalc::KernelError;
use napi::{Error, Status};

/// Separates the parts of an error's text: code, field, message.
const SEPARATOR: char = '\u{1f}';

/// An argument was refused: INVALID_ARGUMENT with the field at fault.
pub fn refused(error: KernelError) -> Error {
    coded("INVALID_ARGUMENT", error)
}

/// Bytes were not what was once written: DATA_LOSS.
pub fn damaged(error: KernelError) -> Error {
    coded("DATA_LOSS", error)
}

fn coded(code: &str, error: KernelError) -> Error {
    let field = &error.field;
    Error::new(
        Status::InvalidArg,
        format!("{code}{SEPARATOR}{field}{SEPARATOR}{error}"),
    )
}
