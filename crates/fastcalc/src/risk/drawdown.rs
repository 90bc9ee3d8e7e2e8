//! Drawdowns of an equity curve: how far below its highest value so far it is (Magdon-Ismail, Atiya,
//! Maximum Drawdown, 2004).

use super::{above_zero, simple_returns};
use crate::{KernelError, checks};

/// The deepest drawdown and the longest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MaximumDrawdown {
    /// Greatest loss from a peak as a fraction of that peak, 0 to 1; 0 where the curve never falls.
    pub depth: f64,
    /// Row of the peak before the greatest loss (of the last row with that value).
    pub peak_row: Option<usize>,
    /// First row of the greatest loss.
    pub trough_row: Option<usize>,
    /// First row after the trough where the peak is reached again; none where it is not.
    pub recovery_row: Option<usize>,
    /// Most rows from a peak until it is reached again, or to the end of the series.
    pub longest_rows: usize,
}

/// Equity after each return, from `start` before the first: one row more than returns. A missing return
/// leaves the equity where it was.
///
/// # Errors
/// A return that is infinite or below -1, `start` not above 0.
pub fn equity_curve(returns: &[f64], start: f64) -> Result<Vec<f64>, KernelError> {
    simple_returns("returns", returns)?;
    above_zero("start", start)?;
    let mut out = Vec::with_capacity(returns.len() + 1);
    let mut equity = start;
    out.push(equity);
    for r in returns {
        if !r.is_nan() {
            equity *= 1.0 + r;
        }
        out.push(equity);
    }
    Ok(out)
}

/// 1 - equity / highest equity so far, 0 to 1 a row; NaN where the equity is missing or was never above
/// 0.
///
/// # Errors
/// An equity that is infinite or below 0.
pub fn drawdowns(equity: &[f64]) -> Result<Vec<f64>, KernelError> {
    checks::non_negative(("equity", equity))?;
    let mut peak = 0.0_f64;
    Ok(equity
        .iter()
        .map(|&e| {
            peak = peak.max(e);
            1.0 - e / peak
        })
        .collect())
}

/// The deepest and the longest drawdown of an equity curve. Missing rows are passed over.
///
/// # Errors
/// An equity that is infinite or below 0.
pub fn maximum_drawdown(equity: &[f64]) -> Result<MaximumDrawdown, KernelError> {
    let depths = drawdowns(equity)?;
    let mut out = MaximumDrawdown {
        depth: 0.0,
        peak_row: None,
        trough_row: None,
        recovery_row: None,
        longest_rows: 0,
    };
    // Whether the row before was below its peak.
    let mut fell = false;
    let mut peak_row = None;
    for (row, &depth) in depths.iter().enumerate() {
        if depth.is_nan() {
            continue;
        }
        if let Some(peak) = peak_row.filter(|_| fell || depth > 0.0) {
            out.longest_rows = out.longest_rows.max(row - peak);
        }
        fell = depth > 0.0;
        if depth > out.depth {
            (out.depth, out.peak_row, out.trough_row) = (depth, peak_row, Some(row));
            out.recovery_row = None;
        }
        if depth == 0.0 {
            let waits = out.trough_row.is_some() && out.recovery_row.is_none();
            if waits {
                out.recovery_row = Some(row);
            }
            peak_row = Some(row);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_deepest_and_the_longest() {
        let out = maximum_drawdown(&[100.0, 120.0, 60.0, 90.0, 120.0, 110.0, 115.0, 119.0, 118.0]);
        assert_eq!(
            out.unwrap(),
            MaximumDrawdown {
                depth: 0.5,
                peak_row: Some(1),
                trough_row: Some(2),
                recovery_row: Some(4),
                longest_rows: 4,
            }
        );
    }

    #[test]
    fn a_rising_curve_has_none_and_ruin_is_all() {
        let rising = maximum_drawdown(&[1.0, 2.0, f64::NAN, 2.0, 3.0]).unwrap();
        assert_eq!((rising.depth, rising.peak_row), (0.0, None));
        assert_eq!(maximum_drawdown(&[]).unwrap().longest_rows, 0);
        let ruin = maximum_drawdown(&equity_curve(&[0.5, -1.0, 0.5], 1.0).unwrap()).unwrap();
        assert_eq!((ruin.depth, ruin.recovery_row), (1.0, None));
        assert!(equity_curve(&[-1.1], 1.0).is_err());
    }
}
