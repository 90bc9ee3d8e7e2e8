//! Rows of many periods side by side, turned into a column a period.

use crate::simd::{TILE, transpose};
use std::ops::Range;

/// Periods worked on at once.
pub const GROUP: usize = 4 * TILE;

/// Rows of a tile: four tiles stay in the first-level cache.
pub const ROWS: usize = 128;

/// One tile a vector of periods.
pub struct Tiles(Vec<Vec<f64>>);

impl Tiles {
    pub fn new() -> Self {
        Tiles(vec![vec![0.0; ROWS * TILE]; GROUP / TILE])
    }

    /// Calls `fill` with the rows of tile after tile and writes the tiles it fills to the columns; false
    /// where `cancelled`. A tile's rows come in stretches, of which one ends with each of `starts`, the first
    /// rows of the periods' averages.
    pub fn run(
        &mut self,
        series: &[f64],
        columns: &mut [&mut [f64]],
        starts: &[usize],
        cancelled: &impl Fn() -> bool,
        mut fill: impl FnMut(Range<usize>, &mut [&mut [f64]]),
    ) -> bool {
        let missing = columns.len().next_multiple_of(TILE) - columns.len();
        let mut unused = vec![vec![0.0; ROWS]; missing];
        let mut ends: Vec<usize> = starts.iter().map(|start| start + 1).collect();
        ends.sort_unstable();
        for from in (0..series.len()).step_by(ROWS) {
            if cancelled() {
                return false;
            }
            let to = series.len().min(from + ROWS);
            let mut row = from;
            while row < to {
                let next = ends.partition_point(|end| *end <= row);
                let end = to.min(ends.get(next).copied().unwrap_or(to));
                let mut parts = self.0.iter_mut();
                let mut parts: [&mut [f64]; GROUP / TILE] = std::array::from_fn(|_| {
                    let tile = parts.next().expect("as many as were made");
                    &mut tile[(row - from) * TILE..]
                });
                fill(row..end, &mut parts);
                row = end;
            }
            for (tile, columns) in self.0.iter().zip(columns.chunks_mut(TILE)) {
                let mut parts = columns
                    .iter_mut()
                    .map(|column| &mut column[from..to])
                    .chain(unused.iter_mut().map(|column| &mut column[..to - from]));
                transpose(
                    tile,
                    std::array::from_fn(|_| parts.next().expect("padded to a tile")),
                );
            }
        }
        for (start, column) in starts.iter().zip(columns) {
            let silent = column.len().min(*start);
            column[..silent].fill(f64::NAN);
        }
        true
    }
}
