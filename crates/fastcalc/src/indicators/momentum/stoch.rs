//! Stochastics: where in the range of a window the close is.

use super::rsi::Strength;
use crate::indicators::overlap::moving_average::{MovingAverage, ma_lookback, ma_type};
use crate::indicators::prelude::*;

/// Raw %K.
#[derive(Debug, Clone)]
pub struct FastK {
    highest: Window<Max>,
    lowest: Window<Min>,
}
state!(FastK: highest, lowest);

impl FastK {
    /// Of `period` rows.
    pub fn new(period: usize) -> Self {
        FastK {
            highest: Window::new(period),
            lowest: Window::new(period),
        }
    }

    /// Takes a row; 0 to 100, 0 where the range is empty.
    #[inline]
    pub fn push(&mut self, high: f64, low: f64, close: f64) -> Option<f64> {
        let highest = self.highest.push(Max(high));
        let lowest = self.lowest.push(Min(low))?.0;
        let range = highest?.0 - lowest;
        Some(if range > 0.0 {
            100.0 * ((close - lowest) / range)
        } else {
            0.0
        })
    }
}

struct Stoch {
    fast: FastK,
    slow_k: MovingAverage,
    slow_d: MovingAverage,
}
state!(Stoch: fast, slow_k, slow_d);

impl Kernel<3, 2> for Stoch {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 2]> {
        let k = self.slow_k.push(self.fast.push(high, low, close)?)?;
        self.slow_d.push(k).map(|d| [k, d])
    }
}

pub const STOCH: Definition = Definition {
    outputs: &["slowk", "slowd"],
    ..define(
        "stoch",
        Group::Momentum,
        "Slow stochastic (Lane 1984): 100 (close - lowest) / (highest - lowest), averaged once (%K) and twice (%D); 0 where the range is empty.",
        &[HIGH, LOW, CLOSE],
        &[
            whole("fastk_period", 1, 5),
            whole("slowk_period", 1, 3),
            ma_type("slowk_matype", 0),
            whole("slowd_period", 1, 3),
            ma_type("slowd_matype", 0),
        ],
        |p| p.n(0) - 1 + ma_lookback(p.n(1), p.n(2)) + ma_lookback(p.n(3), p.n(4)),
        |p| {
            node(Stoch {
                fast: FastK::new(p.n(0)),
                slow_k: MovingAverage::new(p.n(1), p.n(2)),
                slow_d: MovingAverage::new(p.n(3), p.n(4)),
            })
        },
    )
};

pub const STOCHF: Definition = Definition {
    outputs: &["fastk", "fastd"],
    ..define(
        "stochf",
        Group::Momentum,
        "Fast stochastic (Lane 1984): 100 (close - lowest) / (highest - lowest) and its average; 0 where the range is empty.",
        &[HIGH, LOW, CLOSE],
        &[
            whole("fastk_period", 1, 5),
            whole("fastd_period", 1, 3),
            ma_type("fastd_matype", 0),
        ],
        |p| p.n(0) - 1 + ma_lookback(p.n(1), p.n(2)),
        |p| {
            node(Stoch {
                fast: FastK::new(p.n(0)),
                slow_k: MovingAverage::Row,
                slow_d: MovingAverage::new(p.n(1), p.n(2)),
            })
        },
    )
};

struct StochRsi {
    rsi: Strength,
    fast: FastK,
    fast_d: MovingAverage,
}
state!(StochRsi: rsi, fast, fast_d);

impl Kernel<1, 2> for StochRsi {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 2]> {
        let rsi = self.rsi.rsi(x)?;
        let k = self.fast.push(rsi, rsi, rsi)?;
        self.fast_d.push(k).map(|d| [k, d])
    }
}

pub const STOCHRSI: Definition = Definition {
    outputs: &["fastk", "fastd"],
    ..define(
        "stochrsi",
        Group::Momentum,
        "Stochastic RSI (Chande, Kroll 1994): the fast stochastic of RSI.",
        &[Input::Real],
        &[
            period(2, 14),
            whole("fastk_period", 1, 5),
            whole("fastd_period", 1, 3),
            ma_type("fastd_matype", 0),
        ],
        |p| p.n(0) + p.n(1) - 1 + ma_lookback(p.n(2), p.n(3)),
        |p| {
            node(StochRsi {
                rsi: Strength::new(p.n(0)),
                fast: FastK::new(p.n(1)),
                fast_d: MovingAverage::new(p.n(2), p.n(3)),
            })
        },
    )
};
