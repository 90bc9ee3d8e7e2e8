//! Operators on two series.

use crate::indicators::prelude::*;

const fn operator(
    name: &'static str,
    about: &'static str,
    build: fn(&Params) -> Box<dyn Stream>,
) -> Definition {
    define(
        name,
        Group::Math,
        about,
        &[Input::Real, Input::Real1],
        &[],
        |_| 0,
        build,
    )
}

pub const ADD: Definition = operator("add", "Sum of both series.", |_| {
    node(Map(|[x, y]: [f64; 2]| [x + y]))
});
pub const SUB: Definition = operator("sub", "First series minus second.", |_| {
    node(Map(|[x, y]: [f64; 2]| [x - y]))
});
pub const MULT: Definition = operator("mult", "Product of both series.", |_| {
    node(Map(|[x, y]: [f64; 2]| [x * y]))
});
pub const DIV: Definition = operator(
    "div",
    "First series over second; NaN where that is 0.",
    |_| node(Map(|[x, y]: [f64; 2]| [x / y])),
);
