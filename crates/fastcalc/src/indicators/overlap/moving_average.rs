//! The moving average of TA-Lib's MA types.

use super::{
    dema::Dema, kama::Kama, mama::Mama, sma::Sma, t3::T3, tema::Tema, trima::Trima, wma::Wma,
};
use crate::indicators::prelude::*;

/// TA-Lib's MA types, in its order.
pub const MA_TYPES: &[&str] = &[
    "sma", "ema", "wma", "dema", "tema", "trima", "kama", "mama", "t3",
];

/// A parameter that chooses a moving average.
pub const fn ma_type(name: &'static str, default: usize) -> Param {
    Param {
        name,
        kind: ParamKind::Choice(MA_TYPES),
        default: default as f64,
    }
}

/// Any of them.
#[derive(Debug, Clone)]
pub enum MovingAverage {
    /// A period of 1 averages nothing, whatever the type.
    Row,
    Sma(Sma),
    Ema(Ema),
    Wma(Wma),
    Dema(Dema),
    Tema(Tema),
    Trima(Trima),
    Kama(Kama),
    Mama(Box<Mama>),
    T3(T3),
}

impl MovingAverage {
    /// Type by its place in [`MA_TYPES`].
    pub fn new(period: usize, ma_type: usize) -> Self {
        match ma_type {
            _ if period <= 1 => MovingAverage::Row,
            1 => MovingAverage::Ema(Ema::new(period)),
            2 => MovingAverage::Wma(Wma::new(period)),
            3 => MovingAverage::Dema(Dema::new(period)),
            4 => MovingAverage::Tema(Tema::new(period)),
            5 => MovingAverage::Trima(Trima::new(period)),
            6 => MovingAverage::Kama(Kama::new(period)),
            7 => MovingAverage::Mama(Box::new(Mama::new(0.5, 0.05))),
            8 => MovingAverage::T3(T3::new(period, 0.7)),
            _ => MovingAverage::Sma(Sma::new(period)),
        }
    }

    /// Takes a row.
    #[inline]
    pub fn push(&mut self, x: f64) -> Option<f64> {
        match self {
            MovingAverage::Row => Some(x),
            MovingAverage::Sma(ma) => ma.push(x),
            MovingAverage::Ema(ma) => ma.push(x),
            MovingAverage::Wma(ma) => ma.push(x),
            MovingAverage::Dema(ma) => ma.push(x),
            MovingAverage::Tema(ma) => ma.push(x),
            MovingAverage::Trima(ma) => ma.push(x),
            MovingAverage::Kama(ma) => ma.push(x),
            MovingAverage::Mama(ma) => ma.push(x).map(|[mama, _]| mama),
            MovingAverage::T3(ma) => ma.push(x),
        }
    }
}

impl MovingAverage {
    /// Whether it takes blocks at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        match self {
            MovingAverage::Row => true,
            MovingAverage::Sma(ma) => ma.is_warm(),
            MovingAverage::Ema(ma) => ma.is_warm(),
            MovingAverage::Wma(ma) => ma.is_warm(),
            _ => false,
        }
    }

    /// Rows before there is a mean that [`block`](Self::block) may take, too; none where it may not.
    #[inline(always)]
    pub fn cold(&self) -> Option<usize> {
        match self {
            MovingAverage::Sma(ma) => Some(ma.cold()),
            MovingAverage::Wma(ma) => Some(ma.cold()),
            _ => self.is_warm().then_some(0),
        }
    }

    /// Where it is an exponential average.
    #[inline(always)]
    pub fn ema(&mut self) -> Option<&mut Ema> {
        match self {
            MovingAverage::Ema(ma) => Some(ma),
            _ => None,
        }
    }

    /// Takes rows, as many as are [cold](Self::cold) among them: those mean nothing.
    #[inline(always)]
    pub fn block<V: Eight>(&mut self, x: &[f64], out: &mut [f64], work: &mut [f64]) {
        match self {
            MovingAverage::Sma(ma) => ma.block::<V>(x, out),
            MovingAverage::Ema(ma) => ma.block::<V>(x, out),
            MovingAverage::Wma(ma) => ma.block::<V>(x, out, work),
            _ => out.copy_from_slice(&x[..out.len()]),
        }
    }
}

impl State for MovingAverage {
    fn save(&self, words: &mut Vec<f64>) {
        match self {
            MovingAverage::Row => {}
            MovingAverage::Sma(ma) => ma.save(words),
            MovingAverage::Ema(ma) => ma.save(words),
            MovingAverage::Wma(ma) => ma.save(words),
            MovingAverage::Dema(ma) => ma.save(words),
            MovingAverage::Tema(ma) => ma.save(words),
            MovingAverage::Trima(ma) => ma.save(words),
            MovingAverage::Kama(ma) => ma.save(words),
            MovingAverage::Mama(ma) => ma.save(words),
            MovingAverage::T3(ma) => ma.save(words),
        }
    }
    fn load(&mut self, words: &mut Words<'_>) {
        match self {
            MovingAverage::Row => {}
            MovingAverage::Sma(ma) => ma.load(words),
            MovingAverage::Ema(ma) => ma.load(words),
            MovingAverage::Wma(ma) => ma.load(words),
            MovingAverage::Dema(ma) => ma.load(words),
            MovingAverage::Tema(ma) => ma.load(words),
            MovingAverage::Trima(ma) => ma.load(words),
            MovingAverage::Kama(ma) => ma.load(words),
            MovingAverage::Mama(ma) => ma.load(words),
            MovingAverage::T3(ma) => ma.load(words),
        }
    }
}

/// Rows before its first value.
pub fn ma_lookback(period: usize, ma_type: usize) -> usize {
    match ma_type {
        _ if period <= 1 => 0,
        3 => 2 * (period - 1),
        4 => 3 * (period - 1),
        6 => period,
        7 => 32,
        8 => 6 * (period - 1),
        _ => period - 1,
    }
}

impl Kernel<1, 1> for MovingAverage {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.push(x).map(|v| [v])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([x], [out]) = settled(self, inputs, outputs, MovingAverage::is_warm);
        let [work, ..] = work.columns();
        MovingAverage::block::<V>(self, x, out, work);
    }
}

pub const MA: Definition = define(
    "ma",
    Group::Overlap,
    "Moving average of a chosen type.",
    &[Input::Real],
    &[period(1, 30), ma_type("matype", 0)],
    |p| ma_lookback(p.n(0), p.n(1)),
    |p| node(MovingAverage::new(p.n(0), p.n(1))),
);
