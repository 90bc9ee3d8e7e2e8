//! Moving average convergence and divergence, and price oscillators.

use crate::indicators::overlap::first::{self, FIRST, SEED};
use crate::indicators::overlap::moving_average::{MovingAverage, ma_lookback, ma_type};
use crate::indicators::prelude::*;

/// Either a moving average or an EMA of a given weight.
enum Line1 {
    Average(MovingAverage),
    Weight(Ema),
}

impl Line1 {
    #[inline]
    fn push(&mut self, x: f64) -> Option<f64> {
        match self {
            Line1::Average(average) => average.push(x),
            Line1::Weight(average) => average.push(x),
        }
    }
}

impl Line1 {
    #[inline(always)]
    fn is_warm(&self) -> bool {
        match self {
            Line1::Average(average) => average.is_warm(),
            Line1::Weight(average) => average.is_warm(),
        }
    }

    #[inline(always)]
    fn block<V: Eight>(&mut self, x: &[f64], out: &mut [f64], work: &mut [f64]) {
        match self {
            Line1::Average(average) => average.block::<V>(x, out, work),
            Line1::Weight(average) => average.block::<V>(x, out),
        }
    }

    /// Where it is an exponential average.
    #[inline(always)]
    fn ema(&mut self) -> Option<&mut Ema> {
        match self {
            Line1::Average(average) => average.ema(),
            Line1::Weight(average) => Some(average),
        }
    }
}

impl State for Line1 {
    fn save(&self, words: &mut Vec<f64>) {
        match self {
            Line1::Average(average) => average.save(words),
            Line1::Weight(average) => average.save(words),
        }
    }
    fn load(&mut self, words: &mut Words<'_>) {
        match self {
            Line1::Average(average) => average.load(words),
            Line1::Weight(average) => average.load(words),
        }
    }
}

struct Macd {
    fast: Line1,
    slow: Line1,
    signal: MovingAverage,
    /// Rows until each starts, so that both give their first value together (TA-Lib).
    waits: [usize; 2],
}
state!(Macd: fast, slow, signal, waits);

impl Kernel<1, 3> for Macd {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 3]> {
        let [wait_fast, wait_slow] = &mut self.waits;
        let push = |wait: &mut usize, line: &mut Line1| {
            if *wait > 0 {
                *wait -= 1;
                return None;
            }
            line.push(x)
        };
        let fast = push(wait_fast, &mut self.fast);
        let slow = push(wait_slow, &mut self.slow);
        let macd = fast? - slow?;
        let signal = self.signal.push(macd)?;
        Some([macd, signal, macd - signal])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 3], work: &mut Work) {
        let ([x], [macd, signal, histogram]) = settled_by_eights(self, inputs, outputs, |k| {
            k.waits == [0; 2] && k.fast.is_warm() && k.slow.is_warm() && k.signal.is_warm()
        });
        let n = x.len();
        if let (Some(fast), Some(slow), Some(average)) =
            (self.fast.ema(), self.slow.ema(), self.signal.ema())
        {
            let (mut one, mut two) = (fast.chain::<V>(), slow.chain());
            let mut smooth = average.chain();
            let mut rows = Eights::new([x], [macd, signal, histogram]);
            while let Some([x]) = rows.read::<V>() {
                let macd = one.next(x) - two.next(x);
                let signal = smooth.next(macd);
                rows.write([macd, signal, macd - signal]);
            }
            fast.settle(one);
            slow.settle(two);
            average.settle(smooth);
            return;
        }
        let [a, slow, ..] = work.columns();
        let slow = &mut slow[..n];
        self.fast.block::<V>(x, macd, a);
        self.slow.block::<V>(x, slow, a);
        for i in 0..n {
            macd[i] -= slow[i];
        }
        self.signal.block::<V>(macd, signal, a);
        for i in 0..n {
            histogram[i] = macd[i] - signal[i];
        }
    }
}

/// (fast period, fast type, slow period, slow type), in this order whatever the caller's.
fn ordered(fast: (usize, usize), slow: (usize, usize)) -> [(usize, usize); 2] {
    if slow.0 < fast.0 {
        [slow, fast]
    } else {
        [fast, slow]
    }
}

fn macd(fast: (usize, usize), slow: (usize, usize), signal: (usize, usize)) -> Macd {
    let [fast, slow] = ordered(fast, slow);
    let (a, b) = (ma_lookback(fast.0, fast.1), ma_lookback(slow.0, slow.1));
    Macd {
        fast: Line1::Average(MovingAverage::new(fast.0, fast.1)),
        slow: Line1::Average(MovingAverage::new(slow.0, slow.1)),
        signal: MovingAverage::new(signal.0, signal.1),
        waits: [a.max(b) - a, a.max(b) - b],
    }
}

const OUTPUTS: &[&str] = &["macd", "macdsignal", "macdhist"];
const EMA: usize = 1;

pub const MACD: Definition = Definition {
    outputs: OUTPUTS,
    ..define(
        "macd",
        Group::Momentum,
        "Moving average convergence/divergence (Appel 1979): fast EMA - slow EMA, its EMA as the signal, and their \
         difference. Both EMAs give their first value together (TA-Lib). A signal period of 1, where TA-Lib is a row off, is no \
         smoothing. With seed=first averages start as their first row, the signal with the first row of the line.",
        &[Input::Real],
        &[
            whole("fastperiod", 2, 12),
            whole("slowperiod", 2, 26),
            whole("signalperiod", 1, 9),
            SEED,
        ],
        |p| {
            let line = p.n(0).max(p.n(1)) - 1;
            if p.n(3) == FIRST {
                line
            } else {
                line + p.n(2) - 1
            }
        },
        |p| match p.n(3) {
            FIRST => first::macd(p.n(0), p.n(1), p.n(2)),
            _ => node(macd((p.n(0), EMA), (p.n(1), EMA), (p.n(2), EMA))),
        },
    )
};

pub const MACDEXT: Definition = Definition {
    outputs: OUTPUTS,
    ..define(
        "macdext",
        Group::Momentum,
        "MACD with moving averages of chosen types.",
        &[Input::Real],
        &[
            whole("fastperiod", 2, 12),
            ma_type("fastmatype", 0),
            whole("slowperiod", 2, 26),
            ma_type("slowmatype", 0),
            whole("signalperiod", 1, 9),
            ma_type("signalmatype", 0),
        ],
        |p| {
            ma_lookback(p.n(0), p.n(1)).max(ma_lookback(p.n(2), p.n(3)))
                + ma_lookback(p.n(4), p.n(5))
        },
        |p| node(macd((p.n(0), p.n(1)), (p.n(2), p.n(3)), (p.n(4), p.n(5)))),
    )
};

pub const MACDFIX: Definition = Definition {
    outputs: OUTPUTS,
    ..define(
        "macdfix",
        Group::Momentum,
        "MACD of 12 and 26 rows with rounded weights .15 and .075 (Appel 1979).",
        &[Input::Real],
        &[whole("signalperiod", 1, 9)],
        |p| 25 + p.n(0) - 1,
        |p| {
            node(Macd {
                fast: Line1::Weight(Ema::with_weight(0.15, 12)),
                slow: Line1::Weight(Ema::with_weight(0.075, 26)),
                signal: MovingAverage::new(p.n(0), EMA),
                waits: [14, 0],
            })
        },
    )
};

struct Oscillator {
    fast: MovingAverage,
    slow: MovingAverage,
    percent: bool,
}
state!(Oscillator: fast, slow);

impl Kernel<1, 1> for Oscillator {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let (fast, slow) = (self.fast.push(x), self.slow.push(x));
        let (fast, slow) = (fast?, slow?);
        Some([match (self.percent, slow == 0.0) {
            (false, _) => fast - slow,
            (true, true) => 0.0,
            (true, false) => (fast - slow) / slow * 100.0,
        }])
    }
}

fn oscillator(p: &Params, percent: bool) -> Box<dyn Stream> {
    if p.n(3) == FIRST {
        return first::oscillator(p.n(0), p.n(1), percent);
    }
    let [fast, slow] = ordered((p.n(0), p.n(2)), (p.n(1), p.n(2)));
    node(Oscillator {
        fast: MovingAverage::new(fast.0, fast.1),
        slow: MovingAverage::new(slow.0, slow.1),
        percent,
    })
}

const fn of_prices(
    name: &'static str,
    about: &'static str,
    build: fn(&Params) -> Box<dyn Stream>,
) -> Definition {
    Definition {
        constraint: |p| {
            (p.n(3) == FIRST && p.n(2) != EMA).then_some(("seed", "sma unless matype is ema"))
        },
        ..define(
            name,
            Group::Momentum,
            about,
            &[Input::Real],
            const {
                &[
                    whole("fastperiod", 2, 12),
                    whole("slowperiod", 2, 26),
                    ma_type("matype", 0),
                    SEED,
                ]
            },
            |p| ma_lookback(p.n(0).max(p.n(1)), p.n(2)),
            build,
        )
    }
}

pub const APO: Definition = of_prices(
    "apo",
    "Absolute price oscillator: fast minus slow moving average; with seed=first EMAs start as their first row.",
    |p| oscillator(p, false),
);
pub const PPO: Definition = of_prices(
    "ppo",
    "Percentage price oscillator: 100 (fast - slow) / slow; 0 where the slow average is 0. With seed=first EMAs \
     start as their first row.",
    |p| oscillator(p, true),
);
