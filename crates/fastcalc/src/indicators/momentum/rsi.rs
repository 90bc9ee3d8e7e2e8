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
    period: usize,
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
            period,
            previous: None,
            averages: Averages::Wilder([Wilder::new(period), Wilder::new(period)]),
        }
    }

    /// With simple averages (Cutler).
    pub fn simple(period: usize) -> Self {
        Strength {
            period,
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

    /// For rows by the eight once it [is warm](Self::is_warm), with Wilder's smoothing; to be
    /// [settled](Self::settle).
    #[inline(always)]
    pub fn chain<V: Eight>(&self) -> Option<StrengthChain<V>> {
        match &self.averages {
            Averages::Wilder([gain, loss]) => Some(StrengthChain {
                last: V::splat(self.previous.unwrap_or_default()),
                averages: [gain.chain(), loss.chain()],
            }),
            Averages::Simple(_) => None,
        }
    }

    /// Takes what a chain has come to with rows `x`.
    #[inline(always)]
    pub fn settle<V: Eight>(&mut self, chain: StrengthChain<V>, x: &[f64]) {
        if let Averages::Wilder(averages) = &mut self.averages {
            for (average, chain) in averages.iter_mut().zip(chain.averages) {
                average.settle(chain);
            }
        }
        self.previous = x.last().copied().or(self.previous);
    }

    /// Takes rows by the block once it [is warm](Self::is_warm), with simple averages: those of gains and of
    /// losses.
    #[inline(always)]
    fn simple_block<V: Eight>(
        &mut self,
        x: &[f64],
        [gain, loss]: [&mut [f64]; 2],
        [up, down]: [&mut [f64]; 2],
    ) {
        let n = x.len();
        let (up, down) = (&mut up[..n], &mut down[..n]);
        let mut last = V::splat(self.previous.unwrap_or_default());
        let mut rows = Eights::new([x], [&mut *up, &mut *down]);
        while let Some([x]) = rows.read::<V>() {
            rows.write(both_sides(x - x.after::<1>(last)));
            last = x;
        }
        if let Averages::Simple([gains, losses]) = &mut self.averages {
            gains.block::<V>(up, gain);
            losses.block::<V>(down, loss);
        }
        self.previous = x.last().copied().or(self.previous);
    }
}

impl Common<1, 2> for Strength {
    fn part(&self) -> Part {
        Part::Strength(self.period)
    }

    /// Average gains and losses of rows by the eight once it [is warm](Self::is_warm), with Wilder's smoothing.
    #[inline(always)]
    fn make<V: Eight>(&mut self, [x]: [&[f64]; 1], out: [&mut [f64]; 2]) {
        let Some(mut chain) = self.chain::<V>() else {
            unreachable!("an RSI with Wilder's smoothing")
        };
        let mut rows = Eights::new([x], out);
        while let Some([x]) = rows.read::<V>() {
            rows.write(chain.next(x));
        }
        self.settle(chain, x);
    }
}

/// [`Strength`] eight rows at a time.
pub struct StrengthChain<V> {
    /// The last eight rows.
    last: V,
    averages: [Chain<V>; 2],
}

impl<V: Eight> StrengthChain<V> {
    /// The next eight average gains and losses.
    #[inline(always)]
    pub fn next(&mut self, x: V) -> [V; 2] {
        let [up, down] = both_sides(x - x.after::<1>(self.last));
        self.last = x;
        let [gain, loss] = &mut self.averages;
        [gain.next(up), loss.next(down)]
    }
}

/// [`sides`] of eight changes.
#[inline(always)]
fn both_sides<V: Eight>(change: V) -> [V; 2] {
    let zero = V::splat(0.0);
    [
        change.where_above(zero, change, zero),
        zero.where_above(change, zero - change, zero),
    ]
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

/// [`rsi`] of eight rows.
#[inline(always)]
pub fn rsis<V: Eight>([gain, loss]: [V; 2]) -> V {
    let moved = gain + loss;
    let share = V::splat(100.0) * (gain / moved);
    moved.where_above(V::splat(STILL), share, V::splat(50.0))
}

/// [`cmo`] of eight rows.
#[inline(always)]
fn cmos<V: Eight>([gain, loss]: [V; 2]) -> V {
    let moved = gain + loss;
    let share = V::splat(100.0) * ((gain - loss) / moved);
    moved.where_above(V::splat(STILL), share, V::splat(0.0))
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

impl Rate {
    /// Of eight average gains and losses.
    #[inline(always)]
    fn of<V: Eight>(self, averages: [V; 2]) -> V {
        match self {
            Rate::Rsi => rsis(averages),
            Rate::Cmo => cmos(averages),
        }
    }
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
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([x], [out]) = settled_by_eights(self, inputs, outputs, |k| k.strength.is_warm());
        let n = out.len();
        let wilder = matches!(self.strength.averages, Averages::Wilder(_));
        if wilder && work.shares() {
            let slot = work.part(&mut self.strength, Of::Rows([&x[..n]]));
            let mut rows = Eights::new(work.part_columns(slot), [out]);
            while let Some(averages) = rows.read::<V>() {
                rows.write([self.of.of(averages)]);
            }
            return;
        }
        if let Some(mut chain) = self.strength.chain::<V>() {
            let mut rows = Eights::new([x], [out]);
            while let Some([x]) = rows.read::<V>() {
                rows.write([self.of.of(chain.next(x))]);
            }
            self.strength.settle(chain, &x[..n]);
            return;
        }
        let [gain, loss, up, down, ..] = work.columns();
        let (gain, loss) = (&mut gain[..n], &mut loss[..n]);
        self.strength
            .simple_block::<V>(&x[..n], [&mut *gain, &mut *loss], [up, down]);
        let mut rows = Eights::new([&*gain, &*loss], [out]);
        while let Some(averages) = rows.read::<V>() {
            rows.write([self.of.of(averages)]);
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
    part: |p| (p.n(1) == 0).then(|| Part::Strength(p.n(0))),
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
    part: |p| (p.n(1) == 0).then(|| Part::Strength(p.n(0))),
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
