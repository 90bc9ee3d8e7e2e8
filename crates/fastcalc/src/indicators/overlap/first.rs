//! What is made of exponential averages that start as their first row (`seed=first`, as in Tulip): each
//! average of a chain is shown, and the next one begins, where TA-Lib's would.

use crate::indicators::prelude::*;

/// How averages start: as the mean of their first rows (TA-Lib), or as the first of them.
pub const SEED: Param = choice("seed", &["sma", "first"]);

/// Place of `first` among them.
pub const FIRST: usize = 1;

/// An average that starts as its first row and is shown some rows later.
#[derive(Debug, Clone)]
struct Shown {
    average: Ema,
    hidden: usize,
}
state!(Shown: average, hidden);

impl Shown {
    fn new(period: usize, hidden: usize) -> Self {
        Shown {
            average: Ema::from_first(period),
            hidden,
        }
    }

    #[inline]
    fn push(&mut self, x: f64) -> Option<f64> {
        let value = self.average.push(x)?;
        if self.hidden > 0 {
            self.hidden -= 1;
            return None;
        }
        Some(value)
    }
}

/// A weighted sum of an average, the average of that, and so on.
struct Chain {
    averages: Vec<Shown>,
    weights: &'static [f64],
}
state!(Chain: averages);

impl Chain {
    fn new(period: usize, weights: &'static [f64]) -> Self {
        Chain {
            averages: vec![Shown::new(period, period - 1); weights.len()],
            weights,
        }
    }

    #[inline]
    fn push(&mut self, x: f64) -> Option<f64> {
        let (mut last, mut sum) = (x, 0.0);
        for (average, weight) in self.averages.iter_mut().zip(self.weights) {
            last = average.push(last)?;
            sum += weight * last;
        }
        Some(sum)
    }
}

impl Kernel<1, 1> for Chain {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.push(x).map(|v| [v])
    }
}

/// DEMA.
pub fn dema(period: usize) -> Box<dyn Stream> {
    node(Chain::new(period, &[2.0, -1.0]))
}

/// TEMA.
pub fn tema(period: usize) -> Box<dyn Stream> {
    node(Chain::new(period, &[3.0, -3.0, 1.0]))
}

struct Trix {
    smooth: Chain,
    previous: Option<f64>,
}
state!(Trix: smooth, previous);

impl Kernel<1, 1> for Trix {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let smooth = self.smooth.push(x)?;
        let before = self.previous.replace(smooth)?;
        Some([if before == 0.0 {
            0.0
        } else {
            (smooth / before - 1.0) * 100.0
        }])
    }
}

/// TRIX.
pub fn trix(period: usize) -> Box<dyn Stream> {
    node(Trix {
        smooth: Chain::new(period, &[0.0, 0.0, 1.0]),
        previous: None,
    })
}

/// Two averages, the faster first, shown when the slower has had its period.
fn pair(one: usize, two: usize) -> [Shown; 2] {
    let slow = one.max(two);
    [
        Shown::new(one.min(two), slow - 1),
        Shown::new(slow, slow - 1),
    ]
}

struct Macd {
    lines: [Shown; 2],
    signal: Ema,
}
state!(Macd: lines, signal);

impl Kernel<1, 3> for Macd {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 3]> {
        let [fast, slow] = &mut self.lines;
        let (fast, slow) = (fast.push(x), slow.push(x));
        let macd = fast? - slow?;
        let signal = self.signal.push(macd)?;
        Some([macd, signal, macd - signal])
    }
}

/// MACD, its signal from the first row of the line on.
pub fn macd(fast: usize, slow: usize, signal: usize) -> Box<dyn Stream> {
    node(Macd {
        lines: pair(fast, slow),
        signal: Ema::from_first(signal),
    })
}

struct Oscillator {
    lines: [Shown; 2],
    percent: bool,
}
state!(Oscillator: lines);

impl Kernel<1, 1> for Oscillator {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let [fast, slow] = &mut self.lines;
        let (fast, slow) = (fast.push(x), slow.push(x));
        let (fast, slow) = (fast?, slow?);
        Some([match (self.percent, slow == 0.0) {
            (false, _) => fast - slow,
            (true, true) => 0.0,
            (true, false) => (fast - slow) / slow * 100.0,
        }])
    }
}

/// APO, or with `percent` PPO, of exponential averages.
pub fn oscillator(fast: usize, slow: usize, percent: bool) -> Box<dyn Stream> {
    node(Oscillator {
        lines: pair(fast, slow),
        percent,
    })
}
