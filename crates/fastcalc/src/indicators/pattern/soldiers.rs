//! Three white candles, each closing higher.

use super::candle::Candle;
use super::prelude::*;

fn advance([a, b, c]: &[Candle; 3]) -> bool {
    a.white() && b.white() && c.white() && c.close > b.close && b.close > a.close
}

/// Whether a candle opens inside the body before it, or near above.
fn opens_near(m: &Chart, before: &Candle, candle: &Candle) -> bool {
    candle.open > before.open && candle.open <= before.close + m.near(before)
}

pattern!(
    THREE_WHITE_SOLDIERS,
    "cdl3whitesoldiers",
    3,
    [
        (ShadowVeryShort, 2),
        (ShadowVeryShort, 1),
        (ShadowVeryShort, 0),
        (Near, 2),
        (Near, 1),
        (Far, 2),
        (Far, 1),
        (BodyShort, 0)
    ],
    "Three advancing white soldiers (Nison 1991): three white candles closing higher and higher without upper shadows, \
     opening in or near the body before, none far shorter than the one before.",
    |m, last| {
        let [a, b, c] = last;
        let holds = || {
            last.iter().all(|candle| m.bald(candle))
                && opens_near(m, &a, &b)
                && opens_near(m, &b, &c)
                && b.body() > a.body() - m.far(&a)
                && c.body() > b.body() - m.far(&b)
                && m.longer_than_short(&c)
        };
        bullish(advance(&last) && holds())
    }
);

pattern!(
    ADVANCE_BLOCK,
    "cdladvanceblock",
    3,
    [
        (Near, 2),
        (Near, 1),
        (Far, 2),
        (Far, 1),
        (BodyLong, 2),
        (ShadowShort, 2),
        (ShadowShort, 1),
        (ShadowShort, 0)
    ],
    "Advance block (Nison 1991): three white candles closing higher and higher, opening in or near the body before, \
     the first long with a short upper shadow, the later ones weaker: shorter, or with longer upper shadows.",
    |m, last| {
        let [a, b, c] = last;
        let starts = || {
            opens_near(m, &a, &b)
                && opens_near(m, &b, &c)
                && m.long(&a)
                && a.upper() < m.yardstick(ShadowShort, &a)
        };
        let long_upper = |candle: &Candle| candle.upper() > m.yardstick(ShadowShort, candle);
        let shrinks = c.body() < b.body();
        let weakens = || {
            let second_far_shorter =
                b.body() < a.body() - m.far(&a) && c.body() < b.body() + m.near(&b);
            second_far_shorter
                || c.body() < b.body() - m.far(&b)
                || (shrinks && b.body() < a.body() && (long_upper(&c) || long_upper(&b)))
                || (shrinks && m.long_upper(&c))
        };
        bearish(advance(&last) && starts() && weakens())
    }
);

pattern!(
    STALLED_PATTERN,
    "cdlstalledpattern",
    3,
    [
        (BodyLong, 2),
        (BodyLong, 1),
        (BodyShort, 0),
        (ShadowVeryShort, 1),
        (Near, 2),
        (Near, 1)
    ],
    "Stalled pattern or deliberation (Nison 1991): three white candles closing higher and higher, two long ones and a \
     short one on the shoulder of the second, which has no upper shadow.",
    |m, last| {
        let [a, b, c] = last;
        let holds = || {
            m.long(&a)
                && m.long(&b)
                && m.bald(&b)
                && opens_near(m, &a, &b)
                && m.short(&c)
                && c.open >= b.close - c.body() - m.near(&b)
        };
        bearish(advance(&last) && holds())
    }
);
