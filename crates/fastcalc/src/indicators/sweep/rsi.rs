//! RSI of many periods: eight periods a vector.

use super::lanes::{GROUP, PATIENCE, columns_of, eight_rows, numbers, silence};
use crate::indicators::momentum::rsi::{STILL, sides};
use crate::simd::{self, Columns, EIGHT, Eight, Lanes};

pub fn sweep(
    series: &[f64],
    periods: &[usize],
    columns: &mut [&mut [f64]],
    cancelled: &impl Fn() -> bool,
) -> bool {
    let longest = periods.iter().copied().max().unwrap_or(1);
    let mut sums = [0.0; 2];
    let sums: Vec<[f64; 2]> = std::iter::once(sums)
        .chain(series.windows(2).take(longest).map(|rows| {
            let [up, down] = sides(rows[1] - rows[0]);
            sums = [sums[0] + up, sums[1] + (up + down)];
            sums
        }))
        .collect();
    for (periods, columns) in periods.chunks(GROUP).zip(columns.chunks_mut(GROUP)) {
        let done = columns_of(columns, |columns| {
            simd::dispatch(Group {
                series,
                sums: &sums,
                periods,
                columns,
                cancelled,
            })
        });
        if !done {
            return false;
        }
    }
    silence(columns, periods.iter().copied());
    true
}

struct Group<'a, F> {
    series: &'a [f64],
    /// Gains, and moves either way, up to each of the first rows.
    sums: &'a [[f64; 2]],
    periods: &'a [usize],
    columns: [Columns<'a>; 2],
    cancelled: &'a F,
}

impl<F: Fn() -> bool> Lanes for Group<'_, F> {
    type Output = bool;

    #[inline(always)]
    fn run<V: Eight>(self) -> bool {
        let (series, periods) = (self.series, self.periods);
        let sum = |side: usize| {
            let of = move |period: usize| self.sums.get(period).map_or(0.0, |sums| sums[side]);
            numbers(periods, 0.0, of)
        };
        let mut lanes = Averages::<V> {
            keep: numbers(periods, 0.0, |n| (n as f64 - 1.0) / n as f64),
            still: numbers(periods, 0.0, |n| n as f64 * STILL),
            start: numbers(periods, -1.0, |n| n as f64),
            first: [sum(0), sum(1)],
            sums: [[V::splat(0.0); 2], [V::splat(0.0); 2]],
        };
        let [mut low, mut high] = self.columns;
        let last = periods.iter().copied().max().unwrap_or(1);
        let mut previous = series[0];
        for from in (0..series.len()).step_by(EIGHT) {
            if from % PATIENCE == 0 && (self.cancelled)() {
                return false;
            }
            let rows = eight_rows(series, from);
            let change: [f64; EIGHT] = std::array::from_fn(|row| {
                rows[row] - if row == 0 { previous } else { rows[row - 1] }
            });
            previous = rows[EIGHT - 1];
            let [a, b] = match from <= last {
                true => lanes.eight::<true>(&change, from),
                false => lanes.eight::<false>(&change, from),
            };
            low.write(from, a);
            high.write(from, b);
        }
        true
    }
}

/// A lane a period. Averages are kept as sums, `period` times their size: the factor cancels out.
struct Averages<V> {
    keep: [V; 2],
    /// Sums up to here are nothing.
    still: [V; 2],
    /// The row of the first value.
    start: [V; 2],
    /// Gains and moves there.
    first: [[V; 2]; 2],
    /// Gains and moves.
    sums: [[V; 2]; 2],
}

impl<V: Eight> Averages<V> {
    /// Takes eight changes. `STARTS`: an average may begin among them.
    #[inline(always)]
    fn eight<const STARTS: bool>(&mut self, change: &[f64; EIGHT], from: usize) -> [[V; EIGHT]; 2] {
        let zero = V::splat(0.0);
        let mut sums = [[[zero; EIGHT]; 2]; 2];
        for (row, change) in change.iter().enumerate() {
            let up = if *change > 0.0 { *change } else { 0.0 };
            for (side, add) in [up, change.abs()].into_iter().enumerate() {
                let add = V::splat(add);
                for at in 0..2 {
                    let mut sum = self.keep[at] * self.sums[side][at] + add;
                    if STARTS {
                        let row = V::splat((from + row) as f64);
                        sum = row.where_equal(self.start[at], self.first[side][at], sum);
                    }
                    self.sums[side][at] = sum;
                    sums[side][at][row] = sum;
                }
            }
        }
        let [gains, moves] = sums;
        [
            shares(gains[0], moves[0], self.still[0]),
            shares(gains[1], moves[1], self.still[1]),
        ]
    }
}

/// 100 gain / sum, 50 where nothing moved.
#[inline(always)]
fn shares<V: Eight>(gains: [V; EIGHT], sums: [V; EIGHT], still: V) -> [V; EIGHT] {
    let mut out = gains;
    for (out, sum) in out.iter_mut().zip(sums) {
        let share = V::splat(100.0) * (*out / sum);
        *out = sum.where_above(still, share, V::splat(50.0));
    }
    out
}
