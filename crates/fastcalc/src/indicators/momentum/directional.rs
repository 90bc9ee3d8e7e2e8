//! Directional movement (Wilder 1978): the part all of its indicators share.

use crate::indicators::prelude::*;
use crate::indicators::volatility::trange::TrueRange;

/// Upward and downward movement of a row: only the larger one counts.
#[inline]
pub fn movement(high: f64, low: f64, [high0, low0]: [f64; 2]) -> [f64; 2] {
    let (rise, fall) = (high - high0, low0 - low);
    // Without a branch: which way it goes nobody can foresee.
    [
        if (rise > 0.0) & (rise > fall) {
            rise
        } else {
            0.0
        },
        if (fall > 0.0) & (fall > rise) {
            fall
        } else {
            0.0
        },
    ]
}

/// Wilder's sum: `period` - 1 rows added up, from then on 1/`period` of it fades per row.
#[derive(Debug, Clone)]
pub struct Fading {
    period: usize,
    seen: usize,
    sum: f64,
    faded: Recurrence,
}
state!(Fading: seen, sum, faded);

impl Fading {
    /// Over `period` rows.
    pub fn new(period: usize) -> Self {
        let n = period as f64;
        Fading {
            period,
            seen: 0,
            sum: 0.0,
            faded: Recurrence::new((n - 1.0) / n, 1.0),
        }
    }

    /// Takes a row: the sum, which is complete once `period` - 1 rows are in.
    #[inline]
    pub fn push(&mut self, x: f64) -> (f64, usize) {
        if self.seen + 1 < self.period {
            self.sum += x;
            self.faded.start(self.sum);
        } else {
            self.sum = self.faded.push(x);
        }
        self.seen += 1;
        (self.sum, self.seen)
    }

    /// Whether the sum is complete and can take rows by the block.
    #[inline(always)]
    fn is_warm(&self) -> bool {
        self.seen + 1 >= self.period && self.faded.is_ahead()
    }

    /// For rows by the eight once it [is warm](Self::is_warm); to be [settled](Self::settle).
    #[inline(always)]
    fn chain<V: Eight>(&self) -> Chain<V> {
        self.faded.chain()
    }

    /// Takes what a chain has come to in `rows` rows.
    #[inline(always)]
    fn settle<V: Eight>(&mut self, chain: Chain<V>, rows: usize) {
        self.faded.settle(chain);
        self.seen += rows;
        self.sum = self.faded.value();
    }
}

/// Movement alone, for PLUS_DM and MINUS_DM.
#[derive(Debug, Clone)]
pub struct Movement {
    previous: Option<[f64; 2]>,
    sums: [Fading; 2],
}
state!(Movement: previous, sums);

impl Movement {
    /// Over `period` rows.
    pub fn new(period: usize) -> Self {
        Movement {
            previous: None,
            sums: [Fading::new(period), Fading::new(period)],
        }
    }

    /// Takes a row; the sums from row `period` - 1 on (row 1 for a period of 1).
    #[inline]
    pub fn push(&mut self, high: f64, low: f64) -> Option<[f64; 2]> {
        let [up, down] = movement(high, low, self.previous.replace([high, low])?);
        let [plus, minus] = &mut self.sums;
        let (plus, seen) = plus.push(up);
        let (minus, _) = minus.push(down);
        (seen + 1 >= self.sums[0].period).then_some([plus, minus])
    }

    /// Rows of movement so far.
    #[inline(always)]
    pub fn seen(&self) -> usize {
        self.sums[0].seen
    }

    /// Whether there are sums at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.previous.is_some() && self.sums[0].is_warm()
    }

    /// For rows by the eight once it [is warm](Self::is_warm); to be [settled](Self::settle).
    #[inline(always)]
    pub fn chain<V: Eight>(&self) -> MovementChain<V> {
        MovementChain {
            last: self.previous.unwrap_or_default().map(V::splat),
            // Not by `map`, which the compiler would call with vectors in memory.
            sums: [self.sums[0].chain(), self.sums[1].chain()],
        }
    }

    /// Takes what a chain has come to with these highs and lows.
    #[inline(always)]
    pub fn settle<V: Eight>(&mut self, chain: MovementChain<V>, bars: [&[f64]; 2]) {
        let rows = bars[0].len();
        for (sum, chain) in self.sums.iter_mut().zip(chain.sums) {
            sum.settle(chain, rows);
        }
        if let Some(last) = rows.checked_sub(1) {
            self.previous = Some(bars.map(|column| column[last]));
        }
    }
}

impl Common<2, 2> for Movement {
    fn part(&self) -> Part {
        Part::Movement(self.sums[0].period)
    }

    /// Sums upward and downward of highs and lows by the eight once it [is warm](Self::is_warm).
    #[inline(always)]
    fn make<V: Eight>(&mut self, bars: [&[f64]; 2], out: [&mut [f64]; 2]) {
        let mut chain = self.chain::<V>();
        let mut rows = Eights::new(bars, out);
        while let Some(bars) = rows.read::<V>() {
            rows.write(chain.next(bars));
        }
        self.settle(chain, bars);
    }
}

/// [`Movement`] eight rows at a time.
pub struct MovementChain<V> {
    /// The last eight highs and lows.
    last: [V; 2],
    sums: [Chain<V>; 2],
}

impl<V: Eight> MovementChain<V> {
    /// The next eight sums, upward and downward.
    #[inline(always)]
    pub fn next(&mut self, [high, low]: [V; 2]) -> [V; 2] {
        let rise = high - high.after::<1>(self.last[0]);
        let fall = low.after::<1>(self.last[1]) - low;
        self.last = [high, low];
        let zero = V::splat(0.0);
        let up = rise.where_above(zero.larger(fall), rise, zero);
        let down = fall.where_above(zero.larger(rise), fall, zero);
        let [plus, minus] = &mut self.sums;
        [plus.next(up), minus.next(down)]
    }
}

/// Both directional indicators.
#[derive(Debug, Clone)]
pub struct Directional {
    movement: Movement,
    range: TrueRange,
    ranges: Fading,
}
state!(Directional: movement, range, ranges);

/// In percent of the range; 0 where nothing moved.
#[inline(always)]
pub fn share(sum: f64, range: f64) -> f64 {
    let share = 100.0 * (sum / range);
    if range > 0.0 { share } else { 0.0 }
}

/// [`share`] of eight rows.
#[inline(always)]
fn share_of_eight<V: Eight>(sum: V, range: V) -> V {
    let (share, zero) = (V::splat(100.0) * (sum / range), V::splat(0.0));
    range.where_above(zero, share, zero)
}

impl Directional {
    /// Over `period` rows.
    pub fn new(period: usize) -> Self {
        Directional {
            movement: Movement::new(period),
            range: TrueRange::default(),
            ranges: Fading::new(period),
        }
    }

    /// Takes a row; plus and minus, 0 to 100, from row `period` on; 0 where nothing moved.
    #[inline]
    pub fn push(&mut self, high: f64, low: f64, close: f64) -> Option<[f64; 2]> {
        let sums = self.movement.push(high, low);
        let (range, seen) = self.ranges.push(self.range.push(high, low, close)?);
        if seen < self.ranges.period {
            return None;
        }
        Some(sums?.map(|sum| share(sum, range)))
    }

    /// Whether there are values at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.ranges.is_warm() && self.movement.is_warm()
    }

    /// Takes rows once it [is warm](Self::is_warm): the [`share`] of one side, plus or minus.
    #[inline(always)]
    pub fn block<V: Eight>(
        &mut self,
        bars: [&[f64]; 3],
        side: usize,
        out: &mut [f64],
        work: &mut Work,
    ) {
        let n = out.len();
        if work.shares() {
            let slot = work.part(&mut self.movement, Of::Rows([&bars[0][..n], &bars[1][..n]]));
            let [plus, minus] = work.part_columns(slot);
            self.block_of_sums::<V>(bars, if side == 0 { plus } else { minus }, out);
            return;
        }
        let (mut ranges, mut sum) = (self.range.chain::<V>(), self.ranges.chain());
        let mut movement = self.movement.chain();
        let mut rows = Eights::new(bars, [out]);
        while let Some([high, low, close]) = rows.read::<V>() {
            let range = sum.next(ranges.next([high, low, close]));
            rows.write([share_of_eight(movement.next([high, low])[side], range)]);
        }
        let [high, low, close] = bars.map(|column| &column[..n]);
        self.range.settle(close);
        self.ranges.settle(sum, n);
        self.movement.settle(movement, [high, low]);
    }

    /// As [`block`](Self::block), of sums of movement that are known.
    #[inline(always)]
    fn block_of_sums<V: Eight>(
        &mut self,
        [high, low, close]: [&[f64]; 3],
        sums: &[f64],
        out: &mut [f64],
    ) {
        let n = out.len();
        let (mut ranges, mut sum) = (self.range.chain::<V>(), self.ranges.chain());
        let mut rows = Eights::new([high, low, close, sums], [out]);
        while let Some([high, low, close, moved]) = rows.read::<V>() {
            let range = sum.next(ranges.next([high, low, close]));
            rows.write([share_of_eight(moved, range)]);
        }
        self.range.settle(&close[..n]);
        self.ranges.settle(sum, n);
    }
}

/// How far both are apart, 0 to 100; none where nothing moved.
#[inline]
pub fn apart([plus, minus]: [f64; 2]) -> Option<f64> {
    let sum = plus + minus;
    (sum > 0.0).then(|| 100.0 * ((plus - minus).abs() / sum))
}
