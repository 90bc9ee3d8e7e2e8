//! A lane a period: what sweeps with side by side periods have in common.

use crate::simd::{Columns, EIGHT, Eight};

/// Periods worked on at once: two vectors that do not wait for one another.
pub const GROUP: usize = 2 * EIGHT;

/// Rows between two questions whether the caller has lost interest.
pub const PATIENCE: usize = 64 * EIGHT;

/// A number for each period; lanes without one have `rest`.
#[inline(always)]
pub fn numbers<V: Eight>(periods: &[usize], rest: f64, of: impl Fn(usize) -> f64) -> [V; 2] {
    let number = |lane: usize| periods.get(lane).map_or(rest, |period| of(*period));
    let low = std::array::from_fn(number);
    let high = std::array::from_fn(|lane| number(EIGHT + lane));
    [V::load(&low), V::load(&high)]
}

/// Eight rows from `from` on; those behind the end are like the last.
#[inline(always)]
pub fn eight_rows(series: &[f64], from: usize) -> [f64; EIGHT] {
    match series[from..].first_chunk() {
        Some(rows) => *rows,
        None => std::array::from_fn(|row| series[(from + row).min(series.len() - 1)]),
    }
}

/// Calls `f` with the columns of a group of periods, a vector's worth each; where there are fewer periods, some
/// of the columns are nobody's.
pub fn columns_of<T>(columns: &mut [&mut [f64]], f: impl FnOnce([Columns<'_>; 2]) -> T) -> T {
    let rows = columns.first().map_or(0, |column| column.len());
    let mut nobodys = vec![0.0; rows * (GROUP - columns.len())];
    let mut all = columns
        .iter_mut()
        .map(|column| &mut **column)
        .chain(nobodys.chunks_exact_mut(rows));
    let mut eight = || Columns::new(std::array::from_fn(|_| all.next().expect("GROUP columns")));
    let (low, high) = (eight(), eight());
    f([low, high])
}

/// Nothing is known before a period's first row.
pub fn silence(columns: &mut [&mut [f64]], starts: impl Iterator<Item = usize>) {
    for (column, start) in columns.iter_mut().zip(starts) {
        let silent = column.len().min(start);
        column[..silent].fill(f64::NAN);
    }
}
