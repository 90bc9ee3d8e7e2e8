//! MESA adaptive moving average.

use crate::indicators::cycle::hilbert::Cycle;
use crate::indicators::prelude::*;

/// Both averages.
#[derive(Debug, Clone)]
pub struct Mama {
    cycle: Cycle,
    fast: f64,
    slow: f64,
    row: usize,
    phase: f64,
    mama: f64,
    fama: f64,
}
state!(Mama: cycle, row, phase, mama, fama);

impl Mama {
    /// With bounds of the weight.
    pub fn new(fast: f64, slow: f64) -> Self {
        Mama {
            cycle: Cycle::new(12),
            fast,
            slow,
            row: 0,
            phase: 0.0,
            mama: 0.0,
            fama: 0.0,
        }
    }

    /// Takes a row.
    pub fn push(&mut self, x: f64) -> Option<[f64; 2]> {
        self.row += 1;
        let cycle = self.cycle.push(x)?;
        let phase = if cycle.in_phase == 0.0 {
            0.0
        } else {
            libm::atan(cycle.quadrature / cycle.in_phase).to_degrees()
        };
        let change = (std::mem::replace(&mut self.phase, phase) - phase).max(1.0);
        // As in TA-Lib, a fast limit below the slow one holds where the phase hardly moves.
        let weight = if change > 1.0 {
            (self.fast / change).max(self.slow)
        } else {
            self.fast
        };
        self.mama = weight * x + (1.0 - weight) * self.mama;
        let half = 0.5 * weight;
        self.fama = half * self.mama + (1.0 - half) * self.fama;
        (self.row > 32).then_some([self.mama, self.fama])
    }
}

impl Kernel<1, 2> for Mama {
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 2]> {
        self.push(x)
    }
}

pub const MAMA: Definition = Definition {
    outputs: &["mama", "fama"],
    ..define(
        "mama",
        Group::Overlap,
        "MESA adaptive moving average (Ehlers 2001): weight fastlimit over the change of phase, at least slowlimit.",
        &[Input::Real],
        &[
            real("fastlimit", 0.01, 0.99, 0.5),
            real("slowlimit", 0.01, 0.99, 0.05),
        ],
        |_| 32,
        |p| node(Mama::new(p.x(0), p.x(1))),
    )
};
