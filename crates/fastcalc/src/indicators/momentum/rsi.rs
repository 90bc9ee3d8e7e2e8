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
        let [up, down] = sides(x - self.previous.replace(x)?);
        let (gain, loss) = match &mut self.averages {
            Averages::Wilder([gain, loss]) => (gain.push(up), loss.push(down)),
            Averages::Simple([gain, loss]) => (gain.push(up), loss.push(down)),
        };
        Some([gain?, loss?])
    }

    /// Takes a row; 0 to 100, 50 where nothing moved.
    #[inline]
    pub fn rsi(&mut self, x: f64) -> Option<f64> {
        self.push(x).map(|[gain, loss]| rsi(gain, loss))
    }

    /// Whether there are averages at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.previous.is_some()
            && match &self.averages {
                Averages::Wilder([gain, _]) => gain.is_warm(),
                Averages::Simple([gain, _]) => gain.is_warm(),
            }
    }

    /// Takes rows once it [is warm](Self::is_warm); average gains and losses.
    #[inline(always)]
    pub fn block(
        &mut self,
        x: &[f64],
        [gain, loss]: [&mut [f64]; 2],
        [up, down, work]: [&mut [f64]; 3],
    ) {
        let n = x.len();
        let Some(last) = x.last() else {
            return;
        };
        let (up, down) = (&mut up[..n], &mut down[..n]);
        [up[0], down[0]] = sides(x[0] - self.previous.unwrap_or_default());
        for i in 1..n {
            [up[i], down[i]] = sides(x[i] - x[i - 1]);
        }
        self.previous = Some(*last);
        let (gain, loss) = (&mut gain[..n], &mut loss[..n]);
        match &mut self.averages {
            Averages::Wilder([gains, losses]) => {
                gains.block(up, gain, work);
                losses.block(down, loss, work);
            }
            Averages::Simple([gains, losses]) => {
                gains.block::<false>(up, gain);
                losses.block::<false>(down, loss);
            }
        }
    }
}

/// A change upwards and downwards, one of them 0.
#[inline(always)]
pub fn sides(change: f64) -> [f64; 2] {
    [
        if change > 0.0 { change } else { 0.0 },
        if change < 0.0 { -change } else { 0.0 },
    ]
}

/// Averages fade where nothing moves; before they lose their last digits, nothing has moved.
pub const STILL: f64 = 1e-280;

#[inline(always)]
pub fn rsi(gain: f64, loss: f64) -> f64 {
    let moved = gain + loss;
    let share = 100.0 * (gain / moved);
    if moved > STILL { share } else { 50.0 }
}

#[inline(always)]
fn cmo(gain: f64, loss: f64) -> f64 {
    let moved = gain + loss;
    let share = 100.0 * ((gain - loss) / moved);
    if moved > STILL { share } else { 0.0 }
}

/// Something made of both averages.
struct Rated {
    strength: Strength,
    of: Rate,
}
state!(Rated: strength);

/// Which.
#[derive(Clone, Copy)]
enum Rate {
    Rsi,
    Cmo,
}

impl Kernel<1, 1> for Rated {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let [gain, loss] = self.strength.push(x)?;
        Some([match self.of {
            Rate::Rsi => rsi(gain, loss),
            Rate::Cmo => cmo(gain, loss),
        }])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<const FMA: bool>(
        &mut self,
        inputs: [&[f64]; 1],
        outputs: [&mut [f64]; 1],
        work: &mut Work,
    ) {
        let ([x], [out]) = settled(self, inputs, outputs, |k| k.strength.is_warm());
        let [gain, loss, up, down, a, ..] = work.columns();
        self.strength.block(x, [gain, loss], [up, down, a]);
        let n = out.len();
        let (gain, loss) = (&gain[..n], &loss[..n]);
        match self.of {
            Rate::Rsi => {
                for i in 0..n {
                    out[i] = rsi(gain[i], loss[i]);
                }
            }
            Rate::Cmo => {
                for i in 0..n {
                    out[i] = cmo(gain[i], loss[i]);
                }
            }
        }
    }
}

fn rated(p: &Params, of: Rate) -> Box<dyn Stream> {
    let strength = if p.n(1) == 0 {
        Strength::new(p.n(0))
    } else {
        Strength::simple(p.n(0))
    };
    node(Rated { strength, of })
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
        |p| rated(p, Rate::Rsi),
    )
};

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
        |p| rated(p, Rate::Cmo),
    )
};
