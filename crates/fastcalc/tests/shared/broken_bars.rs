//! Candles that not every indicator treats alike.

use crate::bars::Bars;

/// With gaps, absurd values and a long stretch where nothing moves.
pub fn broken_bars(rows: usize, seed: u64) -> Bars {
    let mut bars = Bars::random(rows, seed);
    let part = |eighths: usize| rows * eighths / 8;
    for (at, column) in bars.columns.iter_mut().enumerate().skip(1) {
        column[part(2) + at] = f64::NAN;
        column[part(4)] = 1e90;
        let still = column[part(5)];
        column[part(5)..part(7)].fill(still);
    }
    bars
}
