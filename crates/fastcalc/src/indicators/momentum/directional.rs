//! Directional movement (Wilder 1978): the part all of its indicators share.

use crate::indicators::prelude::*;
use crate::indicators::volatility::trange::TrueRange;

/// Upward and downward movement of a row: only the larger one counts.
#[inline]
pub fn movement(high: f64, low: f64, [high0, low0]: [f64; 2]) -> [f64; 2] {
    let (rise, fall) = (high - high0, low0 - low);
    [
        if rise > 0.0 && rise > fall { rise } else { 0.0 },
        if fall > 0.0 && fall > rise { fall } else { 0.0 },
    ]
}

/// Wilder's sum: `period` - 1 rows added up, from then on 1/`period` of it fades per row.
#[derive(Debug, Clone)]
pub struct Fading {
    period: usize,
    seen: usize,
    sum: f64,
}
state!(Fading: seen, sum);

impl Fading {
    /// Over `period` rows.
    pub fn new(period: usize) -> Self {
        Fading {
            period,
            seen: 0,
            sum: 0.0,
        }
    }

    /// Takes a row: the sum, which is complete once `period` - 1 rows are in.
    #[inline]
    pub fn push(&mut self, x: f64) -> (f64, usize) {
        if self.period == 1 {
            self.sum = x;
        } else if self.seen + 1 < self.period {
            self.sum += x;
        } else {
            self.sum = self.sum - self.sum / self.period as f64 + x;
        }
        self.seen += 1;
        (self.sum, self.seen)
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
}

/// Both directional indicators.
#[derive(Debug, Clone)]
pub struct Directional {
    movement: Movement,
    range: TrueRange,
    ranges: Fading,
}
state!(Directional: movement, range, ranges);

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
        Some(sums?.map(|sum| {
            if range > 0.0 {
                100.0 * (sum / range)
            } else {
                0.0
            }
        }))
    }
}

/// How far both are apart, 0 to 100; none where nothing moved.
#[inline]
pub fn apart([plus, minus]: [f64; 2]) -> Option<f64> {
    let sum = plus + minus;
    (sum > 0.0).then(|| 100.0 * ((plus - minus).abs() / sum))
}
