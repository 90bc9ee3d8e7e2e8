//! False breaks out of inside bars, and their confirmation.

use super::candle::Candle;
use super::prelude::*;

/// Rows in which a hikkake may be confirmed.
const PATIENCE: usize = 3;

/// A hikkake waiting for its confirmation.
#[derive(Debug, Default)]
struct Pending {
    /// 1 or -1, 0 where none is pending.
    sign: f64,
    /// Close beyond which it is confirmed.
    level: f64,
    age: usize,
}
state!(Pending: sign, level, age);

impl Pending {
    /// ±100 for a hikkake in the latest candle, ±200 for the confirmation of an earlier one.
    fn signal(&mut self, found: i32, inside: &Candle, latest: &Candle) -> i32 {
        if found != 0 {
            self.sign = f64::from(found);
            self.level = if found > 0 { inside.high } else { inside.low };
            self.age = 0;
            return 100 * found;
        }
        self.age += 1;
        if self.age > PATIENCE || self.sign * latest.close <= self.sign * self.level {
            return 0;
        }
        let confirmed = 200 * self.sign as i32;
        self.sign = 0.0;
        confirmed
    }
}

/// Whether the second lies inside the range of the first.
fn inside(outer: &Candle, inner: &Candle) -> bool {
    inner.high < outer.high && inner.low > outer.low
}

/// 1 for a break below an inside bar, -1 for one above.
fn false_break(inside: &Candle, latest: &Candle) -> i32 {
    if latest.high < inside.high && latest.low < inside.low {
        1
    } else if latest.high > inside.high && latest.low > inside.low {
        -1
    } else {
        0
    }
}

#[derive(Debug, Default)]
struct Hikkake(Pending);

impl State for Hikkake {
    fn save(&self, words: &mut Vec<f64>) {
        self.0.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.0.load(words);
    }
}

impl Rule for Hikkake {
    const CANDLES: usize = 3;
    const YARDSTICKS: &'static [Yardstick] = &[];
    const LOOKBACK: usize = 2 + Self::UNSEEN;
    const UNSEEN: usize = PATIENCE;

    fn signal(&mut self, m: &Chart) -> i32 {
        let [a, b, c] = m.candles();
        let found = if inside(&a, &b) {
            false_break(&b, &c)
        } else {
            0
        };
        self.0.signal(found, &b, &c)
    }
}

pub const HIKKAKE: Definition = declare::<Hikkake>(
    "cdlhikkake",
    "Hikkake (Chesler 2003): an inside bar and a break out of it, 100 for one below (bullish) and -100 for one above; 200 \
     or -200 where one of the next three closes is beyond the other end of the inside bar.",
    &[],
);

#[derive(Debug, Default)]
struct ModifiedHikkake(Pending);

impl State for ModifiedHikkake {
    fn save(&self, words: &mut Vec<f64>) {
        self.0.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.0.load(words);
    }
}

impl Rule for ModifiedHikkake {
    const CANDLES: usize = 4;
    const YARDSTICKS: &'static [Yardstick] = &[(Near, 2)];
    const LOOKBACK: usize = Near.period() + 2 + Self::UNSEEN;
    const UNSEEN: usize = PATIENCE;

    fn signal(&mut self, m: &Chart) -> i32 {
        let [a, b, c, d] = m.candles();
        let narrows = inside(&a, &b) && inside(&b, &c);
        let found = match if narrows { false_break(&c, &d) } else { 0 } {
            1 if b.close <= b.low + m.near(&b) => 1,
            -1 if b.close >= b.high - m.near(&b) => -1,
            _ => 0,
        };
        self.0.signal(found, &c, &d)
    }
}

pub const HIKKAKE_MODIFIED: Definition = declare::<ModifiedHikkake>(
    "cdlhikkakemod",
    "Modified hikkake (Chesler 2003): two bars each inside the one before, the first of them closing near its low (high), \
     and a break below (above); signs and confirmation as in cdlhikkake.",
    &[],
);
