//! What a candlestick pattern is, and how it becomes an indicator.

use super::chart::{Chart, Yardstick};
use crate::indicators::prelude::*;

/// A pattern: when it is there.
pub trait Rule: State + Default + Send + Sync + 'static {
    /// Candles of the pattern.
    const CANDLES: usize;
    /// All yardsticks it uses.
    const YARDSTICKS: &'static [Yardstick];
    /// Rows before its first output: the longest window and the candles before the last (TA-Lib).
    const LOOKBACK: usize = longest(Self::YARDSTICKS) + Self::CANDLES - 1;
    /// Rows it is looked for in before that, without output.
    const UNSEEN: usize = 0;

    /// 100 where a bullish pattern ends in the latest candle, -100 for a bearish one, otherwise 0.
    fn signal(&mut self, chart: &Chart) -> i32;
}

const fn longest(yardsticks: &[Yardstick]) -> usize {
    let (mut at, mut most) = (0, 0);
    while at < yardsticks.len() {
        let period = yardsticks[at].0.period();
        if period > most {
            most = period;
        }
        at += 1;
    }
    most
}

/// A pattern being looked for.
struct Search<R> {
    rule: R,
    chart: Chart,
    /// Rows left without output.
    unseen: usize,
}
state!(Search<R: Rule>: rule, chart, unseen);

impl<R: Rule> Kernel<4, 1> for Search<R> {
    #[inline]
    fn next(&mut self, row: [f64; 4]) -> Option<[f64; 1]> {
        let ready = self.chart.push(row);
        let signal = ready.then(|| self.rule.signal(&self.chart));
        self.chart.advance();
        let signal = signal?;
        if self.unseen > 0 {
            self.unseen -= 1;
            return None;
        }
        Some([f64::from(signal)])
    }
}

/// 100 where it holds.
#[inline]
pub fn bullish(holds: bool) -> i32 {
    if holds { 100 } else { 0 }
}

/// -100 where it holds.
#[inline]
pub fn bearish(holds: bool) -> i32 {
    -bullish(holds)
}

/// The definition of a pattern.
pub const fn declare<R: Rule>(
    name: &'static str,
    about: &'static str,
    params: &'static [Param],
) -> Definition {
    Definition {
        outputs: &["integer"],
        range: Some((-200.0, 200.0)),
        ..define(
            name,
            Group::Pattern,
            about,
            &[OPEN, HIGH, LOW, CLOSE],
            params,
            |_| R::LOOKBACK,
            |p| {
                let penetration = p.values().first().copied().unwrap_or(0.0);
                node(Search {
                    rule: R::default(),
                    chart: Chart::new(R::YARDSTICKS, R::LOOKBACK - R::UNSEEN, penetration),
                    unseen: R::UNSEEN,
                })
            },
        )
    }
}

/// `pattern!(NAME, "cdl…", candles, [yardsticks], "about", |chart, [first, second]| signal)`: a
/// pattern without memory; `penetration 0.3` before the closure gives it that parameter.
macro_rules! pattern {
    (
        $constant:ident, $name:literal, $candles:literal, [$($yardstick:expr),*], $about:expr,
        $(penetration $default:literal,)? |$chart:ident, $last:pat_param| $signal:expr
    ) => {
        pub const $constant: Definition = {
            #[derive(Default)]
            struct Stateless;
            state!(Stateless:);
            impl Rule for Stateless {
                const CANDLES: usize = $candles;
                const YARDSTICKS: &'static [Yardstick] = &[$($yardstick),*];
                #[inline]
                fn signal(&mut self, $chart: &Chart) -> i32 {
                    let $last = $chart.candles();
                    $signal
                }
            }
            declare::<Stateless>($name, $about, &[$(real("penetration", 0.0, 3e37, $default))?])
        };
    };
}
pub(super) use pattern;
