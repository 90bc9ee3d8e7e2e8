//! Ehlers' homodyne discriminator: the dominant cycle of a price (Rocket Science for Traders, 2001),
//! in the arithmetic of TA-Lib.

use crate::indicators::prelude::*;

/// One Hilbert transform, computed for odd and even rows apart.
#[derive(Debug, Clone, Copy, Default)]
struct Transform {
    history: [[f64; 3]; 2],
    previous: [f64; 2],
    input: [f64; 2],
}
state!(Transform: history, previous, input);

impl Transform {
    #[inline]
    fn step(&mut self, input: f64, parity: usize, at: usize, gain: f64) -> f64 {
        let scaled = 0.0962 * input;
        let mut value = scaled - self.history[parity][at] - self.previous[parity];
        self.history[parity][at] = scaled;
        self.previous[parity] = 0.5769 * self.input[parity];
        value += self.previous[parity];
        self.input[parity] = input;
        value * gain
    }
}

/// What is known of the cycle after a row.
#[derive(Debug, Clone, Copy)]
pub struct CycleRow {
    /// Weighted mean of the last four prices.
    pub smoothed: f64,
    /// Smoothed length of the cycle, in rows.
    pub period: f64,
    /// In-phase component.
    pub in_phase: f64,
    /// Quadrature component.
    pub quadrature: f64,
}

/// The discriminator's state.
#[derive(Debug, Clone)]
pub struct Cycle {
    /// Rows that only fill the smoother.
    skip: usize,
    row: usize,
    prices: [f64; 3],
    at: usize,
    detrender: Transform,
    q1: Transform,
    ji: Transform,
    jq: Transform,
    /// In-phase values of two and three rows ago, for even and odd rows.
    in_phase: [[f64; 2]; 2],
    i2: f64,
    q2: f64,
    re: f64,
    im: f64,
    period: f64,
    smooth_period: f64,
}
state!(Cycle: row, prices, at, detrender, q1, ji, jq, in_phase, i2, q2, re, im, period, smooth_period);

impl Cycle {
    /// `skip` rows pass before the first cycle is measured.
    pub fn new(skip: usize) -> Self {
        Cycle {
            skip,
            row: 0,
            prices: [0.0; 3],
            at: 0,
            detrender: Transform::default(),
            q1: Transform::default(),
            ji: Transform::default(),
            jq: Transform::default(),
            in_phase: [[0.0; 2]; 2],
            i2: 0.0,
            q2: 0.0,
            re: 0.0,
            im: 0.0,
            period: 0.0,
            smooth_period: 0.0,
        }
    }

    /// Takes a price.
    pub fn push(&mut self, x: f64) -> Option<CycleRow> {
        let [a, b, c] = self.prices;
        self.prices = [b, c, x];
        let smoothed = (a + 2.0 * b + 3.0 * c + 4.0 * x) * 0.1;
        let row = self.row;
        self.row += 1;
        if row < self.skip {
            return None;
        }
        let gain = 0.075 * self.period + 0.54;
        let (parity, at) = (row % 2, self.at);
        let in_phase = self.in_phase[parity][1];
        let detrended = self.detrender.step(smoothed, parity, at, gain);
        let q1 = self.q1.step(detrended, parity, at, gain);
        let ji = self.ji.step(in_phase, parity, at, gain);
        let jq = self.jq.step(q1, parity, at, gain);
        if parity == 0 {
            self.at = (at + 1) % 3;
        }
        let q2 = 0.2 * (q1 + ji) + 0.8 * self.q2;
        let i2 = 0.2 * (in_phase - jq) + 0.8 * self.i2;
        let other = &mut self.in_phase[1 - parity];
        *other = [detrended, other[0]];
        self.measure(i2, q2);
        Some(CycleRow {
            smoothed,
            period: self.smooth_period,
            in_phase,
            quadrature: q1,
        })
    }

    fn measure(&mut self, i2: f64, q2: f64) {
        self.re = 0.2 * (i2 * self.i2 + q2 * self.q2) + 0.8 * self.re;
        self.im = 0.2 * (i2 * self.q2 - q2 * self.i2) + 0.8 * self.im;
        (self.i2, self.q2) = (i2, q2);
        let before = self.period;
        let mut period = before;
        if self.im != 0.0 && self.re != 0.0 {
            period = 360.0 / libm::atan(self.im / self.re).to_degrees();
        }
        period = period.min(1.5 * before).max(0.67 * before).clamp(6.0, 50.0);
        self.period = 0.2 * period + 0.8 * before;
        self.smooth_period = 0.33 * self.period + 0.67 * self.smooth_period;
    }
}
