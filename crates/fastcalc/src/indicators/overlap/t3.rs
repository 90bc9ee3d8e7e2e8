//! Tillson's T3.

use crate::indicators::prelude::*;

/// Six averages in a row, blended.
#[derive(Debug, Clone)]
pub struct T3 {
    averages: [Ema; 6],
    blend: [f64; 4],
}
state!(T3: averages);

impl T3 {
    /// Of `period` rows and a volume factor.
    pub fn new(period: usize, factor: f64) -> Self {
        let square = factor * factor;
        let cube = square * factor;
        T3 {
            averages: std::array::from_fn(|_| Ema::new(period)),
            blend: [
                -cube,
                3.0 * (square + cube),
                -6.0 * square - 3.0 * (factor + cube),
                1.0 + 3.0 * factor + cube + 3.0 * square,
            ],
        }
    }

    /// Takes a row.
    #[inline]
    pub fn push(&mut self, x: f64) -> Option<f64> {
        let mut e = [x; 7];
        for at in 0..6 {
            e[at + 1] = self.averages[at].push(e[at])?;
        }
        let [c1, c2, c3, c4] = self.blend;
        Some(c1 * e[6] + c2 * e[5] + c3 * e[4] + c4 * e[3])
    }
}

impl Kernel<1, 1> for T3 {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.push(x).map(|v| [v])
    }
}

pub const T3_AVERAGE: Definition = define(
    "t3",
    Group::Overlap,
    "T3 (Tillson 1998): six exponential averages, blended by the volume factor v.",
    &[Input::Real],
    &[period(1, 5), real("vfactor", 0.0, 1.0, 0.7)],
    |p| 6 * (p.n(0) - 1),
    |p| node(T3::new(p.n(0), p.x(1))),
);
