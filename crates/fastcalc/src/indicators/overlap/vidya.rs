//! Variable index dynamic average.

use crate::indicators::prelude::*;

struct Vidya {
    short: Window<Moments>,
    long: Window<Moments>,
    alpha: f64,
    previous: f64,
    value: Option<f64>,
}
state!(Vidya: short, long, previous, value);

impl Kernel<1, 1> for Vidya {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let previous = std::mem::replace(&mut self.previous, x);
        let short = self.short.push(Moments::of(x));
        let long = self.long.push(Moments::of(x))?.variance().sqrt();
        let ratio = if long > 0.0 {
            short?.variance().sqrt() / long
        } else {
            0.0
        };
        // Starts from the price of the row before its first value.
        let start = self.value.unwrap_or(previous);
        let value = start + ratio * self.alpha * (x - start);
        self.value = Some(value);
        Some([value])
    }
}

pub const VIDYA: Definition = Definition {
    constraint: |p| (p.n(0) > p.n(1)).then_some(("short", "at most long")),
    ..define(
        "vidya",
        Group::Overlap,
        "Variable index dynamic average (Chande 1992): weight alpha times the standard deviation of `short` rows over that of `long`.",
        &[Input::Real],
        &[
            whole("short", 2, 9),
            whole("long", 2, 30),
            real("alpha", 0.0, 1.0, 0.2),
        ],
        |p| p.n(1) - 1,
        |p| {
            node(Vidya {
                short: Window::new(p.n(0)),
                long: Window::new(p.n(1)),
                alpha: p.x(2),
                previous: 0.0,
                value: None,
            })
        },
    )
};
