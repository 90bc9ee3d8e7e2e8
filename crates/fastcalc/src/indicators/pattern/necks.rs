//! Two candles of opposite colour, told by where the second closes or opens.

use super::prelude::*;

pattern!(
    PIERCING,
    "cdlpiercing",
    2,
    [(BodyLong, 1), (BodyLong, 0)],
    "Piercing line (Nison 1991): after a long black body a long white one that opens below its low and closes in its \
     upper half.",
    |m, [a, b]| {
        let pierces = b.open < a.low && b.close < a.open && b.close > a.close + a.body() * 0.5;
        bullish(a.black() && b.white() && pierces && m.long(&a) && m.long(&b))
    }
);

pattern!(
    DARK_CLOUD_COVER,
    "cdldarkcloudcover",
    2,
    [(BodyLong, 1)],
    "Dark cloud cover (Nison 1991): after a long white body a black one that opens above its high and closes within it, \
     by more than the penetration.",
    penetration 0.5,
    |m, [a, b]| {
        let covers = b.open > a.high
            && b.close > a.open
            && b.close < a.close - a.body() * m.penetration;
        bearish(a.white() && b.black() && covers && m.long(&a))
    }
);

pattern!(
    IN_NECK,
    "cdlinneck",
    2,
    [(BodyLong, 1), (Equal, 1)],
    "In-neck (Nison 1991): after a long black body a white one that opens below its low and closes at its close or just \
     above.",
    |m, [a, b]| {
        let close = || b.close >= a.close && m.equal(b.close, a.close, &a);
        bearish(a.black() && b.white() && b.open < a.low && m.long(&a) && close())
    }
);

pattern!(
    ON_NECK,
    "cdlonneck",
    2,
    [(BodyLong, 1), (Equal, 1)],
    "On-neck (Nison 1991): after a long black body a white one that opens below its low and closes at its low.",
    |m, [a, b]| {
        let close = || m.equal(b.close, a.low, &a);
        bearish(a.black() && b.white() && b.open < a.low && m.long(&a) && close())
    }
);

pattern!(
    THRUSTING,
    "cdlthrusting",
    2,
    [(BodyLong, 1), (Equal, 1)],
    "Thrusting (Nison 1991): after a long black body a white one that opens below its low and closes in its lower half.",
    |m, [a, b]| {
        let close =
            || b.close > a.close + m.yardstick(Equal, &a) && b.close <= a.close + a.body() * 0.5;
        bearish(a.black() && b.white() && b.open < a.low && m.long(&a) && close())
    }
);

pattern!(
    COUNTERATTACK,
    "cdlcounterattack",
    2,
    [(BodyLong, 1), (BodyLong, 0), (Equal, 1)],
    "Counterattack (Nison 1991): two long bodies of opposite colours with equal closes; the sign is the second one's.",
    |m, [a, b]| {
        let opposite = a.colour() != b.colour();
        let equal = || m.equal(b.close, a.close, &a);
        bullish(opposite && m.long(&a) && m.long(&b) && equal()) * b.colour()
    }
);

pattern!(
    SEPARATING_LINES,
    "cdlseparatinglines",
    2,
    [(ShadowVeryShort, 0), (BodyLong, 0), (Equal, 1)],
    "Separating lines (Nison 1991): a belt hold with the open of a candle of the opposite colour before it.",
    |m, [a, b]| {
        let from_the_end = || {
            if b.white() {
                m.footless(&b)
            } else {
                m.bald(&b)
            }
        };
        let equal = || m.equal(b.open, a.open, &a);
        bullish(a.colour() != b.colour() && equal() && m.long(&b) && from_the_end()) * b.colour()
    }
);

pattern!(
    MATCHING_LOW,
    "cdlmatchinglow",
    2,
    [(Equal, 1)],
    "Matching low (Nison 1994): two black candles with equal closes.",
    |m, [a, b]| bullish(a.black() && b.black() && m.equal(b.close, a.close, &a))
);

pattern!(
    STICK_SANDWICH,
    "cdlsticksandwich",
    3,
    [(Equal, 2)],
    "Stick sandwich (Morris 1992): two black candles with equal closes, between them a white one that stays above the \
     first close.",
    |m, [a, b, c]| {
        let colours = a.black() && b.white() && c.black();
        bullish(colours && b.low > a.close && m.equal(c.close, a.close, &a))
    }
);
