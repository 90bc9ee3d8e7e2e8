//! Exponential averages of many periods: eight periods a vector.

use super::lanes::{GROUP, PATIENCE, columns_of, eight_rows, numbers, silence};
use crate::indicators::engine::ema_weight;
use crate::simd::{self, Columns, EIGHT, Eight, Lanes};

pub fn sweep(
    series: &[f64],
    periods: &[usize],
    columns: &mut [&mut [f64]],
    cancelled: &impl Fn() -> bool,
) -> bool {
    let origin = series[0];
    let longest = periods.iter().copied().max().unwrap_or(1);
    // Averages start as the mean of the rows so far.
    let sums: Vec<f64> = series
        .iter()
        .take(longest)
        .scan(0.0, |sum, x| {
            *sum += x - origin;
            Some(*sum)
        })
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
    silence(columns, periods.iter().map(|period| period - 1));
    true
}

struct Group<'a, F> {
    series: &'a [f64],
    /// Of the first rows, measured from the first.
    sums: &'a [f64],
    periods: &'a [usize],
    columns: [Columns<'a>; 2],
    cancelled: &'a F,
}

impl<F: Fn() -> bool> Lanes for Group<'_, F> {
    type Output = bool;

    #[inline(always)]
    fn run<V: Eight>(self) -> bool {
        let (series, sums) = (self.series, self.sums);
        let mut lanes = Averages::<V> {
            keep: numbers(self.periods, 0.0, |period| 1.0 - ema_weight(period)),
            weight: numbers(self.periods, 0.0, ema_weight),
            value: [V::splat(0.0); 2],
            start: numbers(self.periods, -1.0, |period| (period - 1) as f64),
            first: numbers(self.periods, 0.0, |period| {
                sums.get(period - 1).map_or(0.0, |sum| sum / period as f64)
            }),
        };
        let [mut low, mut high] = self.columns;
        let last = self.periods.iter().copied().max().unwrap_or(1);
        for from in (0..series.len()).step_by(EIGHT) {
            if from % PATIENCE == 0 && (self.cancelled)() {
                return false;
            }
            let rows = eight_rows(series, from);
            let [a, b] = match from < last {
                true => lanes.eight::<true>(&rows, series[0], from),
                false => lanes.eight::<false>(&rows, series[0], from),
            };
            low.write(from, a);
            high.write(from, b);
        }
        true
    }
}

/// A lane a period.
struct Averages<V> {
    keep: [V; 2],
    weight: [V; 2],
    /// Measured from the first row.
    value: [V; 2],
    /// The row of the first value.
    start: [V; 2],
    first: [V; 2],
}

impl<V: Eight> Averages<V> {
    /// Takes eight rows. `STARTS`: an average may begin among them.
    #[inline(always)]
    fn eight<const STARTS: bool>(
        &mut self,
        rows: &[f64; EIGHT],
        origin: f64,
        from: usize,
    ) -> [[V; EIGHT]; 2] {
        let base = V::splat(origin);
        let mut out = [[base; EIGHT]; 2];
        for at in 0..2 {
            let (keep, weight) = (self.keep[at], self.weight[at]);
            let twice = keep * keep;
            let mut value = self.value[at];
            for row in (0..EIGHT).step_by(2) {
                let first = weight * V::splat(rows[row] - origin);
                let second = weight * V::splat(rows[row + 1] - origin);
                // Two rows on from where it was: half as many waits.
                let mut values = [
                    keep * value + first,
                    twice * value + (keep * first + second),
                ];
                if STARTS {
                    values[0] = self.started(at, from + row, values[0]);
                    values[1] = self.started(at, from + row + 1, keep * values[0] + second);
                }
                value = values[1];
                out[at][row] = values[0] + base;
                out[at][row + 1] = values[1] + base;
            }
            self.value[at] = value;
        }
        out
    }

    /// The value at a row, which may be a first one.
    #[inline(always)]
    fn started(&self, at: usize, row: usize, value: V) -> V {
        V::splat(row as f64).where_equal(self.start[at], self.first[at], value)
    }
}
