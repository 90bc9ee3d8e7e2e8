//! Short bodies with one long shadow, told apart by where they stand to the candle before.

use super::prelude::*;

pattern!(
    HAMMER,
    "cdlhammer",
    2,
    [(BodyShort, 0), (ShadowVeryShort, 0), (Near, 1)],
    "Hammer (Nison 1991): a short body without upper and with a long lower shadow, near or below the low before it.",
    |m, [a, b]| {
        let low = || b.bottom() <= a.low + m.near(&a);
        bullish(m.short(&b) && m.long_lower(&b) && m.bald(&b) && low())
    }
);

pattern!(
    HANGING_MAN,
    "cdlhangingman",
    2,
    [(BodyShort, 0), (ShadowVeryShort, 0), (Near, 1)],
    "Hanging man (Nison 1991): a short body without upper and with a long lower shadow, near or above the high before \
     it.",
    |m, [a, b]| {
        let high = || b.bottom() >= a.high - m.near(&a);
        bearish(m.short(&b) && m.long_lower(&b) && m.bald(&b) && high())
    }
);

pattern!(
    INVERTED_HAMMER,
    "cdlinvertedhammer",
    2,
    [(BodyShort, 0), (ShadowVeryShort, 0)],
    "Inverted hammer (Nison 1991): a short body without lower and with a long upper shadow, gapping down.",
    |m, [a, b]| bullish(m.short(&b) && m.long_upper(&b) && m.footless(&b) && b.gaps_below(&a))
);

pattern!(
    SHOOTING_STAR,
    "cdlshootingstar",
    2,
    [(BodyShort, 0), (ShadowVeryShort, 0)],
    "Shooting star (Nison 1991): a short body without lower and with a long upper shadow, gapping up.",
    |m, [a, b]| bearish(m.short(&b) && m.long_upper(&b) && m.footless(&b) && b.gaps_above(&a))
);
