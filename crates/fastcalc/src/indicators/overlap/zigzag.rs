//! Zigzag.

use crate::indicators::prelude::*;

/// Swings of at least a share of the price, without looking ahead: a pivot is known once the price has
/// turned back by that share.
struct Zigzag {
    share: f64,
    up: bool,
    /// Extreme of the leg under way; none before the first row.
    extreme: Option<f64>,
    pivot: f64,
}
state!(Zigzag: up, extreme, pivot);

impl Kernel<2, 3> for Zigzag {
    fn next(&mut self, [high, low]: [f64; 2]) -> Option<[f64; 3]> {
        let Some(extreme) = self.extreme else {
            (self.extreme, self.pivot) = (Some(high), low);
            return Some([low, high, 1.0]);
        };
        let limit = self.share * extreme.abs();
        let (beyond, turned) = if self.up {
            (high > extreme, low <= extreme - limit)
        } else {
            (low < extreme, high >= extreme + limit)
        };
        if beyond {
            self.extreme = Some(if self.up { high } else { low });
        } else if turned {
            self.pivot = extreme;
            self.up = !self.up;
            self.extreme = Some(if self.up { high } else { low });
        }
        let direction = if self.up { 1.0 } else { -1.0 };
        Some([self.pivot, self.extreme.unwrap_or(self.pivot), direction])
    }
}

pub const ZIGZAG: Definition = Definition {
    outputs: &["pivot", "extreme", "direction"],
    ..define(
        "zigzag",
        Group::Overlap,
        "Zigzag as it is known at each row: price of the last confirmed pivot, extreme of the leg since, and 1 or -1 for a leg up \
         or down. A pivot is confirmed once the price turned back by `percent`; the first leg is taken to go up.",
        &[HIGH, LOW],
        &[real("percent", 0.001, 99.0, 5.0)],
        |_| 0,
        |p| {
            node(Zigzag {
                share: p.x(0) / 100.0,
                up: true,
                extreme: None,
                pivot: 0.0,
            })
        },
    )
};
