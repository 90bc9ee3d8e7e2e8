//! Linear least squares by Householder reflections, which do not square the condition number.

/// A fitted linear model of `columns` regressors.
#[derive(Debug, Clone)]
pub(crate) struct LeastSquares {
    /// One coefficient a regressor.
    pub coefficients: Vec<f64>,
    /// Standard error of each, from the residual variance with rows - columns degrees of freedom.
    pub standard_errors: Vec<f64>,
    /// Sum of squared residuals.
    pub residual_squares: f64,
}

/// Smallest pivot, relative to the length of its column, that counts as independent.
const RANK_TOLERANCE: f64 = 1e-11;

/// Minimises |y - X b|; `x` is row-major with `columns` values a row. None where there are fewer
/// rows than columns or the columns depend on one another.
pub(crate) fn least_squares(x: &[f64], y: &[f64], columns: usize) -> Option<LeastSquares> {
    let rows = y.len();
    if columns == 0 || rows < columns {
        return None;
    }
    // Column-major copies, reduced in place.
    let mut a: Vec<Vec<f64>> = (0..columns)
        .map(|c| (0..rows).map(|r| x[r * columns + c]).collect())
        .collect();
    let mut b = y.to_vec();
    let lengths: Vec<f64> = a.iter().map(|column| length(column)).collect();
    for c in 0..columns {
        let norm = length(&a[c][c..]);
        // A NaN must not pass either.
        if norm.is_nan() || norm <= RANK_TOLERANCE * lengths[c] {
            return None;
        }
        let pivot = if a[c][c] > 0.0 { -norm } else { norm };
        let mut v = a[c][c..].to_vec();
        v[0] -= pivot;
        let squares: f64 = v.iter().map(|w| w * w).sum();
        for column in a.iter_mut().skip(c + 1) {
            reflect(&v, squares, &mut column[c..]);
        }
        reflect(&v, squares, &mut b[c..]);
        a[c][c] = pivot;
    }
    let mut coefficients = vec![0.0; columns];
    for c in (0..columns).rev() {
        let known: f64 = (c + 1..columns).map(|j| a[j][c] * coefficients[j]).sum();
        coefficients[c] = (b[c] - known) / a[c][c];
    }
    let residual_squares: f64 = b[columns..].iter().map(|r| r * r).sum();
    let variance = residual_squares / (rows - columns) as f64;
    let standard_errors = inverse_row_lengths(&a, columns)
        .into_iter()
        .map(|l| l * variance.sqrt())
        .collect();
    Some(LeastSquares {
        coefficients,
        standard_errors,
        residual_squares,
    })
}

fn length(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum::<f64>().sqrt()
}

fn reflect(v: &[f64], squares: f64, target: &mut [f64]) {
    let dot: f64 = v.iter().zip(target.iter()).map(|(v, t)| v * t).sum();
    let factor = 2.0 * dot / squares;
    for (t, v) in target.iter_mut().zip(v) {
        *t -= factor * v;
    }
}

/// Lengths of the rows of R^-1, whose squares are the diagonal of (X'X)^-1.
fn inverse_row_lengths(a: &[Vec<f64>], columns: usize) -> Vec<f64> {
    let mut squares = vec![0.0; columns];
    for unit in 0..columns {
        let mut column = vec![0.0; unit + 1];
        for r in (0..=unit).rev() {
            let target = if r == unit { 1.0 } else { 0.0 };
            let known: f64 = (r + 1..=unit).map(|j| a[j][r] * column[j]).sum();
            column[r] = (target - known) / a[r][r];
            squares[r] += column[r] * column[r];
        }
    }
    squares.into_iter().map(f64::sqrt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_a_line_with_its_textbook_errors() {
        // y = 1, 3, 2, 5 on x = 0..3: slope 1.1, intercept 1.1, residual squares 2.7.
        let x: Vec<f64> = (0..4).flat_map(|i| [1.0, f64::from(i)]).collect();
        let fit = least_squares(&x, &[1.0, 3.0, 2.0, 5.0], 2).unwrap();
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        near(fit.coefficients[0], 1.1);
        near(fit.coefficients[1], 1.1);
        near(fit.residual_squares, 2.7);
        near(fit.standard_errors[1], (1.35_f64 / 5.0).sqrt());
        near(fit.standard_errors[0], (1.35_f64 * 14.0 / 20.0).sqrt());
    }

    #[test]
    fn dependent_columns_and_too_few_rows_have_no_answer() {
        assert!(least_squares(&[1.0, 2.0, 2.0, 4.0, 3.0, 6.0], &[1.0, 2.0, 3.0], 2).is_none());
        assert!(least_squares(&[1.0, 2.0], &[1.0], 2).is_none());
        assert!(least_squares(&[f64::NAN, 1.0], &[1.0, 2.0], 1).is_none());
    }
}
