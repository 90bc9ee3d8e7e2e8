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

    /// Whether the sum is complete.
    #[inline(always)]
    fn is_warm(&self) -> bool {
        self.seen + 1 >= self.period
    }

    #[inline(always)]
    fn block(&mut self, x: &[f64], out: &mut [f64], work: &mut [f64]) {
        self.faded.block(x, out, 0.0, work);
        self.seen += out.len();
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

    /// Takes rows once it [is warm](Self::is_warm).
    #[inline(always)]
    pub fn block(
        &mut self,
        [high, low]: [&[f64]; 2],
        [plus, minus]: [&mut [f64]; 2],
        [up, down, work]: [&mut [f64]; 3],
    ) {
        let n = plus.len();
        if n == 0 {
            return;
        }
        let (high, low) = (&high[..n], &low[..n]);
        let (up, down) = (&mut up[..n], &mut down[..n]);
        [up[0], down[0]] = movement(high[0], low[0], self.previous.unwrap_or_default());
        for i in 1..n {
            [up[i], down[i]] = movement(high[i], low[i], [high[i - 1], low[i - 1]]);
        }
        self.previous = Some([high[n - 1], low[n - 1]]);
        self.sums[0].block(up, plus, work);
        self.sums[1].block(down, minus, work);
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

    /// Takes rows once it [is warm](Self::is_warm): sums of both movements and of the range.
    #[inline(always)]
    pub fn block(
        &mut self,
        [high, low, close]: [&[f64]; 3],
        [plus, minus, range]: [&mut [f64]; 3],
        [a, b, work]: [&mut [f64]; 3],
    ) {
        let n = range.len();
        let ranges = &mut a[..n];
        self.range.block([high, low, close], ranges);
        self.ranges.block(ranges, range, work);
        self.movement
            .block([high, low], [plus, minus], [a, b, work]);
    }
}

/// How far both are apart, 0 to 100; none where nothing moved.
#[inline]
pub fn apart([plus, minus]: [f64; 2]) -> Option<f64> {
    let sum = plus + minus;
    (sum > 0.0).then(|| 100.0 * ((plus - minus).abs() / sum))
}
