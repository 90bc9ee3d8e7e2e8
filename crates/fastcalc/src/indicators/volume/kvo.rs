//! Klinger volume oscillator.

use crate::indicators::prelude::*;

struct Kvo {
    previous: Option<[f64; 2]>,
    trend: f64,
    measure: f64,
    fast: Ema,
    slow: Ema,
}
state!(Kvo: previous, trend, measure, fast, slow);

impl Kernel<4, 1> for Kvo {
    #[inline]
    fn next(&mut self, [high, low, close, volume]: [f64; 4]) -> Option<[f64; 1]> {
        let (sum, range) = (high + low + close, high - low);
        let [sum0, range0] = self.previous.replace([sum, range])?;
        let trend = if sum > sum0 {
            1.0
        } else if sum < sum0 {
            -1.0
        } else {
            self.trend
        };
        if trend != self.trend {
            (self.trend, self.measure) = (trend, range0);
        }
        self.measure += range;
        let share = if self.measure > 0.0 {
            (range / self.measure * 2.0 - 1.0).abs()
        } else {
            0.0
        };
        let force = volume * share * 100.0 * if trend > 0.0 { 1.0 } else { -1.0 };
        let (fast, slow) = (self.fast.push(force), self.slow.push(force));
        Some([fast? - slow?])
    }
}

pub const KVO: Definition = define(
    "kvo",
    Group::Volume,
    "Klinger volume oscillator (1977): fast minus slow EMA of the volume force, both started with its first row.",
    &[HIGH, LOW, CLOSE, VOLUME],
    &[whole("shortperiod", 1, 34), whole("longperiod", 1, 55)],
    |_| 1,
    |p| {
        let (fast, slow) = (Ema::from_first(p.n(0)), Ema::from_first(p.n(1)));
        node(Kvo {
            previous: None,
            trend: 0.0,
            measure: 0.0,
            fast,
            slow,
        })
    },
);
