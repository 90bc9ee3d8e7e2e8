//! Bottoms of three to five candles.

use super::prelude::*;

pattern!(
    THREE_STARS_IN_THE_SOUTH,
    "cdl3starsinsouth",
    3,
    [
        (BodyLong, 2),
        (BodyShort, 0),
        (ShadowVeryShort, 1),
        (ShadowVeryShort, 0)
    ],
    "Three stars in the south (Morris 1992): a long black candle with a long lower shadow, a smaller black one that holds \
     its low, a short black one without shadows inside the range of the second.",
    |m, [a, b, c]| {
        let second = b.body() < a.body()
            && b.open > a.close
            && b.open <= a.high
            && b.low < a.close
            && b.low >= a.low;
        let third = c.low > b.low && c.high < b.high;
        let sizes = || {
            m.long(&a)
                && m.long_lower(&a)
                && m.has_lower(&b)
                && m.short(&c)
                && m.footless(&c)
                && m.bald(&c)
        };
        bullish(a.black() && b.black() && c.black() && second && third && sizes())
    }
);

pattern!(
    UNIQUE_THREE_RIVER,
    "cdlunique3river",
    3,
    [(BodyLong, 2), (BodyShort, 0)],
    "Unique three river (Nison 1994): a long black body, a black harami with a lower low, a short white body that opens \
     above that low.",
    |m, [a, b, c]| {
        let harami = b.close > a.close && b.open <= a.open && b.low < a.low;
        let colours = a.black() && b.black() && c.white();
        bullish(colours && harami && c.open > b.low && m.long(&a) && m.short(&c))
    }
);

pattern!(
    CONCEALING_BABY_SWALLOW,
    "cdlconcealbabyswall",
    4,
    [
        (ShadowVeryShort, 3),
        (ShadowVeryShort, 2),
        (ShadowVeryShort, 1)
    ],
    "Concealing baby swallow (Morris 1992): two black marubozu, a black candle gapping down whose upper shadow reaches \
     into the second, a black one that covers it with its shadows.",
    |m, last| {
        let [a, b, c, d] = last;
        let shape = c.gaps_below(&b) && c.high > b.close && d.high > c.high && d.low < c.low;
        let shadows = || [a, b].iter().all(|x| m.footless(x) && m.bald(x)) && m.has_upper(&c);
        bullish(last.iter().all(|x| x.black()) && shape && shadows())
    }
);

pattern!(
    LADDER_BOTTOM,
    "cdlladderbottom",
    5,
    [(ShadowVeryShort, 1)],
    "Ladder bottom (Morris 1992): three black candles opening and closing lower and lower, a black one with an upper \
     shadow, a white one that opens above its body and closes above its high.",
    |m, [a, b, c, d, e]| {
        let black = a.black() && b.black() && c.black() && d.black();
        let lower = a.open > b.open && b.open > c.open && a.close > b.close && b.close > c.close;
        let turns = e.white() && e.open > d.open && e.close > d.high;
        bullish(black && lower && turns && m.has_upper(&d))
    }
);
