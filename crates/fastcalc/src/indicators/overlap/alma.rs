//! Arnaud Legoux moving average.

use crate::indicators::prelude::*;

struct Alma {
    last: Last,
    weights: Vec<f64>,
}
state!(Alma: last);

impl Alma {
    fn new(period: usize, offset: f64, sigma: f64) -> Self {
        let centre = (offset * (period as f64 - 1.0)).floor();
        let width = period as f64 / sigma;
        let weight = |at: usize| {
            let away = at as f64 - centre;
            libm::exp(-away * away / (2.0 * width * width))
        };
        let raw: Vec<f64> = (0..period).map(weight).collect();
        let total: f64 = raw.iter().sum();
        Alma {
            last: Last::new(period),
            weights: raw.iter().map(|w| w / total).collect(),
        }
    }
}

impl Kernel<1, 1> for Alma {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let window = self.last.push(x)?;
        Some([window.iter().zip(&self.weights).map(|(v, w)| v * w).sum()])
    }
}

pub const ALMA: Definition = define(
    "alma",
    Group::Overlap,
    "Arnaud Legoux moving average (2009): Gaussian weights of width period/sigma around floor(offset (period - 1)).",
    &[Input::Real],
    &[
        period(1, 9),
        real("offset", 0.0, 1.0, 0.85),
        real("sigma", 0.01, 1e6, 6.0),
    ],
    |p| p.n(0) - 1,
    |p| node(Alma::new(p.n(0), p.x(1), p.x(2))),
);
