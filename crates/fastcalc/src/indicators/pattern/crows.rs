//! Black candles after a rise.

use super::candle::Candle;
use super::prelude::*;

pattern!(
    TWO_CROWS,
    "cdl2crows",
    3,
    [(BodyLong, 2)],
    "Two crows (Morris 1992): a long white body, a black one gapping up, a black one that opens in the second and closes \
     in the first.",
    |m, [a, b, c]| {
        let colours = a.white() && b.black() && c.black();
        bearish(colours && b.gaps_above(&a) && b.holds(c.open) && a.holds(c.close) && m.long(&a))
    }
);

pattern!(
    UPSIDE_GAP_TWO_CROWS,
    "cdlupsidegap2crows",
    3,
    [(BodyLong, 2), (BodyShort, 1)],
    "Upside gap two crows (Nison 1991): a long white body, a short black one gapping up, a black one that covers the \
     second and closes above the first.",
    |m, [a, b, c]| {
        let colours = a.white() && b.black() && c.black();
        let covers = b.within(&c) && c.close > a.close;
        bearish(colours && b.gaps_above(&a) && covers && m.long(&a) && m.at_most_short(&b))
    }
);

/// Three black candles without lower shadows, each closing lower.
fn decline(m: &Chart, last: &[Candle; 3]) -> bool {
    let [a, b, c] = last;
    a.close > b.close && b.close > c.close && last.iter().all(|x| x.black() && m.footless(x))
}

pattern!(
    THREE_BLACK_CROWS,
    "cdl3blackcrows",
    4,
    [
        (ShadowVeryShort, 2),
        (ShadowVeryShort, 1),
        (ShadowVeryShort, 0)
    ],
    "Three black crows (Nison 1991): after a white candle three black ones without lower shadows closing lower and \
     lower, each opening in the body before, the first closing below the white one's high.",
    |m, [white, a, b, c]| {
        let opens = white.white() && white.high > a.close && a.holds(b.open) && b.holds(c.open);
        bearish(opens && decline(m, &[a, b, c]))
    }
);

pattern!(
    IDENTICAL_THREE_CROWS,
    "cdlidentical3crows",
    3,
    [
        (ShadowVeryShort, 2),
        (ShadowVeryShort, 1),
        (ShadowVeryShort, 0),
        (Equal, 2),
        (Equal, 1)
    ],
    "Identical three crows (Morris 1992): three black candles without lower shadows closing lower and lower, each \
     opening at the close before.",
    |m, last| {
        let [a, b, c] = last;
        let opens = || m.equal(b.open, a.close, &a) && m.equal(c.open, b.close, &b);
        bearish(decline(m, &last) && opens())
    }
);
