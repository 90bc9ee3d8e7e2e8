//! Directional index, its average, and the average's rating.

use super::directional::{Directional, Movement, apart};
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

/// Average directional index. The range, by which both movements are divided, cancels out.
struct Adx {
    movement: Movement,
    period: usize,
    seen: usize,
    sum: f64,
    average: Recurrence,
}
state!(Adx: movement, seen, sum, average);

impl Adx {
    fn new(period: usize) -> Self {
        let n = period as f64;
        Adx {
            movement: Movement::new(period),
            period,
            seen: 0,
            sum: 0.0,
            average: Recurrence::new((n - 1.0) / n, 1.0 / n),
        }
    }

    #[inline]
    fn push(&mut self, high: f64, low: f64) -> Option<f64> {
        let sums = self.movement.push(high, low)?;
        if self.movement.seen() < self.period {
            return None;
        }
        self.average(apart(sums))
    }

    #[inline]
    fn average(&mut self, index: Option<f64>) -> Option<f64> {
        if self.seen == self.period {
            return Some(self.average.push(index.unwrap_or(self.average.value())));
        }
        self.seen += 1;
        self.sum += index.unwrap_or(0.0);
        if self.seen < self.period {
            return None;
        }
        let first = self.sum / self.period as f64;
        self.average.start(first);
        Some(first)
    }
}

impl Kernel<3, 1> for Adx {
    #[inline]
    fn next(&mut self, [high, low, _]: [f64; 3]) -> Option<[f64; 1]> {
        self.push(high, low).map(|v| [v])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 3], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([high, low, _], [out]) = settled_by_eights(self, inputs, outputs, |k| {
            k.seen == k.period && k.movement.is_warm() && k.average.is_ahead()
        });
        let n = out.len();
        let slot = work.part(&mut self.movement, Of::Rows([&high[..n], &low[..n]]));
        let [plus, minus] = work.part_columns(slot);
        let (plus, minus) = (&plus[..n], &minus[..n]);
        let mut moving = true;
        for i in 0..n {
            moving &= plus[i] + minus[i] > 0.0;
        }
        if !moving {
            for i in 0..n {
                out[i] = self.average(apart([plus[i], minus[i]])).unwrap_or(f64::NAN);
            }
            return;
        }
        let mut average = self.average.chain::<V>();
        let mut rows = Eights::new([plus, minus], [out]);
        while let Some([plus, minus]) = rows.read::<V>() {
            let apart = (plus - minus).abs() / (plus + minus);
            rows.write([average.next(V::splat(100.0) * apart)]);
        }
        self.average.settle(average);
    }
}

struct Adxr {
    adx: Adx,
    before: Delay,
}
state!(Adxr: adx, before);

impl Kernel<3, 1> for Adxr {
    #[inline]
    fn next(&mut self, [high, low, _]: [f64; 3]) -> Option<[f64; 1]> {
        let adx = self.adx.push(high, low)?;
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
pub const ADX: Definition = Definition {
    part: |p| Some(Part::Movement(p.n(0))),
    ..index(
        "adx",
        "Average directional index (Wilder 1978): the mean of the first `period` DX, then his smoothing.",
        |p| 2 * p.n(0) - 1,
        |p| node(Adx::new(p.n(0))),
    )
};
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
