//! Directional index, its average, and the average's rating.

use super::directional::{Directional, apart};
use crate::indicators::prelude::*;

struct Dx {
    directional: Directional,
    value: f64,
}
state!(Dx: directional, value);

impl Kernel<3, 1> for Dx {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 1]> {
        let lines = self.directional.push(high, low, close)?;
        self.value = apart(lines).unwrap_or(self.value);
        Some([self.value])
    }
}

/// Average directional index.
struct Adx {
    directional: Directional,
    period: usize,
    seen: usize,
    value: f64,
}
state!(Adx: directional, seen, value);

impl Adx {
    fn new(period: usize) -> Self {
        Adx {
            directional: Directional::new(period),
            period,
            seen: 0,
            value: 0.0,
        }
    }

    #[inline]
    fn push(&mut self, high: f64, low: f64, close: f64) -> Option<f64> {
        let index = apart(self.directional.push(high, low, close)?);
        let n = self.period as f64;
        self.seen += 1;
        if self.seen <= self.period {
            self.value += index.unwrap_or(0.0);
            if self.seen < self.period {
                return None;
            }
            self.value /= n;
        } else if let Some(index) = index {
            self.value = (self.value * (n - 1.0) + index) / n;
        }
        Some(self.value)
    }
}

impl Kernel<3, 1> for Adx {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 1]> {
        self.push(high, low, close).map(|v| [v])
    }
}

struct Adxr {
    adx: Adx,
    before: Delay,
}
state!(Adxr: adx, before);

impl Kernel<3, 1> for Adxr {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 1]> {
        let adx = self.adx.push(high, low, close)?;
        self.before.push(adx).map(|before| [(adx + before) / 2.0])
    }
}

const fn index(
    name: &'static str,
    about: &'static str,
    lookback: fn(&Params) -> usize,
    build: fn(&Params) -> Box<dyn Stream>,
) -> Definition {
    Definition {
        range: Some((0.0, 100.0)),
        ..define(
            name,
            Group::Momentum,
            about,
            &[HIGH, LOW, CLOSE],
            const { &[period(2, 14)] },
            lookback,
            build,
        )
    }
}

pub const DX: Definition = index(
    "dx",
    "Directional index (Wilder 1978): 100 |+DI - -DI| / (+DI + -DI); stays where nothing moved.",
    |p| p.n(0),
    |p| {
        node(Dx {
            directional: Directional::new(p.n(0)),
            value: 0.0,
        })
    },
);
pub const ADX: Definition = index(
    "adx",
    "Average directional index (Wilder 1978): the mean of the first `period` DX, then his smoothing.",
    |p| 2 * p.n(0) - 1,
    |p| node(Adx::new(p.n(0))),
);
pub const ADXR: Definition = index(
    "adxr",
    "Average directional index rating (Wilder 1978): mean of ADX and ADX of `period` - 1 rows ago.",
    |p| 3 * p.n(0) - 2,
    |p| {
        node(Adxr {
            adx: Adx::new(p.n(0)),
            before: Delay::new(p.n(0) - 1),
        })
    },
);
