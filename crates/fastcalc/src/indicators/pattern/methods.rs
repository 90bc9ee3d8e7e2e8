//! A move, a pause against it, and how it ends: four or five candles.

use super::candle::Candle;
use super::prelude::*;

pattern!(
    THREE_LINE_STRIKE,
    "cdl3linestrike",
    4,
    [(Near, 3), (Near, 2)],
    "Three-line strike (Morris 1992): three candles of one colour closing further and further, each opening in or near the \
     body before, then one of the other colour that opens beyond and closes behind them all; the sign is the first ones'.",
    |m, [a, b, c, d]| {
        let colours =
            a.colour() == b.colour() && b.colour() == c.colour() && c.colour() != d.colour();
        let strikes = if c.white() {
            c.close > b.close && b.close > a.close && d.open > c.close && d.close < a.open
        } else {
            c.close < b.close && b.close < a.close && d.open < c.close && d.close > a.open
        };
        let opens_near = |before: &Candle, candle: &Candle| {
            let near = m.near(before);
            candle.open >= before.bottom() - near && candle.open <= before.top() + near
        };
        bullish(colours && strikes && opens_near(&a, &b) && opens_near(&b, &c)) * c.colour()
    }
);

pattern!(
    BREAKAWAY,
    "cdlbreakaway",
    5,
    [(BodyLong, 4)],
    "Breakaway (Morris 1992): a long body, a gap on in its direction, two more candles further on, then one of the other \
     colour that closes inside the gap; the sign is the last one's.",
    |m, [a, b, c, d, e]| {
        let colours =
            a.colour() == b.colour() && b.colour() == d.colour() && d.colour() != e.colour();
        let higher = |x: &Candle, y: &Candle| x.high > y.high && x.low > y.low;
        let breaks = if a.white() {
            higher(&c, &b) && higher(&d, &c) && e.close < b.open && e.close > a.close
        } else {
            higher(&b, &c) && higher(&c, &d) && e.close > b.open && e.close < a.close
        };
        bullish(colours && b.gaps_ahead_of(&a) && breaks && m.long(&a)) * e.colour()
    }
);

pattern!(
    MAT_HOLD,
    "cdlmathold",
    5,
    [(BodyLong, 4), (BodyShort, 3), (BodyShort, 2), (BodyShort, 1)],
    "Mat hold (Morris 1992): a long white body, a short black one gapping up, two more falling short ones that reach into \
     the first by less than the penetration, a white one that opens above the last close and closes above their highs.",
    penetration 0.5,
    |m, [a, b, c, d, e]| {
        let floor = a.close - a.body() * m.penetration;
        let holds = |x: &Candle| x.bottom() < a.close && x.bottom() > floor;
        let pause = b.gaps_above(&a)
            && holds(&c)
            && holds(&d)
            && c.top() < b.open
            && d.top() < c.top();
        let ends = e.open > d.close && e.close > b.high.max(c.high).max(d.high);
        let sizes = || m.long(&a) && [b, c, d].iter().all(|x| m.short(x));
        bullish(a.white() && b.black() && e.white() && pause && ends && sizes())
    }
);

pattern!(
    RISING_FALLING_THREE_METHODS,
    "cdlrisefall3methods",
    5,
    [
        (BodyLong, 4),
        (BodyShort, 3),
        (BodyShort, 2),
        (BodyShort, 1),
        (BodyLong, 0)
    ],
    "Rising and falling three methods (Nison 1991): a long body, three short ones of the other colour drifting back within \
     its range, a long one of its colour that closes beyond it; the sign is the first one's.",
    |m, [a, b, c, d, e]| {
        let pause = [b, c, d];
        let colours = pause.iter().all(|x| x.colour() != a.colour()) && a.colour() == e.colour();
        let overlaps = pause.iter().all(|x| x.bottom() < a.high && x.top() > a.low);
        let drifts = if a.white() {
            c.close < b.close && d.close < c.close && e.open > d.close && e.close > a.close
        } else {
            c.close > b.close && d.close > c.close && e.open < d.close && e.close < a.close
        };
        let sizes = || m.long(&a) && pause.iter().all(|x| m.short(x)) && m.long(&e);
        bullish(colours && overlaps && drifts && sizes()) * a.colour()
    }
);
