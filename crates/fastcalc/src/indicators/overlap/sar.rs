//! Parabolic stop and reverse.

use crate::indicators::prelude::*;

/// Settings of one direction.
#[derive(Debug, Clone, Copy)]
struct Speed {
    start: f64,
    step: f64,
    most: f64,
}

impl Speed {
    fn new(start: f64, step: f64, most: f64) -> Self {
        Speed {
            start: start.min(most),
            step: step.min(most),
            most,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Sar {
    up: Speed,
    down: Speed,
    start: f64,
    offset: f64,
    /// SAREXT shows a short position by a negative sign.
    signed: bool,
    previous: Option<[f64; 2]>,
    started: bool,
    long: bool,
    stop: f64,
    extreme: f64,
    speed: f64,
}
state!(Sar: previous, started, long, stop, extreme, speed);

impl Sar {
    fn new(up: Speed, down: Speed) -> Self {
        Sar {
            up,
            down,
            start: 0.0,
            offset: 0.0,
            signed: false,
            previous: None,
            started: false,
            long: true,
            stop: 0.0,
            extreme: 0.0,
            speed: 0.0,
        }
    }

    /// The first trend is up unless the first move down is the larger one.
    fn begin(&mut self, [high0, low0]: [f64; 2], high: f64, low: f64) {
        let (rise, fall) = (high - high0, low0 - low);
        self.long = if self.start == 0.0 {
            !(fall > 0.0 && fall > rise)
        } else {
            self.start > 0.0
        };
        (self.extreme, self.stop) = if self.long {
            (high, low0)
        } else {
            (low, high0)
        };
        if self.start != 0.0 {
            self.stop = self.start.abs();
        }
        self.speed = if self.long {
            self.up.start
        } else {
            self.down.start
        };
        self.started = true;
    }

    #[inline(always)]
    fn turn(&mut self, beyond: [f64; 2], high: f64, low: f64) -> f64 {
        self.long = !self.long;
        self.stop = self.bound(self.extreme, beyond);
        self.stop += if self.long { -self.offset } else { self.offset } * self.stop;
        let shown = self.stop;
        self.extreme = if self.long { high } else { low };
        self.speed = if self.long {
            self.up.start
        } else {
            self.down.start
        };
        self.stop = self.bound(self.stop + self.speed * (self.extreme - self.stop), beyond);
        shown
    }

    /// The stop never enters the last two bars.
    #[inline(always)]
    fn bound(&self, stop: f64, [before, now]: [f64; 2]) -> f64 {
        if self.long {
            smaller(smaller(stop, before), now)
        } else {
            larger(larger(stop, before), now)
        }
    }
}

impl Sar {
    /// A row of a trend under way, `before` being the row before it.
    #[inline(always)]
    fn step(&mut self, before: [f64; 2], [high, low]: [f64; 2]) -> f64 {
        let (highs, lows) = ([before[0], high], [before[1], low]);
        let hit = if self.long {
            low <= self.stop
        } else {
            high >= self.stop
        };
        if hit {
            let beyond = if self.long { highs } else { lows };
            return self.turn(beyond, high, low);
        }
        let shown = self.stop;
        // Selected, not branched on: whether a row is a new extreme nobody can foresee.
        if self.long {
            let raised = smaller(self.speed + self.up.step, self.up.most);
            self.speed = if high > self.extreme {
                raised
            } else {
                self.speed
            };
            self.extreme = larger(self.extreme, high);
            let moved = self.stop + self.speed * (self.extreme - self.stop);
            self.stop = smaller(moved, smaller(before[1], low));
        } else {
            let raised = smaller(self.speed + self.down.step, self.down.most);
            self.speed = if low < self.extreme {
                raised
            } else {
                self.speed
            };
            self.extreme = smaller(self.extreme, low);
            let moved = self.stop + self.speed * (self.extreme - self.stop);
            self.stop = larger(moved, larger(before[0], high));
        }
        shown
    }

    #[inline(always)]
    fn show(&self, shown: f64) -> f64 {
        if self.signed && !self.long {
            -shown
        } else {
            shown
        }
    }
}

#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

#[inline(always)]
fn smaller(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}

impl Kernel<2, 1> for Sar {
    fn next(&mut self, [high, low]: [f64; 2]) -> Option<[f64; 1]> {
        let mut before = self.previous.replace([high, low])?;
        if !self.started {
            self.begin(before, high, low);
            // TA-Lib takes the first bar twice.
            before = [high, low];
        }
        let shown = self.step(before, [high, low]);
        Some([self.show(shown)])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 2], outputs: [&mut [f64]; 1], _work: &mut Work) {
        let ([high, low], [out]) = settled(self, inputs, outputs, |k| k.started);
        // A copy, which the compiler keeps in registers.
        let mut sar = *self;
        let mut before = sar.previous.unwrap_or_default();
        for ((high, low), out) in high.iter().zip(low).zip(out) {
            let row = [*high, *low];
            let shown = sar.step(before, row);
            *out = sar.show(shown);
            before = row;
        }
        sar.previous = Some(before);
        *self = sar;
    }
}

const fn speed(name: &'static str, default: f64) -> Param {
    real(name, 0.0, 1e6, default)
}

pub const SAR: Definition = define(
    "sar",
    Group::Overlap,
    "Parabolic stop and reverse (Wilder 1978).",
    &[HIGH, LOW],
    &[speed("acceleration", 0.02), speed("maximum", 0.2)],
    |_| 1,
    |p| {
        let speed = Speed::new(p.x(0), p.x(0), p.x(1));
        node(Sar::new(speed, speed))
    },
);

pub const SAREXT: Definition = define(
    "sarext",
    Group::Overlap,
    "Parabolic stop and reverse with separate speeds for long and short; negative while short.",
    &[HIGH, LOW],
    &[
        real("startvalue", -1e12, 1e12, 0.0),
        speed("offsetonreverse", 0.0),
        speed("accelerationinitlong", 0.02),
        speed("accelerationlong", 0.02),
        speed("accelerationmaxlong", 0.2),
        speed("accelerationinitshort", 0.02),
        speed("accelerationshort", 0.02),
        speed("accelerationmaxshort", 0.2),
    ],
    |_| 1,
    |p| {
        let up = Speed::new(p.x(2), p.x(3), p.x(4));
        let down = Speed::new(p.x(5), p.x(6), p.x(7));
        node(Sar {
            start: p.x(0),
            offset: p.x(1),
            signed: true,
            ..Sar::new(up, down)
        })
    },
);
