//! Supertrend.

use crate::indicators::prelude::*;
use crate::indicators::volatility::atr::Atr;

struct Supertrend {
    range: Atr,
    multiple: f64,
    close: f64,
    up: bool,
    /// Lower and upper band; none before the first.
    bands: Option<[f64; 2]>,
}
state!(Supertrend: range, close, up, bands);

impl Kernel<3, 2> for Supertrend {
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 2]> {
        let before = std::mem::replace(&mut self.close, close);
        let width = self.multiple * self.range.push(high, low, close)?;
        let middle = (high + low) / 2.0;
        let (mut lower, mut upper) = (middle - width, middle + width);
        if let Some([lower0, upper0]) = self.bands {
            // A band only moves towards the price, until the price breaks it.
            if before >= lower0 {
                lower = lower.max(lower0);
            }
            if before <= upper0 {
                upper = upper.min(upper0);
            }
            self.up = if self.up {
                close >= lower
            } else {
                close > upper
            };
        } else {
            self.up = close >= middle;
        }
        self.bands = Some([lower, upper]);
        Some(if self.up { [lower, 1.0] } else { [upper, -1.0] })
    }
}

pub const SUPERTREND: Definition = Definition {
    outputs: &["line", "direction"],
    ..define(
        "supertrend",
        Group::Overlap,
        "Supertrend (Seban): a band of (high + low) / 2 and a multiple of ATR that follows the trend, and 1 or -1 for up or \
         down; at first up where the close is in the upper half of its bar.",
        &[HIGH, LOW, CLOSE],
        &[period(1, 10), real("multiplier", 0.0, 1e6, 3.0)],
        |p| p.n(0),
        |p| {
            node(Supertrend {
                range: Atr::new(p.n(0)),
                multiple: p.x(1),
                close: 0.0,
                up: true,
                bands: None,
            })
        },
    )
};
