//! Relative strength index and Chande's momentum oscillator.

use crate::indicators::overlap::sma::Sma;
use crate::indicators::prelude::*;

/// Average gain and loss, by Wilder's smoothing or plainly.
#[derive(Debug, Clone)]
enum Averages {
    Wilder([Wilder; 2]),
    Simple([Sma; 2]),
}

/// Gains against losses.
#[derive(Debug, Clone)]
pub struct Strength {
    previous: Option<f64>,
    averages: Averages,
}

impl State for Strength {
    fn save(&self, words: &mut Vec<f64>) {
        self.previous.save(words);
        match &self.averages {
            Averages::Wilder(averages) => averages.save(words),
            Averages::Simple(averages) => averages.save(words),
        }
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.previous.load(words);
        match &mut self.averages {
            Averages::Wilder(averages) => averages.load(words),
            Averages::Simple(averages) => averages.load(words),
        }
    }
}

impl Strength {
    /// With Wilder's smoothing.
    pub fn new(period: usize) -> Self {
        Strength {
            previous: None,
            averages: Averages::Wilder([Wilder::new(period), Wilder::new(period)]),
        }
    }

    /// With simple averages (Cutler).
    pub fn simple(period: usize) -> Self {
        Strength {
            previous: None,
            averages: Averages::Simple([Sma::new(period), Sma::new(period)]),
        }
    }

    /// Takes a row; average gain and average loss.
    #[inline]
    pub fn push(&mut self, x: f64) -> Option<[f64; 2]> {
        let change = x - self.previous.replace(x)?;
        let (up, down) = (change.max(0.0), (-change).max(0.0));
        let (gain, loss) = match &mut self.averages {
            Averages::Wilder([gain, loss]) => (gain.push(up), loss.push(down)),
            Averages::Simple([gain, loss]) => (gain.push(up), loss.push(down)),
        };
        Some([gain?, loss?])
    }

    /// Takes a row; 0 to 100, 50 where nothing moved.
    #[inline]
    pub fn rsi(&mut self, x: f64) -> Option<f64> {
        let [gain, loss] = self.push(x)?;
        let moved = gain + loss;
        Some(if moved > 0.0 {
            100.0 * (gain / moved)
        } else {
            50.0
        })
    }
}

struct Rsi(Strength);

impl State for Rsi {
    fn save(&self, words: &mut Vec<f64>) {
        self.0.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.0.load(words);
    }
}

impl Kernel<1, 1> for Rsi {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.0.rsi(x).map(|v| [v])
    }
}

pub const RSI: Definition = Definition {
    range: Some((0.0, 100.0)),
    ..define(
        "rsi",
        Group::Momentum,
        "Relative strength index (Wilder 1978): 100 average gain / (average gain + average loss), his smoothing or with \
         smoothing=simple plain means (Cutler); 50 where nothing moved (TA-Lib: 0, which reads as oversold).",
        &[Input::Real],
        &[period(2, 14), choice("smoothing", &["wilder", "simple"])],
        |p| p.n(0),
        |p| {
            node(Rsi(if p.n(1) == 0 {
                Strength::new(p.n(0))
            } else {
                Strength::simple(p.n(0))
            }))
        },
    )
};

struct Cmo(Strength);

impl State for Cmo {
    fn save(&self, words: &mut Vec<f64>) {
        self.0.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.0.load(words);
    }
}

impl Kernel<1, 1> for Cmo {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let [gain, loss] = self.0.push(x)?;
        let moved = gain + loss;
        Some([if moved > 0.0 {
            100.0 * ((gain - loss) / moved)
        } else {
            0.0
        }])
    }
}

pub const CMO: Definition = Definition {
    range: Some((-100.0, 100.0)),
    ..define(
        "cmo",
        Group::Momentum,
        "Chande's momentum oscillator: 100 (gain - loss) / (gain + loss), smoothed as RSI is (TA-Lib) or with \
         smoothing=simple summed as Chande does (1994); 0 where nothing moved.",
        &[Input::Real],
        &[period(2, 14), choice("smoothing", &["wilder", "simple"])],
        |p| p.n(0),
        |p| {
            node(Cmo(if p.n(1) == 0 {
                Strength::new(p.n(0))
            } else {
                Strength::simple(p.n(0))
            }))
        },
    )
};
