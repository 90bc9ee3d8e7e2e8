//! Order flow imbalance at several levels of the book (Xu, Gould, Howison, Multi-Level Order-Flow
//! Imbalance in a Limit Order Book, 2018).

use super::Quotes;
use super::order_flow_imbalance::side;
use crate::KernelError;

/// The contribution of each update at each level, as at the best quotes: T * L numbers, row-major like
/// the four inputs, level 0 the best. The first row is 0; a value next to a missing one is NaN.
///
/// # Errors
/// Columns of different length, `levels` of 0 or not a divisor, a price that is infinite, a size that is
/// negative or infinite.
pub fn multi_level_order_flow_imbalance(
    book: &Quotes,
    levels: usize,
) -> Result<Vec<f64>, KernelError> {
    book.check()?;
    let cells = book.bid_price.len();
    if levels == 0 || !cells.is_multiple_of(levels) {
        let allowed = format!("at least 1 and a divisor of {cells} values");
        return Err(KernelError::new("levels", levels, allowed));
    }
    let mut out = vec![0.0; cells];
    for (cell, slot) in out.iter_mut().enumerate().skip(levels) {
        let before = cell - levels;
        let bid = side(book.bid_price, book.bid_size, cell, before, false);
        let ask = side(book.ask_price, book.ask_size, cell, before, true);
        *slot = bid - ask;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orderflow::order_flow_imbalance;

    #[test]
    fn each_level_is_the_imbalance_of_that_level_alone() {
        let column = |salt: i32| -> Vec<f64> {
            (0..60)
                .map(|i| f64::from((i * 31 + salt * 17) % 7))
                .collect()
        };
        let (bid_price, bid_size, ask_price, ask_size) =
            (column(1), column(2), column(3), column(4));
        let book = Quotes {
            bid_price: &bid_price,
            bid_size: &bid_size,
            ask_price: &ask_price,
            ask_size: &ask_size,
        };
        let all = multi_level_order_flow_imbalance(&book, 3).unwrap();
        for level in 0..3 {
            let pick = |v: &[f64]| v.iter().skip(level).step_by(3).copied().collect::<Vec<_>>();
            let (a, b, c, d) = (
                pick(&bid_price),
                pick(&bid_size),
                pick(&ask_price),
                pick(&ask_size),
            );
            let alone = order_flow_imbalance(&Quotes {
                bid_price: &a,
                bid_size: &b,
                ask_price: &c,
                ask_size: &d,
            });
            assert_eq!(pick(&all), alone.unwrap());
        }
        assert_eq!(
            multi_level_order_flow_imbalance(&book, 7)
                .unwrap_err()
                .field,
            "levels"
        );
        assert_eq!(
            multi_level_order_flow_imbalance(&book, 0)
                .unwrap_err()
                .field,
            "levels"
        );
    }
}
