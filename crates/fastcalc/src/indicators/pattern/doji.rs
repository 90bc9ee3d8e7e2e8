//! Candles without a body to speak of.

use super::prelude::*;

pattern!(
    DOJI,
    "cdldoji",
    1,
    [(BodyDoji, 0)],
    "Doji (Nison 1991): open and close as good as equal, 100 whatever the trend.",
    |m, [c]| bullish(m.doji(&c))
);

pattern!(
    DRAGONFLY_DOJI,
    "cdldragonflydoji",
    1,
    [(BodyDoji, 0), (ShadowVeryShort, 0)],
    "Dragonfly doji (Nison 1991): a doji at the high of its candle, with a lower shadow.",
    |m, [c]| bullish(m.doji(&c) && m.bald(&c) && m.has_lower(&c))
);

pattern!(
    GRAVESTONE_DOJI,
    "cdlgravestonedoji",
    1,
    [(BodyDoji, 0), (ShadowVeryShort, 0)],
    "Gravestone doji (Nison 1991): a doji at the low of its candle, with an upper shadow; 100 whatever the trend.",
    |m, [c]| bullish(m.doji(&c) && m.footless(&c) && m.has_upper(&c))
);

pattern!(
    LONG_LEGGED_DOJI,
    "cdllongleggeddoji",
    1,
    [(BodyDoji, 0)],
    "Long-legged doji (Nison 1991): a doji with a long shadow on either side; 100 whatever the trend.",
    |m, [c]| bullish(m.doji(&c) && (m.long_lower(&c) || m.long_upper(&c)))
);

pattern!(
    RICKSHAW_MAN,
    "cdlrickshawman",
    1,
    [(BodyDoji, 0), (Near, 0)],
    "Rickshaw man (Nison 1991): a doji with two long shadows, near the middle of its candle; 100 whatever the trend.",
    |m, [c]| {
        let middle = c.low + c.range() / 2.0;
        let centred = || c.bottom() <= middle + m.near(&c) && c.top() >= middle - m.near(&c);
        bullish(m.doji(&c) && m.long_lower(&c) && m.long_upper(&c) && centred())
    }
);

pattern!(
    TAKURI,
    "cdltakuri",
    1,
    [(BodyDoji, 0), (ShadowVeryShort, 0)],
    "Takuri (Nison 1991): a dragonfly doji with a very long lower shadow.",
    |m, [c]| bullish(m.doji(&c) && m.bald(&c) && c.lower() > m.yardstick(ShadowVeryLong, &c))
);

pattern!(
    DOJI_STAR,
    "cdldojistar",
    2,
    [(BodyLong, 1), (BodyDoji, 0)],
    "Doji star (Nison 1991): after a long body a doji that gaps on in its direction; 100 after a black one, -100 after \
     a white one.",
    |m, [a, b]| -bullish(m.long(&a) && m.doji(&b) && b.gaps_ahead_of(&a)) * a.colour()
);

pattern!(
    TRISTAR,
    "cdltristar",
    3,
    [(BodyDoji, 2)],
    "Tristar (Nison 1991): three doji, the middle one gapping away and the last not beyond it; 100 below the others, \
     -100 above. All three are doji by the first one's yardstick.",
    |m, [a, b, c]| {
        let width = m.yardstick(BodyDoji, &a);
        let doji = a.body() <= width && b.body() <= width && c.body() <= width;
        let below = bullish(doji && b.gaps_below(&a) && c.bottom() > b.bottom());
        below + bearish(doji && b.gaps_above(&a) && c.top() < b.top())
    }
);
