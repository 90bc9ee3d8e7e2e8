//! Sizes that are refused instead of asked of the machine: a failed allocation would end the process.

use crate::KernelError;

/// Most numbers one call puts out: 2 GiB of them.
const MOST_NUMBERS: usize = 1 << 28;

/// `count` times `each` numbers fit one output; `name` is the argument to blame otherwise.
pub(crate) fn output(name: &'static str, count: usize, each: usize) -> Result<(), KernelError> {
    let most = MOST_NUMBERS / each.max(1);
    if count > most {
        return Err(KernelError::new(name, count, format!("at most {most}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_would_not_fit_and_names_it() {
        assert!(output("paths", MOST_NUMBERS, 1).is_ok() && output("paths", 0, 0).is_ok());
        let error = output("values", MOST_NUMBERS, 2).unwrap_err();
        assert_eq!(error.field, "values");
    }
}
