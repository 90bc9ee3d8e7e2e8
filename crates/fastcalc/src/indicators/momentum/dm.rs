//! Directional movement and indicators.

use super::directional::{Directional, Movement};
use crate::indicators::prelude::*;

struct Dm {
    movement: Movement,
    side: usize,
}
state!(Dm: movement);

impl Kernel<2, 1> for Dm {
    #[inline]
    fn next(&mut self, [high, low]: [f64; 2]) -> Option<[f64; 1]> {
        self.movement.push(high, low).map(|sums| [sums[self.side]])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 2], outputs: [&mut [f64]; 1], _work: &mut Work) {
        let (bars, [out]) = settled_by_eights(self, inputs, outputs, |k| k.movement.is_warm());
        let bars = bars.map(|column| &column[..out.len()]);
        let mut movement = self.movement.chain::<V>();
        let mut rows = Eights::new(bars, [out]);
        while let Some(bars) = rows.read::<V>() {
            rows.write([movement.next(bars)[self.side]]);
        }
        self.movement.settle(movement, bars);
    }
}

struct Di {
    directional: Directional,
    side: usize,
}
state!(Di: directional);

impl Kernel<3, 1> for Di {
    #[inline]
    fn next(&mut self, [high, low, close]: [f64; 3]) -> Option<[f64; 1]> {
        self.directional
            .push(high, low, close)
            .map(|lines| [lines[self.side]])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 3], outputs: [&mut [f64]; 1], work: &mut Work) {
        let (bars, [out]) = settled_by_eights(self, inputs, outputs, |k| k.directional.is_warm());
        self.directional.block::<V>(bars, self.side, out, work);
    }
}

const fn dm(
    name: &'static str,
    about: &'static str,
    build: fn(&Params) -> Box<dyn Stream>,
) -> Definition {
    Definition {
        range: Some((0.0, f64::INFINITY)),
        ..define(
            name,
            Group::Momentum,
            about,
            &[HIGH, LOW],
            const { &[period(1, 14)] },
            |p| (p.n(0) - 1).max(1),
            build,
        )
    }
}

const fn di(
    name: &'static str,
    about: &'static str,
    build: fn(&Params) -> Box<dyn Stream>,
) -> Definition {
    Definition {
        range: Some((0.0, 100.0)),
        part: |p| Some(Part::Movement(p.n(0))),
        ..define(
            name,
            Group::Momentum,
            about,
            &[HIGH, LOW, CLOSE],
            const { &[period(1, 14)] },
            |p| p.n(0),
            build,
        )
    }
}

pub const PLUS_DM: Definition = dm(
    "plus_dm",
    "Upward directional movement (Wilder 1978), summed with his fading.",
    |p| {
        node(Dm {
            movement: Movement::new(p.n(0)),
            side: 0,
        })
    },
);
pub const MINUS_DM: Definition = dm(
    "minus_dm",
    "Downward directional movement (Wilder 1978), summed with his fading.",
    |p| {
        node(Dm {
            movement: Movement::new(p.n(0)),
            side: 1,
        })
    },
);
pub const PLUS_DI: Definition = di(
    "plus_di",
    "Upward directional indicator (Wilder 1978): movement in percent of the true range, also for a period of 1 (TA-Lib \
     gives the fraction).",
    |p| {
        node(Di {
            directional: Directional::new(p.n(0)),
            side: 0,
        })
    },
);
pub const MINUS_DI: Definition = di(
    "minus_di",
    "Downward directional indicator (Wilder 1978): movement in percent of the true range, also for a period of 1 (TA-Lib \
     gives the fraction).",
    |p| {
        node(Di {
            directional: Directional::new(p.n(0)),
            side: 1,
        })
    },
);
