//! Two marubozu of opposite colours with a gap between them.

use super::prelude::*;

/// Whether the latest two candles are that, the second leaping away from the first one's direction.
fn kicks(m: &Chart) -> bool {
    let [a, b] = m.candles();
    let leaps = if a.black() {
        b.leaps_above(&a)
    } else {
        b.leaps_below(&a)
    };
    a.colour() != b.colour()
        && leaps
        && [a, b]
            .iter()
            .all(|c| m.long(c) && m.bald(c) && m.footless(c))
}

pattern!(
    KICKING,
    "cdlkicking",
    2,
    [
        (ShadowVeryShort, 1),
        (ShadowVeryShort, 0),
        (BodyLong, 1),
        (BodyLong, 0)
    ],
    "Kicking (Morris 1992): two marubozu of opposite colours, the second gapping away; the sign is the second one's.",
    |m, [_, b]| bullish(kicks(m)) * b.colour()
);

pattern!(
    KICKING_BY_LENGTH,
    "cdlkickingbylength",
    2,
    [
        (ShadowVeryShort, 1),
        (ShadowVeryShort, 0),
        (BodyLong, 1),
        (BodyLong, 0)
    ],
    "Kicking (Morris 1992), with the sign of the longer body (of equals the first).",
    |m, [a, b]| {
        let longer = if b.body() > a.body() { b } else { a };
        bullish(kicks(m)) * longer.colour()
    }
);
