//! Three candles around a gap.

use super::prelude::*;

pattern!(
    GAP_SIDE_BY_SIDE_WHITE,
    "cdlgapsidesidewhite",
    3,
    [(Near, 1), (Equal, 1)],
    "Side-by-side white lines (Nison 1991): two white candles of like size and open, both gapping away from the one \
     before; 100 above it, -100 below.",
    |m, [a, b, c]| {
        let up = b.gaps_above(&a) && c.gaps_above(&a);
        let down = b.gaps_below(&a) && c.gaps_below(&a);
        let alike = || {
            let near = m.near(&b);
            c.body() >= b.body() - near
                && c.body() <= b.body() + near
                && m.equal(c.open, b.open, &b)
        };
        let holds = (up || down) && b.white() && c.white() && alike();
        if up { bullish(holds) } else { bearish(holds) }
    }
);

pattern!(
    TASUKI_GAP,
    "cdltasukigap",
    3,
    [(Near, 1)],
    "Tasuki gap (Nison 1991): a candle gapping on, then one of the other colour and like size that opens in it and closes \
     inside the gap; the sign is the second one's.",
    |m, [a, b, c]| {
        let inside = if b.white() {
            b.gaps_above(&a) && c.close < b.open && c.close > a.top()
        } else {
            b.gaps_below(&a) && c.close > b.open && c.close < a.bottom()
        };
        let alike = || (b.body() - c.body()).abs() < m.near(&b);
        bullish(b.colour() != c.colour() && inside && b.holds(c.open) && alike()) * b.colour()
    }
);

pattern!(
    GAP_THREE_METHODS,
    "cdlxsidegap3methods",
    3,
    [],
    "Upside and downside gap three methods (Morris 1992): two candles of one colour with a gap between, then one of the \
     other that opens in the second and closes in the first; the sign is the first one's.",
    |m, [a, b, c]| {
        let colours = a.colour() == b.colour() && b.colour() != c.colour();
        let closes = b.gaps_ahead_of(&a) && b.holds(c.open) && a.holds(c.close);
        bullish(colours && closes) * a.colour()
    }
);
