//! Size-weighted mid price, the first-order form of the micro-price (Stoikov, The Micro-Price, 2018).

use super::Quotes;
use crate::KernelError;

/// Price between the quotes, nearer to the side with the smaller queue:
/// bid + (ask - bid) * bid size / (bid size + ask size). The plain mid where both sizes are 0.
///
/// # Errors
/// Columns of different length, a price that is infinite, a size that is negative or infinite.
pub fn microprice(quotes: &Quotes) -> Result<Vec<f64>, KernelError> {
    quotes.check()?;
    let rows = quotes.bid_price.len();
    let mut out = vec![f64::NAN; rows];
    for (row, slot) in out.iter_mut().enumerate() {
        let (bid, ask) = (quotes.bid_price[row], quotes.ask_price[row]);
        let total = quotes.bid_size[row] + quotes.ask_size[row];
        let share = if total == 0.0 {
            0.5
        } else {
            quotes.bid_size[row] / total
        };
        *slot = bid + (ask - bid) * share;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leans_towards_the_thinner_side() {
        let out = microprice(&Quotes {
            bid_price: &[100.0, 100.0, 100.0, f64::NAN],
            bid_size: &[3.0, 0.0, 0.0, 1.0],
            ask_price: &[102.0, 102.0, 102.0, 102.0],
            ask_size: &[1.0, 0.0, 5.0, 1.0],
        })
        .unwrap();
        assert_eq!(out[..3], [101.5, 101.0, 100.0]);
        assert!(out[3].is_nan());
    }
}
