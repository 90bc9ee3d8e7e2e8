//! Functions of one value.

use crate::indicators::prelude::*;

const fn transform(
    name: &'static str,
    about: &'static str,
    build: fn(&Params) -> Box<dyn Stream>,
) -> Definition {
    define(name, Group::Math, about, &[Input::Real], &[], |_| 0, build)
}

pub const ACOS: Definition = transform("acos", "Arc cosine; NaN outside -1 to 1.", |_| {
    node(Map(|[x]: [f64; 1]| [libm::acos(x)]))
});
pub const ASIN: Definition = transform("asin", "Arc sine; NaN outside -1 to 1.", |_| {
    node(Map(|[x]: [f64; 1]| [libm::asin(x)]))
});
pub const ATAN: Definition = transform("atan", "Arc tangent.", |_| {
    node(Map(|[x]: [f64; 1]| [libm::atan(x)]))
});
pub const CEIL: Definition = transform("ceil", "Least whole number not below.", |_| {
    node(Map(|[x]: [f64; 1]| [x.ceil()]))
});
pub const COS: Definition = transform("cos", "Cosine.", |_| {
    node(Map(|[x]: [f64; 1]| [libm::cos(x)]))
});
pub const COSH: Definition = transform("cosh", "Hyperbolic cosine; NaN on overflow.", |_| {
    node(Map(|[x]: [f64; 1]| [libm::cosh(x)]))
});
pub const EXP: Definition = transform("exp", "Exponential; NaN on overflow.", |_| {
    node(Map(|[x]: [f64; 1]| [libm::exp(x)]))
});
pub const FLOOR: Definition = transform("floor", "Greatest whole number not above.", |_| {
    node(Map(|[x]: [f64; 1]| [x.floor()]))
});
pub const LN: Definition = transform("ln", "Natural logarithm; NaN up to 0.", |_| {
    node(Map(|[x]: [f64; 1]| [libm::log(x)]))
});
pub const LOG10: Definition = transform("log10", "Logarithm to base 10; NaN up to 0.", |_| {
    node(Map(|[x]: [f64; 1]| [libm::log10(x)]))
});
pub const SIN: Definition = transform("sin", "Sine.", |_| {
    node(Map(|[x]: [f64; 1]| [libm::sin(x)]))
});
pub const SINH: Definition = transform("sinh", "Hyperbolic sine; NaN on overflow.", |_| {
    node(Map(|[x]: [f64; 1]| [libm::sinh(x)]))
});
pub const SQRT: Definition = transform("sqrt", "Square root; NaN below 0.", |_| {
    node(Map(|[x]: [f64; 1]| [x.sqrt()]))
});
pub const TAN: Definition = transform("tan", "Tangent.", |_| {
    node(Map(|[x]: [f64; 1]| [libm::tan(x)]))
});
pub const TANH: Definition = transform("tanh", "Hyperbolic tangent.", |_| {
    node(Map(|[x]: [f64; 1]| [libm::tanh(x)]))
});
