//! Single candles told by the lengths of body and shadows; the sign is the colour's.

use super::prelude::*;

pattern!(
    BELT_HOLD,
    "cdlbelthold",
    1,
    [(BodyLong, 0), (ShadowVeryShort, 0)],
    "Belt hold (Nison 1991): a long body that starts at the end of its candle: white without lower, black without \
     upper shadow.",
    |m, [c]| {
        let from_the_end = || {
            if c.white() {
                m.footless(&c)
            } else {
                m.bald(&c)
            }
        };
        bullish(m.long(&c) && from_the_end()) * c.colour()
    }
);

pattern!(
    CLOSING_MARUBOZU,
    "cdlclosingmarubozu",
    1,
    [(BodyLong, 0), (ShadowVeryShort, 0)],
    "Closing marubozu (Nison 1991): a long body that ends at the end of its candle: white without upper, black without lower shadow.",
    |m, [c]| {
        let to_the_end = || {
            if c.white() {
                m.bald(&c)
            } else {
                m.footless(&c)
            }
        };
        bullish(m.long(&c) && to_the_end()) * c.colour()
    }
);

pattern!(
    MARUBOZU,
    "cdlmarubozu",
    1,
    [(BodyLong, 0), (ShadowVeryShort, 0)],
    "Marubozu (Nison 1991): a long body without shadows.",
    |m, [c]| bullish(m.long(&c) && m.bald(&c) && m.footless(&c)) * c.colour()
);

pattern!(
    LONG_LINE,
    "cdllongline",
    1,
    [(BodyLong, 0), (ShadowShort, 0)],
    "Long line (Nison 1991): a long body with short shadows.",
    |m, [c]| {
        let short = m.yardstick(ShadowShort, &c);
        bullish(m.long(&c) && c.upper() < short && c.lower() < short) * c.colour()
    }
);

pattern!(
    SHORT_LINE,
    "cdlshortline",
    1,
    [(BodyShort, 0), (ShadowShort, 0)],
    "Short line (Nison 1991): a short body with short shadows.",
    |m, [c]| {
        let short = m.yardstick(ShadowShort, &c);
        bullish(m.short(&c) && c.upper() < short && c.lower() < short) * c.colour()
    }
);

pattern!(
    HIGH_WAVE,
    "cdlhighwave",
    1,
    [(BodyShort, 0)],
    "High wave (Nison 1994): a short body with very long shadows.",
    |m, [c]| {
        let long = m.yardstick(ShadowVeryLong, &c);
        bullish(m.short(&c) && c.upper() > long && c.lower() > long) * c.colour()
    }
);

pattern!(
    SPINNING_TOP,
    "cdlspinningtop",
    1,
    [(BodyShort, 0)],
    "Spinning top (Nison 1991): a short body with shadows longer than it.",
    |m, [c]| bullish(m.short(&c) && c.upper() > c.body() && c.lower() > c.body()) * c.colour()
);
