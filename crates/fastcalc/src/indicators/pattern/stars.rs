//! Stars: a small body apart, between two that turn.

use super::candle::Candle;
use super::prelude::*;

/// Whether the third closes into the first, by more than the penetration, against its colour.
fn turns(m: &Chart, first: &Candle, third: &Candle) -> bool {
    let reach = first.body() * m.penetration;
    first.colour() != third.colour()
        && if first.white() {
            third.close < first.close - reach
        } else {
            third.close > first.close + reach
        }
}

/// Whether the latest three are a star of a given first colour; `small` tells what the middle one must be.
fn star(m: &Chart, white: bool, small: impl Fn(&Candle) -> bool) -> bool {
    let [a, b, c] = m.candles();
    a.white() == white
        && turns(m, &a, &c)
        && b.gaps_ahead_of(&a)
        && m.long(&a)
        && small(&b)
        && m.longer_than_short(&c)
}

pattern!(
    MORNING_STAR,
    "cdlmorningstar",
    3,
    [(BodyLong, 2), (BodyShort, 1), (BodyShort, 0)],
    "Morning star (Nison 1991): a long black body, a short one gapping down, a white one closing into the first by more \
     than the penetration.",
    penetration 0.3,
    |m, [_]| bullish(star(m, false, |b| m.at_most_short(b)))
);

pattern!(
    EVENING_STAR,
    "cdleveningstar",
    3,
    [(BodyLong, 2), (BodyShort, 1), (BodyShort, 0)],
    "Evening star (Nison 1991): a long white body, a short one gapping up, a black one closing into the first by more \
     than the penetration.",
    penetration 0.3,
    |m, [_]| bearish(star(m, true, |b| m.at_most_short(b)))
);

pattern!(
    MORNING_DOJI_STAR,
    "cdlmorningdojistar",
    3,
    [(BodyLong, 2), (BodyDoji, 1), (BodyShort, 0)],
    "Morning doji star (Nison 1991): a morning star whose middle is a doji.",
    penetration 0.3,
    |m, [_]| bullish(star(m, false, |b| m.doji(b)))
);

pattern!(
    EVENING_DOJI_STAR,
    "cdleveningdojistar",
    3,
    [(BodyLong, 2), (BodyDoji, 1), (BodyShort, 0)],
    "Evening doji star (Nison 1991): an evening star whose middle is a doji.",
    penetration 0.3,
    |m, [_]| bearish(star(m, true, |b| m.doji(b)))
);

pattern!(
    ABANDONED_BABY,
    "cdlabandonedbaby",
    3,
    [(BodyLong, 2), (BodyDoji, 1), (BodyShort, 0)],
    "Abandoned baby (Nison 1991): a doji star that not even shadows touch, 100 at a bottom and -100 at a top.",
    penetration 0.3,
    |m, [a, b, c]| {
        let apart = if a.white() {
            b.leaps_above(&a) && c.leaps_below(&b)
        } else {
            b.leaps_below(&a) && c.leaps_above(&b)
        };
        let sizes = || m.long(&a) && m.doji(&b) && m.longer_than_short(&c);
        bullish(apart && turns(m, &a, &c) && sizes()) * c.colour()
    }
);
