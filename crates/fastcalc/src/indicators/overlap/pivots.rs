//! Pivot points.

use crate::indicators::prelude::*;

struct Pivots {
    method: usize,
    previous: Option<[f64; 3]>,
}
state!(Pivots: previous);

impl Kernel<3, 7> for Pivots {
    fn next(&mut self, row: [f64; 3]) -> Option<[f64; 7]> {
        let [high, low, close] = self.previous.replace(row)?;
        let range = high - low;
        let pivot = if self.method == 3 {
            (high + low + 2.0 * close) / 4.0
        } else {
            (high + low + close) / 3.0
        };
        let around = |of: f64, by: [f64; 3]| {
            [
                pivot,
                of + by[0],
                of - by[0],
                of + by[1],
                of - by[1],
                of + by[2],
                of - by[2],
            ]
        };
        Some(match self.method {
            1 => around(pivot, [0.382 * range, 0.618 * range, range]),
            2 => around(
                close,
                [range * 1.1 / 12.0, range * 1.1 / 6.0, range * 1.1 / 4.0],
            ),
            _ => [
                pivot,
                2.0 * pivot - low,
                2.0 * pivot - high,
                pivot + range,
                pivot - range,
                high + 2.0 * (pivot - low),
                low - 2.0 * (high - pivot),
            ],
        })
    }
}

pub const PIVOTS: Definition = Definition {
    outputs: &["pivot", "r1", "s1", "r2", "s2", "r3", "s3"],
    ..define(
        "pivots",
        Group::Overlap,
        "Pivot points of the bar before: the pivot, three resistances and three supports, by the floor traders' formula or \
         Fibonacci's, Camarilla's or Woodie's.",
        &[HIGH, LOW, CLOSE],
        &[choice(
            "method",
            &["classic", "fibonacci", "camarilla", "woodie"],
        )],
        |_| 1,
        |p| {
            node(Pivots {
                method: p.n(0),
                previous: None,
            })
        },
    )
};
