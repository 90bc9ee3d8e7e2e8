//! Functions and operators row by row.

pub mod extremes;
pub mod indices;
pub mod operators;
pub mod transforms;

use super::engine::Definition;

/// All of them.
pub const ALL: &[&Definition] = &[
    &extremes::SUM,
    &extremes::MAX,
    &extremes::MIN,
    &extremes::MINMAX,
    &indices::MAXINDEX,
    &indices::MININDEX,
    &indices::MINMAXINDEX,
    &operators::ADD,
    &operators::SUB,
    &operators::MULT,
    &operators::DIV,
    &transforms::ACOS,
    &transforms::ASIN,
    &transforms::ATAN,
    &transforms::CEIL,
    &transforms::COS,
    &transforms::COSH,
    &transforms::EXP,
    &transforms::FLOOR,
    &transforms::LN,
    &transforms::LOG10,
    &transforms::SIN,
    &transforms::SINH,
    &transforms::SQRT,
    &transforms::TAN,
    &transforms::TANH,
];
