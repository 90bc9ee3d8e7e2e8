//! Rolling covariance and correlation matrices, with shrinkage (Ledoit, Wolf, A Well-Conditioned
//! Estimator for Large-Dimensional Covariance Matrices, 2004).

use crate::{KernelError, checks, limits};

/// Most columns: each row puts out their square.
const MOST_COLUMNS: usize = 1024;

/// Towards what the sample is pulled, and how far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shrinkage {
    /// Not at all: the sample covariance (n - 1).
    None,
    /// (1 - d) of the sample covariance (n - 1) and d of the identity times its mean variance.
    Fixed(f64),
    /// The same with the covariance divided by n and d of Ledoit and Wolf, estimated window by window.
    LedoitWolf,
}

/// What is put out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatrixKind {
    /// Covariances.
    Covariance,
    /// Correlations, -1 to 1 with a diagonal of 1; NaN where a column of the window is flat.
    Correlation,
}

/// Matrix of the last `period` rows of `values` (row-major, `columns` a row), at every row: T * N * N
/// numbers, row-major. First at row `period` - 1; all NaN while a missing value is in the window.
///
/// # Errors
/// More than 2^28 numbers to put out, a value that is infinite, `columns` not from 1 to 1024 or no divisor, `period` below 2, a fixed
/// shrinkage not from 0 to 1.
pub fn rolling_matrix(
    values: &[f64],
    columns: usize,
    period: usize,
    kind: MatrixKind,
    shrinkage: Shrinkage,
) -> Result<Vec<f64>, KernelError> {
    checks::finite(("values", values))?;
    if !(1..=MOST_COLUMNS).contains(&columns) || values.len() % columns != 0 {
        let allowed = format!(
            "from 1 to {MOST_COLUMNS} and a divisor of {} values",
            values.len()
        );
        return Err(KernelError::new("columns", columns, allowed));
    }
    checks::period("period", period, 2)?;
    match shrinkage {
        Shrinkage::Fixed(share) if !(0.0..=1.0).contains(&share) => {
            return Err(KernelError::new("shrinkage", share, "from 0 to 1"));
        }
        _ => {}
    }
    limits::output("values", values.len(), columns)?;
    let size = columns * columns;
    let mut out = vec![f64::NAN; values.len() * columns];
    let mut unbroken = 0_usize;
    for (row, slot) in out.chunks_exact_mut(size).enumerate() {
        let cells = &values[row * columns..(row + 1) * columns];
        let complete = cells.iter().all(|v| v.is_finite());
        unbroken = if complete { unbroken + 1 } else { 0 };
        if unbroken >= period {
            let window = &values[(row + 1 - period) * columns..(row + 1) * columns];
            matrix(window, columns, shrinkage, slot);
            if kind == MatrixKind::Correlation {
                correlate(slot, columns);
            }
        }
    }
    Ok(out)
}

/// Two passes: around the means of the window, so that levels cancel.
fn matrix(window: &[f64], columns: usize, shrinkage: Shrinkage, out: &mut [f64]) {
    let rows = (window.len() / columns) as f64;
    let centred = centred(window, columns);
    out.fill(0.0);
    for row in centred.chunks_exact(columns) {
        for i in 0..columns {
            for j in 0..=i {
                out[i * columns + j] += row[i] * row[j];
            }
        }
    }
    let divisor = if shrinkage == Shrinkage::LedoitWolf {
        rows
    } else {
        rows - 1.0
    };
    for i in 0..columns {
        for j in 0..=i {
            out[i * columns + j] /= divisor;
            out[j * columns + i] = out[i * columns + j];
        }
    }
    let share = match shrinkage {
        Shrinkage::None => return,
        Shrinkage::Fixed(share) => share,
        Shrinkage::LedoitWolf => ledoit_wolf(&centred, columns, out),
    };
    let level = (0..columns).map(|i| out[i * (columns + 1)]).sum::<f64>() / columns as f64;
    for (at, value) in out.iter_mut().enumerate() {
        let target = if at % (columns + 1) == 0 { level } else { 0.0 };
        *value = (1.0 - share) * *value + share * target;
    }
}

fn centred(window: &[f64], columns: usize) -> Vec<f64> {
    let rows = (window.len() / columns) as f64;
    let mut out = window.to_vec();
    for column in 0..columns {
        // Relative to the last row: a flat column is exactly 0.
        let last = window[window.len() - columns + column];
        let mut sum = 0.0;
        for value in out.iter_mut().skip(column).step_by(columns) {
            *value -= last;
            sum += *value;
        }
        let mean = sum / rows;
        for value in out.iter_mut().skip(column).step_by(columns) {
            *value -= mean;
        }
    }
    out
}

/// min(b^2, d^2) / d^2 of the paper; 0 where the sample already is a multiple of the identity.
fn ledoit_wolf(centred: &[f64], columns: usize, covariance: &[f64]) -> f64 {
    let rows = (centred.len() / columns) as f64;
    let level = (0..columns)
        .map(|i| covariance[i * (columns + 1)])
        .sum::<f64>()
        / columns as f64;
    let squares: f64 = covariance.iter().map(|c| c * c).sum();
    let distance = squares - columns as f64 * level * level;
    let mut fourth = 0.0;
    for row in centred.chunks_exact(columns) {
        let length: f64 = row.iter().map(|v| v * v).sum();
        fourth += length * length;
    }
    let error = (fourth / rows - squares) / rows;
    if distance <= 0.0 {
        return 0.0;
    }
    (error / distance).clamp(0.0, 1.0)
}

fn correlate(matrix: &mut [f64], columns: usize) {
    let deviations: Vec<f64> = (0..columns)
        .map(|i| matrix[i * (columns + 1)].sqrt())
        .collect();
    for i in 0..columns {
        for j in 0..columns {
            let value = matrix[i * columns + j] / (deviations[i] * deviations[j]);
            // min and max would turn a NaN into a bound; clamp keeps it.
            let value = if i == j && deviations[i] > 0.0 {
                1.0
            } else {
                value
            };
            matrix[i * columns + j] = value.clamp(-1.0, 1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [Shrinkage; 3] = [
        Shrinkage::None,
        Shrinkage::Fixed(0.3),
        Shrinkage::LedoitWolf,
    ];

    fn values() -> Vec<f64> {
        (0..90).map(|i| f64::from(i * i * 31 % 97) / 10.0).collect()
    }

    #[test]
    fn is_the_textbook_covariance() {
        // Columns 1, 2, 3 and 2, 4, 9.
        let values = [1.0, 2.0, 2.0, 4.0, 3.0, 9.0];
        let out = rolling_matrix(&values, 2, 3, MatrixKind::Covariance, Shrinkage::None).unwrap();
        assert!(out[..8].iter().all(|v| v.is_nan()));
        assert_eq!(out[8..], [1.0, 3.5, 3.5, 13.0]);
    }

    #[test]
    fn levels_do_not_matter_and_correlations_have_no_unit() {
        let moved: Vec<f64> = values().iter().map(|v| 4.0 * v + 1e8).collect();
        for shrinkage in KINDS {
            let of = |v: &[f64], kind| rolling_matrix(v, 3, 10, kind, shrinkage).unwrap();
            let covariances = (
                of(&values(), MatrixKind::Covariance),
                of(&moved, MatrixKind::Covariance),
            );
            let correlations = (
                of(&values(), MatrixKind::Correlation),
                of(&moved, MatrixKind::Correlation),
            );
            for at in 81..270 {
                assert!((16.0 * covariances.0[at] - covariances.1[at]).abs() < 1e-4);
                assert!((correlations.0[at] - correlations.1[at]).abs() < 1e-6);
                assert!((-1.0..=1.0).contains(&correlations.0[at]));
            }
        }
    }

    #[test]
    fn flat_columns_missing_values_and_bad_shapes() {
        for shrinkage in KINDS {
            let flat = rolling_matrix(&[2.0; 8], 2, 3, MatrixKind::Covariance, shrinkage).unwrap();
            assert_eq!(flat[8..], [0.0; 8]);
        }
        let flat = rolling_matrix(&[2.0; 8], 2, 3, MatrixKind::Correlation, Shrinkage::None);
        assert!(flat.unwrap()[8..].iter().all(|v| v.is_nan()));
        let mut gap = values();
        gap[30] = f64::NAN;
        let out = rolling_matrix(&gap, 3, 5, MatrixKind::Covariance, Shrinkage::None).unwrap();
        let missing = |row: usize| out[row * 9].is_nan();
        assert!(!missing(9) && missing(10) && missing(14) && !missing(15));
        let bad = rolling_matrix(&gap, 4, 5, MatrixKind::Covariance, Shrinkage::None);
        assert_eq!(bad.unwrap_err().field, "columns");
        let bad = rolling_matrix(&gap, 3, 5, MatrixKind::Covariance, Shrinkage::Fixed(1.5));
        assert_eq!(bad.unwrap_err().field, "shrinkage");
    }
}
