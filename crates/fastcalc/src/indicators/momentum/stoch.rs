//! Stochastics: where in the range of a window the close is.

use super::rsi::{Strength, rsis};
use crate::indicators::overlap::moving_average::{MovingAverage, ma_lookback, ma_type};
use crate::indicators::prelude::*;

/// Raw %K.
#[derive(Debug, Clone)]
pub struct FastK {
    extremes: Extremes,
}
state!(FastK: extremes);

impl FastK {
    /// Of `period` rows.
    pub fn new(period: usize) -> Self {
        FastK {
            extremes: Extremes::new(period),
        }
    }

    /// Takes a row; 0 to 100, 0 where the range is empty.
    #[inline]
    pub fn push(&mut self, high: f64, low: f64, close: f64) -> Option<f64> {
        let [highest, lowest] = self.extremes.push(high, low)?;
        Some(place(close, highest, lowest))
    }

    /// Whether there is a value at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.extremes.is_warm()
    }

    /// Rows before there is a value.
    #[inline(always)]
    pub fn cold(&self) -> usize {
        self.extremes.cold()
    }

    /// Takes rows of one series; what comes before it [is warm](Self::is_warm) means nothing.
    #[inline(always)]
    pub fn block<V: Eight>(
        &mut self,
        rows: &[f64],
        out: &mut [f64],
        [highest, lowest]: [&mut [f64]; 2],
    ) {
        let n = out.len();
        let (highest, lowest) = (&mut highest[..n], &mut lowest[..n]);
        self.extremes
            .make::<V>([rows, rows], [&mut *highest, &mut *lowest]);
        places(rows, [highest, lowest], out);
    }
}

/// [`place`] of each row.
#[inline(always)]
fn places(close: &[f64], [highest, lowest]: [&[f64]; 2], out: &mut [f64]) {
    let n = out.len();
    let (close, highest, lowest) = (&close[..n], &highest[..n], &lowest[..n]);
    for i in 0..n {
        out[i] = place(close[i], highest[i], lowest[i]);
    }
}

/// Where in the range it is, 0 to 100.
#[inline(always)]
fn place(close: f64, highest: f64, lowest: f64) -> f64 {
    let range = highest - lowest;
    let place = 100.0 * ((close - lowest) / range);
    if range > 0.0 { place } else { 0.0 }
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

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 3], outputs: [&mut [f64]; 2], work: &mut Work) {
        let (bars, [k, d]) = settled(self, inputs, outputs, |s| {
            s.slow_k.cold().is_some() && s.slow_d.cold().is_some()
        });
        let n = k.len();
        // Rows for which there is no %K yet, none that is slow, and no %D.
        let first = self.fast.cold().min(n);
        let slot = work.part(&mut self.fast.extremes, Of::Rows([bars[0], bars[1]]));
        let (extremes, [fast, a, ..]) = work.with_part(slot);
        let fast = &mut fast[..n];
        places(bars[2], extremes, fast);
        let second = n.min(first + self.slow_k.cold().unwrap_or(n));
        self.slow_k.block::<V>(&fast[first..], &mut k[first..], a);
        let third = second + self.slow_d.cold().unwrap_or(n);
        self.slow_d.block::<V>(&k[second..], &mut d[second..], a);
        blank([k, d], third);
    }
}

pub const STOCH: Definition = Definition {
    part: |p| Some(Part::Extremes(p.n(0))),
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
    part: |p| Some(Part::Extremes(p.n(0))),
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

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 2], work: &mut Work) {
        let ([x], [k, d]) = settled_by_eights(self, inputs, outputs, |s| {
            s.rsi.is_warm() && s.fast.is_warm() && s.fast_d.is_warm()
        });
        let slot = work.part(&mut self.rsi, Of::Rows([x]));
        let (averages, [strength, a, b, ..]) = work.with_part(slot);
        let strength = &mut strength[..x.len()];
        let mut rows = Eights::new(averages, [&mut *strength]);
        while let Some(averages) = rows.read::<V>() {
            rows.write([rsis(averages)]);
        }
        self.fast.block::<V>(strength, k, [&mut *a, b]);
        self.fast_d.block::<V>(k, d, a);
    }
}

pub const STOCHRSI: Definition = Definition {
    part: |p| Some(Part::Strength(p.n(0))),
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
