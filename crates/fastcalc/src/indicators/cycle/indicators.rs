//! TA-Lib's cycle indicators.

use super::hilbert::Cycle;
use super::phase::{Phase, sines};
use crate::indicators::prelude::*;

struct OfCycle {
    cycle: Cycle,
    row: usize,
}
state!(OfCycle: cycle, row);

impl OfCycle {
    fn new() -> Self {
        OfCycle {
            cycle: Cycle::new(12),
            row: 0,
        }
    }
}

impl Kernel<1, 1> for OfCycle {
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.row += 1;
        let cycle = self.cycle.push(x)?;
        (self.row > 32).then_some([cycle.period])
    }
}

impl Kernel<1, 2> for OfCycle {
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 2]> {
        self.row += 1;
        let cycle = self.cycle.push(x)?;
        (self.row > 32).then_some([cycle.in_phase, cycle.quadrature])
    }
}

struct OfPhase<F> {
    phase: Phase,
    read: F,
}

impl<F> State for OfPhase<F> {
    fn save(&self, words: &mut Vec<f64>) {
        self.phase.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.phase.load(words);
    }
}

impl<F: Fn(f64, f64) -> [f64; O], const O: usize> Kernel<1, O> for OfPhase<F> {
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; O]> {
        let (row, warm) = self.phase.push(x)?;
        warm.then(|| (self.read)(row.phase, row.trend))
    }
}

const fn cycle(
    name: &'static str,
    about: &'static str,
    lookback: fn(&Params) -> usize,
    build: fn(&Params) -> Box<dyn Stream>,
) -> Definition {
    define(
        name,
        Group::Cycle,
        about,
        &[Input::Real],
        &[],
        lookback,
        build,
    )
}

pub const HT_DCPERIOD: Definition = cycle(
    "ht_dcperiod",
    "Dominant cycle's length in rows, by the Hilbert transform (Ehlers 2001).",
    |_| 32,
    |_| node::<_, 1, 1>(OfCycle::new()),
);

pub const HT_PHASOR: Definition = Definition {
    outputs: &["inphase", "quadrature"],
    ..cycle(
        "ht_phasor",
        "In-phase and quadrature component of the dominant cycle (Ehlers 2001).",
        |_| 32,
        |_| node::<_, 1, 2>(OfCycle::new()),
    )
};

pub const HT_DCPHASE: Definition = cycle(
    "ht_dcphase",
    "Phase of the dominant cycle, in degrees (Ehlers 2001).",
    |_| 63,
    |_| {
        node(OfPhase {
            phase: Phase::new(),
            read: |phase, _| [phase],
        })
    },
);

pub const HT_SINE: Definition = Definition {
    outputs: &["sine", "leadsine"],
    range: Some((-1.0, 1.0)),
    ..cycle(
        "ht_sine",
        "Sine of the dominant cycle's phase, and 45 degrees on (Ehlers 2001).",
        |_| 63,
        |_| {
            node(OfPhase {
                phase: Phase::new(),
                read: |phase, _| sines(phase),
            })
        },
    )
};

pub const HT_TRENDLINE: Definition = Definition {
    group: Group::Overlap,
    ..cycle(
        "ht_trendline",
        "Instantaneous trend line (Ehlers 2001): the mean over one dominant cycle, smoothed.",
        |_| 63,
        |_| {
            node(OfPhase {
                phase: Phase::new(),
                read: |_, trend| [trend],
            })
        },
    )
};

struct TrendMode {
    phase: Phase,
    sines: [f64; 2],
    before: f64,
    days: usize,
}
state!(TrendMode: phase, sines, before, days);

impl Kernel<1, 1> for TrendMode {
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let (row, warm) = self.phase.push(x)?;
        let [sine0, lead0] = std::mem::replace(&mut self.sines, sines(row.phase));
        let [sine, lead] = self.sines;
        let turned = row.phase - std::mem::replace(&mut self.before, row.phase);
        let (period, smoothed) = (row.cycle.period, row.cycle.smoothed);
        let mut trend = true;
        if (sine > lead && sine0 <= lead0) || (sine < lead && sine0 >= lead0) {
            self.days = 0;
            trend = false;
        }
        self.days += 1;
        if (self.days as f64) < 0.5 * period {
            trend = false;
        }
        if period != 0.0 && turned > 0.67 * 360.0 / period && turned < 1.5 * 360.0 / period {
            trend = false;
        }
        if row.trend != 0.0 && ((smoothed - row.trend) / row.trend).abs() >= 0.015 {
            trend = true;
        }
        warm.then_some([f64::from(u8::from(trend))])
    }
}

pub const HT_TRENDMODE: Definition = Definition {
    outputs: &["integer"],
    ..cycle(
        "ht_trendmode",
        "1 where the price is in a trend, 0 where it is in a cycle (Ehlers 2001).",
        |_| 63,
        |_| {
            node(TrendMode {
                phase: Phase::new(),
                sines: [0.0; 2],
                before: 0.0,
                days: 0,
            })
        },
    )
};
