//! Fisher transform.

use crate::indicators::prelude::*;

struct Fisher {
    highest: Window<Max>,
    lowest: Window<Min>,
    value: f64,
    fisher: f64,
}
state!(Fisher: highest, lowest, value, fisher);

impl Kernel<2, 2> for Fisher {
    #[inline]
    fn next(&mut self, [high, low]: [f64; 2]) -> Option<[f64; 2]> {
        let middle = (high + low) / 2.0;
        let highest = self.highest.push(Max(middle));
        let lowest = self.lowest.push(Min(middle))?.0;
        let range = highest?.0 - lowest;
        let place = if range > 0.0 {
            (middle - lowest) / range - 0.5
        } else {
            0.0
        };
        let value = 0.66 * place + 0.67 * self.value;
        self.value = if value.abs() > 0.99 {
            0.999_f64.copysign(value)
        } else {
            value
        };
        let signal = self.fisher;
        self.fisher = 0.5 * libm::log((1.0 + self.value) / (1.0 - self.value)) + 0.5 * signal;
        Some([self.fisher, signal])
    }
}

pub const FISHER: Definition = Definition {
    outputs: &["fisher", "signal"],
    ..define(
        "fisher",
        Group::Momentum,
        "Fisher transform (Ehlers 2002) of the place of (high + low) / 2 in its range, and its value of the row before; \
         in the middle where the range is empty.",
        &[HIGH, LOW],
        &[period(1, 10)],
        |p| p.n(0) - 1,
        |p| {
            node(Fisher {
                highest: Window::new(p.n(0)),
                lowest: Window::new(p.n(0)),
                value: 0.0,
                fisher: 0.0,
            })
        },
    )
};
