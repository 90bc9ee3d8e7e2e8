//! RSI of many periods: eight periods a vector, and one division for four rows.

use super::tiles::{GROUP, ROWS, Tiles};
use crate::indicators::engine::lanes_over;
use crate::indicators::momentum::rsi::{STILL, rsi, sides};
use crate::simd::{self, Lanes, TILE};

/// Below this the product of four sums could leave f64: such rows are divided one by one.
const SMALLEST: f64 = 1e-70;

pub fn sweep(
    series: &[f64],
    periods: &[usize],
    columns: &mut [&mut [f64]],
    cancelled: &impl Fn() -> bool,
) -> bool {
    for (periods, columns) in periods.chunks(GROUP).zip(columns.chunks_mut(GROUP)) {
        let mut state = State::default();
        for (lane, period) in periods.iter().enumerate() {
            let n = *period as f64;
            (state.keep[lane], state.weight[lane]) = ((n - 1.0) / n, 1.0 / n);
        }
        let used = periods.len().div_ceil(TILE);
        let longest = periods.iter().copied().max().unwrap_or(1);
        let mut previous = series[0];
        let mut sums = [0.0; 2];
        let mut moved = vec![1.0; ROWS * TILE];
        let done = Tiles::new().run(series, columns, periods, cancelled, |rows, tiles| {
            let last = rows.end - 1;
            for row in rows.start.max(1)..rows.end.min(longest + 1) {
                let [up, down] = sides(series[row] - series[row - 1]);
                sums = [sums[0] + up, sums[1] + down];
            }
            let at = (last - rows.start) * TILE;
            for (vector, tile) in tiles.iter_mut().enumerate().take(used) {
                simd::dispatch(Block {
                    state: &mut state,
                    vector,
                    previous,
                    rows: &series[rows.clone()],
                    moved: &mut moved,
                    tile,
                });
            }
            previous = series[last];
            // Averages start as the means of the changes so far.
            for (lane, _) in periods.iter().enumerate().filter(|(_, n)| **n == last) {
                let [gain, loss] = sums.map(|sum| sum / periods[lane] as f64);
                (state.gain[lane], state.moved[lane]) = (gain, gain + loss);
                tiles[lane / TILE][at + lane % TILE] = rsi(gain, loss);
            }
        });
        if !done {
            return false;
        }
    }
    true
}

/// A lane a period; those without one stay 0.
#[derive(Default)]
struct State {
    keep: [f64; GROUP],
    weight: [f64; GROUP],
    gain: [f64; GROUP],
    /// Average gain plus average loss.
    moved: [f64; GROUP],
}

/// Rows of one vector of periods.
struct Block<'a> {
    state: &'a mut State,
    vector: usize,
    /// The row before.
    previous: f64,
    rows: &'a [f64],
    /// Sums of both averages, of the size of the tile.
    moved: &'a mut [f64],
    tile: &'a mut [f64],
}

impl Lanes for Block<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let from = self.vector * TILE;
        // A whole number of vectors a quarter, for the quotients that share a division.
        let filled = self.rows.len() * TILE;
        let size = filled.next_multiple_of(4 * TILE).min(self.tile.len());
        let (gains, sums) = (&mut self.tile[..size], &mut self.moved[..size]);
        let mut previous = self.previous;
        let of = |lanes: &[f64; GROUP]| -> [f64; TILE] {
            lanes[from..from + TILE].try_into().expect("a vector")
        };
        let (keep, weight) = (of(&self.state.keep), of(&self.state.weight));
        let (mut gain, mut moved) = (of(&self.state.gain), of(&self.state.moved));
        let tiles = gains
            .chunks_exact_mut(TILE)
            .zip(sums.chunks_exact_mut(TILE));
        for (x, (gains, sums)) in self.rows.iter().zip(tiles) {
            let change = x - previous;
            previous = *x;
            let up = if change > 0.0 { change } else { 0.0 };
            let size = change.abs();
            for lane in 0..TILE {
                gain[lane] = keep[lane] * gain[lane] + weight[lane] * up;
                moved[lane] = keep[lane] * moved[lane] + weight[lane] * size;
            }
            gains.copy_from_slice(&gain);
            sums.copy_from_slice(&moved);
        }
        self.state.gain[from..from + TILE].copy_from_slice(&gain);
        self.state.moved[from..from + TILE].copy_from_slice(&moved);
        // Of these nobody reads the result.
        sums[filled..].fill(1.0);
        shares(gains, sums);
    }
}

/// 100 gain / sum, 50 where nothing moved, written over the gains. Four quotients share a division: the
/// reciprocal of the product of four sums times three of them is that of the fourth.
#[inline(always)]
fn shares(gains: &mut [f64], sums: &[f64]) {
    let mut least = [f64::MAX; 8];
    for eight in sums.chunks_exact(8) {
        for (least, sum) in least.iter_mut().zip(eight) {
            *least = if *sum < *least { *sum } else { *least };
        }
    }
    if least.iter().any(|least| *least <= SMALLEST) {
        for (gain, sum) in gains.iter_mut().zip(sums) {
            let share = 100.0 * (*gain / sum);
            *gain = if *sum > STILL { share } else { 50.0 };
        }
        return;
    }
    let quarter = gains.len() / 4;
    let (a, b) = gains.split_at_mut(2 * quarter);
    let ((a, b), (c, d)) = (a.split_at_mut(quarter), b.split_at_mut(quarter));
    let part = |at: usize| &sums[at * quarter..(at + 1) * quarter];
    lanes_over(
        [part(0), part(1), part(2), part(3)],
        [a, b, c, d],
        |[s, t, u, v], [a, b, c, d]| {
            let (p, q) = (s * t, u * v);
            let inverse = 100.0 / (p * q);
            let (p, q) = (inverse * q, inverse * p);
            let most = |share: f64| if share > 100.0 { 100.0 } else { share };
            [
                most(a * (p * t)),
                most(b * (p * s)),
                most(c * (q * v)),
                most(d * (q * u)),
            ]
        },
    );
}
