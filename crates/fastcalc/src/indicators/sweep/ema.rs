//! Exponential averages of many periods: eight periods a vector.

use super::lanes::{GROUP, PATIENCE, columns_of, eight_rows, numbers, silence};
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
        let weight = |period: usize| 2.0 / (period as f64 + 1.0);
        let mut lanes = Averages::<V> {
            keep: numbers(self.periods, 0.0, |period| 1.0 - weight(period)),
            weight: numbers(self.periods, 0.0, weight),
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
        for (row, x) in rows.iter().enumerate() {
            let x = V::splat(x - origin);
            for (at, out) in out.iter_mut().enumerate() {
                let mut value = self.keep[at] * self.value[at] + self.weight[at] * x;
                if STARTS {
                    let row = V::splat((from + row) as f64);
                    value = row.where_equal(self.start[at], self.first[at], value);
                }
                self.value[at] = value;
                out[row] = value + base;
            }
        }
        out
    }
}
