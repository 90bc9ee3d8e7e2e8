//! One body inside another.

use super::candle::Candle;
use super::prelude::*;

pattern!(
    ENGULFING,
    "cdlengulfing",
    3,
    [],
    "Engulfing (Nison 1991): a body that covers one of the other colour before it, 100 or -100 by its colour; 80 or \
     -80 where one end of both is equal. Warm-up of one row more than it needs, as in TA-Lib.",
    |m, [_, a, b]| {
        let covers = b.top() >= a.top() && b.bottom() <= a.bottom();
        let longer = b.top() > a.top() || b.bottom() < a.bottom();
        let sharp = b.open != a.close && b.close != a.open;
        if a.colour() != b.colour() && covers && longer {
            b.colour() * if sharp { 100 } else { 80 }
        } else {
            0
        }
    }
);

/// 100 for a body inside another, 80 where one end of both is equal.
fn inside(outer: &Candle, inner: &Candle) -> i32 {
    if inner.within(outer) {
        100
    } else if inner.top() <= outer.top() && inner.bottom() >= outer.bottom() {
        80
    } else {
        0
    }
}

pattern!(
    HARAMI,
    "cdlharami",
    2,
    [(BodyLong, 1), (BodyShort, 0)],
    "Harami (Nison 1991): a short body inside a long one, 100 after a black one and -100 after a white one; 80 or -80 \
     where one end of both is equal.",
    |m, [a, b]| {
        let fits = m.long(&a) && m.at_most_short(&b);
        if fits {
            -a.colour() * inside(&a, &b)
        } else {
            0
        }
    }
);

pattern!(
    HARAMI_CROSS,
    "cdlharamicross",
    2,
    [(BodyLong, 1), (BodyDoji, 0)],
    "Harami cross (Nison 1991): a doji inside a long body, 100 after a black one and -100 after a white one; 80 or -80 \
     where one end of both is equal.",
    |m, [a, b]| {
        let fits = m.long(&a) && m.doji(&b);
        if fits {
            -a.colour() * inside(&a, &b)
        } else {
            0
        }
    }
);

pattern!(
    HOMING_PIGEON,
    "cdlhomingpigeon",
    2,
    [(BodyLong, 1), (BodyShort, 0)],
    "Homing pigeon (Morris 1992): a short black body inside a long black one.",
    |m, [a, b]| {
        bullish(a.black() && b.black() && m.long(&a) && m.at_most_short(&b) && b.within(&a))
    }
);

pattern!(
    THREE_INSIDE,
    "cdl3inside",
    3,
    [(BodyLong, 2), (BodyShort, 1)],
    "Three inside up and down (Morris 1992): a harami, then a candle of the other colour that closes beyond the first \
     one's open.",
    |m, [a, b, c]| {
        let beyond = if a.white() {
            c.close < a.open
        } else {
            c.close > a.open
        };
        let harami = || m.long(&a) && m.at_most_short(&b) && b.within(&a);
        bullish(a.colour() != c.colour() && beyond && harami()) * c.colour()
    }
);

pattern!(
    THREE_OUTSIDE,
    "cdl3outside",
    4,
    [],
    "Three outside up and down (Morris 1992): a body that covers one of the other colour before it, then a close \
     further on. Warm-up of one row more than it needs, as in TA-Lib.",
    |m, [_, a, b, c]| {
        let further = if b.white() {
            c.close > b.close
        } else {
            c.close < b.close
        };
        bullish(a.colour() != b.colour() && a.within(&b) && further) * b.colour()
    }
);
