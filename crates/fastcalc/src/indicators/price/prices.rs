//! Prices made of prices.

use crate::indicators::prelude::*;

pub const AVGPRICE: Definition = define(
    "avgprice",
    Group::Price,
    "(open + high + low + close) / 4.",
    &[OPEN, HIGH, LOW, CLOSE],
    &[],
    |_| 0,
    |_| node(Map(|[o, h, l, c]: [f64; 4]| [(h + l + c + o) / 4.0])),
);

pub const MEDPRICE: Definition = define(
    "medprice",
    Group::Price,
    "(high + low) / 2.",
    &[HIGH, LOW],
    &[],
    |_| 0,
    |_| node(Map(|[h, l]: [f64; 2]| [(h + l) / 2.0])),
);

pub const TYPPRICE: Definition = define(
    "typprice",
    Group::Price,
    "(high + low + close) / 3.",
    &[HIGH, LOW, CLOSE],
    &[],
    |_| 0,
    |_| node(Map(|[h, l, c]: [f64; 3]| [(h + l + c) / 3.0])),
);

pub const WCLPRICE: Definition = define(
    "wclprice",
    Group::Price,
    "(high + low + 2 close) / 4.",
    &[HIGH, LOW, CLOSE],
    &[],
    |_| 0,
    |_| node(Map(|[h, l, c]: [f64; 3]| [(h + l + c * 2.0) / 4.0])),
);
