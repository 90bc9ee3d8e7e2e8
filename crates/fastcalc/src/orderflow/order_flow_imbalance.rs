//! Order flow imbalance of the best quotes (Cont, Kukanov, Stoikov, The Price Impact of Order Book
//! Events, 2014).

use super::Quotes;
use crate::KernelError;

/// Contribution of each update of the best quotes, in units of size: what was added at the bid or
/// taken from the ask counts positive. Add rows up for the imbalance of an interval.
///
/// The first row is 0: there is nothing before it. A row next to a missing value is NaN.
///
/// # Errors
/// Columns of different length, a price that is infinite, a size that is negative or infinite.
pub fn order_flow_imbalance(quotes: &Quotes) -> Result<Vec<f64>, KernelError> {
    quotes.check()?;
    let rows = quotes.bid_price.len();
    let mut out = vec![0.0; rows];
    for (row, slot) in out.iter_mut().enumerate().skip(1) {
        let bid = side(quotes.bid_price, quotes.bid_size, row, row - 1, false);
        let ask = side(quotes.ask_price, quotes.ask_size, row, row - 1, true);
        *slot = bid - ask;
    }
    Ok(out)
}

/// Size that joined one side minus size that left it. A price that moved towards the other side
/// (up for bids, down for asks) is a new queue; one that moved away is a queue that is gone.
pub(super) fn side(price: &[f64], size: &[f64], row: usize, before: usize, is_ask: bool) -> f64 {
    let moved = price[row] - price[before];
    let improved = if is_ask { -moved } else { moved };
    if improved > 0.0 {
        size[row] + 0.0 * size[before]
    } else if improved < 0.0 {
        0.0 * size[row] - size[before]
    } else {
        // Also the way of a NaN price, which must come out as NaN.
        improved + (size[row] - size[before])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(bid_price: &[f64], bid_size: &[f64], ask_price: &[f64], ask_size: &[f64]) -> Vec<f64> {
        order_flow_imbalance(&Quotes {
            bid_price,
            bid_size,
            ask_price,
            ask_size,
        })
        .unwrap()
    }

    #[test]
    fn follows_the_four_indicator_terms_of_the_paper() {
        let bid_price = [10.0, 10.0, 10.1, 10.0, 10.0];
        let bid_size = [5.0, 8.0, 2.0, 6.0, 6.0];
        let ask_price = [10.2, 10.2, 10.3, 10.1, 10.1];
        let ask_size = [4.0, 3.0, 7.0, 1.0, 1.0];
        let out = flow(&bid_price, &bid_size, &ask_price, &ask_size);
        let mut expected = vec![0.0];
        for n in 1..5 {
            let is = |b: bool| if b { 1.0 } else { 0.0 };
            expected.push(
                is(bid_price[n] >= bid_price[n - 1]) * bid_size[n]
                    - is(bid_price[n] <= bid_price[n - 1]) * bid_size[n - 1]
                    - is(ask_price[n] <= ask_price[n - 1]) * ask_size[n]
                    + is(ask_price[n] >= ask_price[n - 1]) * ask_size[n - 1],
            );
        }
        assert_eq!(out, expected);
    }

    #[test]
    fn a_missing_value_costs_its_row_and_the_next() {
        let out = flow(
            &[1.0, 1.0, f64::NAN, 1.0, 1.0],
            &[1.0; 5],
            &[2.0; 5],
            &[1.0; 5],
        );
        let missing: Vec<bool> = out.iter().map(|v| v.is_nan()).collect();
        assert_eq!(missing, [false, false, true, true, false]);
    }

    #[test]
    fn one_row_and_no_row_are_fine() {
        assert_eq!(flow(&[1.0], &[1.0], &[2.0], &[1.0]), [0.0]);
        assert!(flow(&[], &[], &[], &[]).is_empty());
    }
}
