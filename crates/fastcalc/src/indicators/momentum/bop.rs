//! Balance of power.

use crate::indicators::prelude::*;

pub const BOP: Definition = Definition {
    range: Some((-1.0, 1.0)),
    ..define(
        "bop",
        Group::Momentum,
        "Balance of power (Livshin 2001): (close - open) / (high - low); 0 where the bar has no height.",
        &[OPEN, HIGH, LOW, CLOSE],
        &[],
        |_| 0,
        |_| {
            node(Map(|[open, high, low, close]: [f64; 4]| {
                [if high > low {
                    (close - open) / (high - low)
                } else {
                    0.0
                }]
            }))
        },
    )
};
