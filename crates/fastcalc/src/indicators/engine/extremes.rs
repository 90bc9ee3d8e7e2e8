//! The range of a window of bars.

use super::{Common, Part, SlidingMax, SlidingMin, state};
use crate::simd::Eight;

/// The highest high and the lowest low of the last rows.
#[derive(Debug, Clone)]
pub struct Extremes {
    period: usize,
    highest: SlidingMax,
    lowest: SlidingMin,
}
state!(Extremes: highest, lowest);

impl Extremes {
    /// Of `period` rows.
    pub fn new(period: usize) -> Self {
        Extremes {
            period,
            highest: SlidingMax::new(period),
            lowest: SlidingMin::new(period),
        }
    }

    /// Takes a row; highest and lowest once the window is whole.
    #[inline]
    pub fn push(&mut self, high: f64, low: f64) -> Option<[f64; 2]> {
        let (highest, lowest) = (self.highest.push(high), self.lowest.push(low));
        Some([highest?, lowest?])
    }

    /// Whether the window is whole at the next row.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.highest.is_warm()
    }

    /// Rows before the window is whole.
    #[inline(always)]
    pub fn cold(&self) -> usize {
        self.highest.cold()
    }
}

impl Common<2, 2> for Extremes {
    fn part(&self) -> Part {
        Part::Extremes(self.period)
    }

    /// Of highs and lows; what comes before the window is whole means nothing.
    #[inline(always)]
    fn make<V: Eight>(&mut self, [high, low]: [&[f64]; 2], [highest, lowest]: [&mut [f64]; 2]) {
        self.highest.block::<V>(high, highest);
        self.lowest.block::<V>(low, lowest);
    }
}
