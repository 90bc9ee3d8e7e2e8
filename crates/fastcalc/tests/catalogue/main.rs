//! The catalogue of indicators: golden values and what must hold of every one of them.

#[path = "../shared/mod.rs"]
mod shared;

mod bars;
mod formulas;
mod laws;
mod lean;
mod pattern_bars;
mod patterns;
mod precision;
mod specs;
mod talib;
mod tulip;
