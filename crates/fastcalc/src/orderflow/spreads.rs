//! What a trade cost, split into what the other side kept and what the price moved (Huang, Stoll, Dealer
//! versus Auction Markets, 1996).

use crate::{KernelError, checks};

/// Three columns in units of price; effective = realised + impact.
#[derive(Debug, Clone, PartialEq)]
pub struct Spreads {
    /// 2 side (price - middle).
    pub effective: Vec<f64>,
    /// 2 side (price - middle `horizon` rows later).
    pub realised: Vec<f64>,
    /// 2 side (middle `horizon` rows later - middle).
    pub impact: Vec<f64>,
}

/// Spreads of each trade with its `side` (1 bought, -1 sold; 0 counts as no cost) and the `middle` of the
/// quotes in force. The last `horizon` rows of `realised` and `impact` are NaN, for what comes later is
/// not known: use them `horizon` rows late. Divide by the middle for shares of the price.
///
/// # Errors
/// Columns of different length, a value that is infinite, a side that is not -1, 0, 1 or NaN, `horizon`
/// of 0.
pub fn trade_spreads(
    price: &[f64],
    side: &[f64],
    middle: &[f64],
    horizon: usize,
) -> Result<Spreads, KernelError> {
    let columns = [("price", price), ("side", side), ("middle", middle)];
    checks::same_length(&columns)?;
    for column in columns {
        checks::finite(column)?;
    }
    check_sides(side)?;
    checks::period("horizon", horizon, 1)?;
    let later = |row: usize| {
        middle
            .get(row.saturating_add(horizon))
            .copied()
            .unwrap_or(f64::NAN)
    };
    let column = |f: &dyn Fn(usize) -> f64| -> Vec<f64> {
        (0..price.len())
            .map(|row| 2.0 * side[row] * f(row))
            .collect()
    };
    Ok(Spreads {
        effective: column(&|row| price[row] - middle[row]),
        realised: column(&|row| price[row] - later(row)),
        impact: column(&|row| later(row) - middle[row]),
    })
}

fn check_sides(side: &[f64]) -> Result<(), KernelError> {
    let known = |s: f64| s == 1.0 || s == -1.0 || s == 0.0 || s.is_nan();
    match side.iter().position(|&s| !known(s)) {
        None => Ok(()),
        Some(row) => Err(KernelError::new(
            format!("side[{row}]"),
            side[row],
            "1, -1, 0 or NaN where unknown",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_effective_spread_is_what_was_kept_and_what_moved() {
        let out = trade_spreads(
            &[10.5, 9.5, 10.0],
            &[1.0, -1.0, 0.0],
            &[10.0, 10.25, 9.75],
            1,
        );
        let out = out.unwrap();
        assert_eq!(out.effective, [1.0, 1.5, 0.0]);
        assert_eq!(out.realised[..2], [0.5, 0.5]);
        assert_eq!(out.impact[..2], [0.5, 1.0]);
        assert!(out.realised[2].is_nan() && out.impact[2].is_nan());
        let bad = trade_spreads(&[1.0], &[2.0], &[1.0], 1).unwrap_err();
        assert_eq!(bad.field, "side[0]");
        assert!(trade_spreads(&[], &[], &[], 9).unwrap().impact.is_empty());
    }
}
