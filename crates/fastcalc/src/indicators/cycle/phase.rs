//! Phase of the dominant cycle, and the trend beneath it.

use super::hilbert::{Cycle, CycleRow};
use crate::indicators::prelude::*;

/// Longest cycle.
const LONGEST: usize = 50;
/// Rows that only fill the smoother.
const SKIP: usize = 37;

/// The last rows, latest first.
#[derive(Debug, Clone)]
struct Recent {
    slots: [f64; LONGEST],
    at: usize,
}
state!(Recent: slots, at);

impl Recent {
    fn new() -> Self {
        Recent {
            slots: [0.0; LONGEST],
            at: 0,
        }
    }

    fn push(&mut self, x: f64) {
        self.at = (self.at + 1) % LONGEST;
        self.slots[self.at] = x;
    }

    fn latest(&self, count: usize) -> impl Iterator<Item = f64> + '_ {
        (0..count.min(LONGEST)).map(|back| self.slots[(self.at + LONGEST - back) % LONGEST])
    }
}

/// Cycle, phase and trend of one row.
#[derive(Debug, Clone, Copy)]
pub struct PhaseRow {
    /// The cycle.
    pub cycle: CycleRow,
    /// Phase, in degrees.
    pub phase: f64,
    /// Instantaneous trend line.
    pub trend: f64,
}

/// Measures the phase by a Fourier sum over one cycle.
#[derive(Debug, Clone)]
pub struct Phase {
    cycle: Cycle,
    smoothed: Recent,
    prices: Recent,
    means: [f64; 3],
    phase: f64,
    measured: usize,
}
state!(Phase: cycle, smoothed, prices, means, phase, measured);

impl Phase {
    /// Before the first row; its first answer is at row 63.
    pub fn new() -> Self {
        Phase {
            cycle: Cycle::new(SKIP),
            smoothed: Recent::new(),
            prices: Recent::new(),
            means: [0.0; 3],
            phase: 0.0,
            measured: 0,
        }
    }

    /// Takes a price: the row, and whether it is past the warm-up.
    pub fn push(&mut self, x: f64) -> Option<(PhaseRow, bool)> {
        self.prices.push(x);
        let cycle = self.cycle.push(x)?;
        self.smoothed.push(cycle.smoothed);
        let length = (cycle.period + 0.5) as usize;
        self.measure(length, cycle.period);
        let mean = self.prices.latest(length).sum::<f64>() / length.max(1) as f64;
        let [one, two, three] = self.means;
        let trend = (4.0 * mean + 3.0 * one + 2.0 * two + three) / 10.0;
        self.means = [mean, one, two];
        self.measured += 1;
        let row = PhaseRow {
            cycle,
            phase: self.phase,
            trend,
        };
        Some((row, self.measured > 63 - SKIP))
    }

    fn measure(&mut self, length: usize, period: f64) {
        let (mut real, mut imaginary) = (0.0, 0.0);
        for (back, value) in self.smoothed.latest(length).enumerate() {
            let angle = back as f64 * std::f64::consts::TAU / length as f64;
            real += libm::sin(angle) * value;
            imaginary += libm::cos(angle) * value;
        }
        if imaginary != 0.0 {
            self.phase = libm::atan(real / imaginary).to_degrees();
        } else if real < 0.0 {
            self.phase -= 90.0;
        } else if real > 0.0 {
            self.phase += 90.0;
        }
        self.phase += 90.0;
        self.phase += 360.0 / period;
        if imaginary < 0.0 {
            self.phase += 180.0;
        }
        if self.phase > 315.0 {
            self.phase -= 360.0;
        }
    }
}

/// Sines of the phase and of 45 degrees on.
pub fn sines(phase: f64) -> [f64; 2] {
    [
        libm::sin(phase.to_radians()),
        libm::sin((phase + 45.0).to_radians()),
    ]
}
