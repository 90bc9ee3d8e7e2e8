//! Checks shared by the kernels. Each names the argument it refuses.

use crate::KernelError;

/// A named input series.
pub(crate) type Column<'a> = (&'static str, &'a [f64]);

/// All columns have the length of the first.
pub(crate) fn same_length(columns: &[Column]) -> Result<(), KernelError> {
    let Some(((first, head), rest)) = columns.split_first() else {
        return Ok(());
    };
    for (name, values) in rest {
        if values.len() != head.len() {
            return Err(KernelError::new(
                *name,
                format!("{} rows", values.len()),
                format!("of the length of {first} ({} rows)", head.len()),
            ));
        }
    }
    Ok(())
}

/// Every value satisfies `accepts` or is NaN, which means missing.
fn each(
    (name, values): Column,
    allowed: &str,
    accepts: impl Fn(f64) -> bool,
) -> Result<(), KernelError> {
    match values.iter().position(|&v| !(accepts(v) || v.is_nan())) {
        None => Ok(()),
        Some(row) => Err(KernelError::new(
            format!("{name}[{row}]"),
            values[row],
            allowed,
        )),
    }
}

/// Finite, or NaN for missing.
pub(crate) fn finite(column: Column) -> Result<(), KernelError> {
    each(
        column,
        "a finite number, or NaN where missing",
        f64::is_finite,
    )
}

/// Finite and above zero, or NaN for missing: prices whose logarithm is taken.
pub(crate) fn positive(column: Column) -> Result<(), KernelError> {
    each(
        column,
        "a finite number above 0, or NaN where missing",
        |v| v > 0.0 && v.is_finite(),
    )
}

/// Finite and not negative, or NaN for missing: sizes and volumes.
pub(crate) fn non_negative(column: Column) -> Result<(), KernelError> {
    each(
        column,
        "a finite number of at least 0, or NaN where missing",
        |v| v >= 0.0 && v.is_finite(),
    )
}

/// A window length of at least `least` rows; one longer than the series only gives NaN.
pub(crate) fn period(name: &'static str, period: usize, least: usize) -> Result<(), KernelError> {
    if period < least {
        return Err(KernelError::new(
            name,
            period,
            format!("an integer of at least {least}"),
        ));
    }
    Ok(())
}
