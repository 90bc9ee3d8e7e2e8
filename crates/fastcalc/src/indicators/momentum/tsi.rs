//! True strength index.

use crate::indicators::prelude::*;

struct Tsi {
    previous: Option<f64>,
    change: [Ema; 2],
    size: [Ema; 2],
}
state!(Tsi: previous, change, size);

impl Kernel<1, 1> for Tsi {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let change = x - self.previous.replace(x)?;
        let twice = |[one, two]: &mut [Ema; 2], x: f64| one.push(x).and_then(|v| two.push(v));
        let smooth = twice(&mut self.change, change);
        let size = twice(&mut self.size, change.abs())?;
        Some([if size > 0.0 {
            100.0 * (smooth? / size)
        } else {
            0.0
        }])
    }
}

pub const TSI: Definition = Definition {
    range: Some((-100.0, 100.0)),
    ..define(
        "tsi",
        Group::Momentum,
        "True strength index (Blau 1991): 100 EMA(EMA(change)) / EMA(EMA(|change|)); 0 where nothing moved.",
        &[Input::Real],
        &[whole("longperiod", 1, 25), whole("shortperiod", 1, 13)],
        |p| 1 + p.n(0) - 1 + p.n(1) - 1,
        |p| {
            let averages = || [Ema::new(p.n(0)), Ema::new(p.n(1))];
            node(Tsi {
                previous: None,
                change: averages(),
                size: averages(),
            })
        },
    )
};
