//! Coppock curve and Know sure thing: averages of rates of change.

use crate::indicators::overlap::{sma::Sma, wma::Wma};
use crate::indicators::prelude::*;

/// Rate of change in percent, 0 from 0.
fn percent(x: f64, before: f64) -> f64 {
    if before == 0.0 {
        0.0
    } else {
        (x / before - 1.0) * 100.0
    }
}

struct Coppock {
    delays: [Delay; 2],
    average: Wma,
}
state!(Coppock: delays, average);

impl Kernel<1, 1> for Coppock {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let [long, short] = &mut self.delays;
        let long = long.push(x);
        let short = short.push(x);
        self.average
            .push(percent(x, long?) + percent(x, short?))
            .map(|v| [v])
    }
}

pub const COPPOCK: Definition = define(
    "coppock",
    Group::Momentum,
    "Coppock curve (1962): WMA of the sum of two rates of change in percent.",
    &[Input::Real],
    &[
        whole("longroc", 1, 14),
        whole("shortroc", 1, 11),
        whole("wmaperiod", 1, 10),
    ],
    |p| p.n(0).max(p.n(1)) + p.n(2) - 1,
    |p| {
        node(Coppock {
            delays: [Delay::new(p.n(0)), Delay::new(p.n(1))],
            average: Wma::new(p.n(2)),
        })
    },
);

struct Kst {
    delays: [Delay; 4],
    averages: [Sma; 4],
    signal: Sma,
}
state!(Kst: delays, averages, signal);

impl Kernel<1, 2> for Kst {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 2]> {
        let (mut sum, mut full) = (0.0, true);
        for at in 0..4 {
            let before = self.delays[at].push(x);
            match before.and_then(|before| self.averages[at].push(percent(x, before))) {
                Some(average) => sum += (at + 1) as f64 * average,
                None => full = false,
            }
        }
        let signal = full.then(|| self.signal.push(sum))??;
        Some([sum, signal])
    }
}

pub const KST: Definition = Definition {
    outputs: &["kst", "signal"],
    ..define(
        "kst",
        Group::Momentum,
        "Know sure thing (Pring 1992): averages of four rates of change in percent, weighted 1 to 4, and their average.",
        &[Input::Real],
        &[
            whole("roc1", 1, 10),
            whole("roc2", 1, 15),
            whole("roc3", 1, 20),
            whole("roc4", 1, 30),
            whole("sma1", 1, 10),
            whole("sma2", 1, 10),
            whole("sma3", 1, 10),
            whole("sma4", 1, 15),
            whole("signalperiod", 1, 9),
        ],
        |p| {
            (0..4)
                .map(|at| p.n(at) + p.n(at + 4) - 1)
                .fold(0, usize::max)
                + p.n(8)
                - 1
        },
        |p| {
            node(Kst {
                delays: std::array::from_fn(|at| Delay::new(p.n(at))),
                averages: std::array::from_fn(|at| Sma::new(p.n(at + 4))),
                signal: Sma::new(p.n(8)),
            })
        },
    )
};
