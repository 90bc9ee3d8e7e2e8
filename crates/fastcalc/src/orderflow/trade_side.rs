//! Which side started a trade (Lee, Ready, Inferring Trade Direction from Intraday Data, 1991).

use crate::{KernelError, checks};

/// Tick rule: 1 where the price is above the last different one, -1 where below, 0 before any
/// difference. A missing price is NaN and passed over.
///
/// # Errors
/// A price that is infinite.
pub fn tick_rule(price: &[f64]) -> Result<Vec<f64>, KernelError> {
    checks::finite(("price", price))?;
    let (mut last, mut side) = (f64::NAN, 0.0);
    Ok(price
        .iter()
        .map(|&p| {
            if p.is_nan() {
                return f64::NAN;
            }
            if p > last {
                side = 1.0;
            } else if p < last {
                side = -1.0;
            }
            last = p;
            side
        })
        .collect())
}

/// Quote rule, then tick rule: 1 (bought) above the middle of the quotes, -1 (sold) below it, by
/// [`tick_rule`] at the middle or where a quote is missing. The quotes of a row are those in force when
/// its trade happened.
///
/// # Errors
/// Columns of different length, a value that is infinite.
pub fn lee_ready(
    price: &[f64],
    bid_price: &[f64],
    ask_price: &[f64],
) -> Result<Vec<f64>, KernelError> {
    let columns = [
        ("price", price),
        ("bidPrice", bid_price),
        ("askPrice", ask_price),
    ];
    checks::same_length(&columns)?;
    for column in columns {
        checks::finite(column)?;
    }
    let ticks = tick_rule(price)?;
    let rows = price.iter().zip(bid_price).zip(ask_price).zip(&ticks);
    Ok(rows
        .map(|(((&price, &bid), &ask), &tick)| {
            // Halved first: the sum of two large quotes could overflow.
            let middle = 0.5 * bid + 0.5 * ask;
            if price > middle {
                1.0
            } else if price < middle {
                -1.0
            } else {
                tick
            }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quotes_decide_and_at_the_middle_the_last_move() {
        let price = [10.0, 10.2, 10.0, 10.0, 9.9, f64::NAN, 9.9];
        let bid = [9.9, 9.9, 9.9, 9.9, 9.8, 9.8, f64::NAN];
        let ask = [10.1, 10.1, 10.1, 10.1, 10.0, 10.0, 10.0];
        let out = lee_ready(&price, &bid, &ask).unwrap();
        assert_eq!(out[..5], [0.0, 1.0, -1.0, -1.0, -1.0]);
        assert!(out[5].is_nan());
        assert_eq!(out[6], -1.0);
        assert_eq!(
            tick_rule(&price).unwrap()[..5],
            [0.0, 1.0, -1.0, -1.0, -1.0]
        );
        assert!(tick_rule(&[]).unwrap().is_empty());
    }
}
