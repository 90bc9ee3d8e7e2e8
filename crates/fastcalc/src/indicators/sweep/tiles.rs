//! Rows of many periods side by side, turned into a column a period.

use crate::simd::{TILE, transpose};

/// Periods worked on at once.
pub const GROUP: usize = 4 * TILE;

/// Rows of a tile: four tiles stay in the first-level cache.
const ROWS: usize = 128;

/// One tile a vector of periods.
pub struct Tiles(Vec<Vec<f64>>);

impl Tiles {
    pub fn new() -> Self {
        Tiles(vec![vec![0.0; ROWS * TILE]; GROUP / TILE])
    }

    /// Calls `fill` with stretches of rows from `start` on and writes the tiles it fills to the columns;
    /// false where `cancelled`.
    pub fn run(
        &mut self,
        series: &[f64],
        columns: &mut [&mut [f64]],
        start: usize,
        cancelled: &impl Fn() -> bool,
        mut fill: impl FnMut(&[f64], &mut [Vec<f64>]),
    ) -> bool {
        let mut unused: Vec<Vec<f64>> =
            vec![vec![0.0; ROWS]; columns.len().next_multiple_of(TILE) - columns.len()];
        for from in (start..series.len()).step_by(ROWS) {
            if cancelled() {
                return false;
            }
            let to = series.len().min(from + ROWS);
            fill(&series[from..to], &mut self.0);
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
        true
    }
}
