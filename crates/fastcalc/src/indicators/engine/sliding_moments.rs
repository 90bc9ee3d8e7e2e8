//! Mean and spread of sliding windows.

use super::{Common, Part, SlidingPair, Squares, moments_of, state};
use crate::simd::Eight;

/// Mean and variance of the last `period` rows.
#[derive(Debug, Clone)]
pub struct SlidingMoments {
    window: SlidingPair<Squares>,
    period: usize,
    share: f64,
}
state!(SlidingMoments: window);

impl SlidingMoments {
    /// Of `period` rows, at least 1.
    pub fn new(period: usize) -> Self {
        SlidingMoments {
            window: SlidingPair::new(period),
            period,
            share: 1.0 / period as f64,
        }
    }

    /// Rows before the window is whole.
    #[inline(always)]
    pub fn cold(&self) -> usize {
        self.window.cold()
    }

    /// Takes a row; mean and population variance once the window is whole.
    #[inline]
    pub fn push(&mut self, row: f64) -> Option<[f64; 2]> {
        let sums = self.window.push(row)?;
        Some(moments_of(sums, self.share))
    }

    /// Takes rows; means and population variances, which mean nothing before the window is whole.
    #[inline(always)]
    pub fn block<V: Eight>(&mut self, rows: &[f64], moments: [&mut [f64]; 2]) {
        let share = self.share;
        self.window
            .finished::<V>(rows, moments, |sums| moments_of(sums, share));
    }
}

impl Common<1, 2> for SlidingMoments {
    fn part(&self) -> Part {
        Part::Moments(self.period)
    }

    /// Means and population deviations; what comes before the window is whole means nothing.
    #[inline(always)]
    fn make<V: Eight>(&mut self, [rows]: [&[f64]; 1], moments: [&mut [f64]; 2]) {
        let share = self.share;
        self.window.finished::<V>(rows, moments, |sums| {
            let [mean, variance] = moments_of(sums, share);
            [mean, variance.sqrt()]
        });
    }
}
