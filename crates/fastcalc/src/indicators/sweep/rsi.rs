//! RSI of many periods: eight periods a vector, and one division for four rows.

use super::tiles::{GROUP, Tiles};
use crate::indicators::engine::Wilder;
use crate::indicators::momentum::rsi::{rsi, sides};
use crate::simd::{self, Lanes, TILE};

/// Below this the product of four sums could leave f64: such rows are divided one by one.
const SMALLEST: f64 = 1e-70;

/// Rows that share a division.
const SHARED: usize = 4;

pub fn sweep(
    series: &[f64],
    periods: &[usize],
    columns: &mut [&mut [f64]],
    cancelled: &impl Fn() -> bool,
) -> bool {
    for (periods, columns) in periods.chunks(GROUP).zip(columns.chunks_mut(GROUP)) {
        let warm = series
            .len()
            .min(1 + periods.iter().copied().max().unwrap_or(1));
        let mut state = State::new(series[warm - 1]);
        for (lane, (period, column)) in periods.iter().zip(columns.iter_mut()).enumerate() {
            let mut averages = [Wilder::new(*period), Wilder::new(*period)];
            column[0] = f64::NAN;
            for row in 1..warm {
                let [up, down] = sides(series[row] - series[row - 1]);
                let [gain, loss] = [averages[0].push(up), averages[1].push(down)];
                let both = gain.zip(loss);
                column[row] = both.map_or(f64::NAN, |(gain, loss)| rsi(gain, loss));
                if let Some((gain, loss)) = both {
                    (state.gain[lane], state.moved[lane]) = (gain, gain + loss);
                }
            }
            let n = *period as f64;
            (state.keep[lane], state.weight[lane]) = ((n - 1.0) / n, 1.0 / n);
        }
        let mut tiles = Tiles::new();
        let done = tiles.run(series, columns, warm, cancelled, |rows, tiles| {
            for (vector, tile) in tiles.iter_mut().enumerate() {
                simd::dispatch(Block {
                    state: &mut state,
                    vector,
                    rows,
                    tile,
                });
            }
            state.previous = rows[rows.len() - 1];
        });
        if !done {
            return false;
        }
    }
    true
}

/// A lane a period; those without one stay as they are.
struct State {
    previous: f64,
    keep: [f64; GROUP],
    weight: [f64; GROUP],
    gain: [f64; GROUP],
    /// Average gain plus average loss.
    moved: [f64; GROUP],
}

impl State {
    fn new(previous: f64) -> Self {
        State {
            previous,
            keep: [1.0; GROUP],
            weight: [0.0; GROUP],
            gain: [1.0; GROUP],
            moved: [1.0; GROUP],
        }
    }
}

/// Rows of one vector of periods.
struct Block<'a> {
    state: &'a mut State,
    vector: usize,
    rows: &'a [f64],
    tile: &'a mut [f64],
}

type Vector = [f64; TILE];

#[inline(always)]
fn each(f: impl Fn(usize) -> f64) -> Vector {
    std::array::from_fn(f)
}

impl Lanes for Block<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let from = self.vector * TILE;
        let of = |lanes: &[f64; GROUP]| each(|lane| lanes[from + lane]);
        let (keep, weight) = (of(&self.state.keep), of(&self.state.weight));
        let (mut gain, mut moved) = (of(&self.state.gain), of(&self.state.moved));
        let mut previous = self.state.previous;
        let mut row = 0;
        while row < self.rows.len() {
            let shared = if self.rows.len() - row < SHARED {
                1
            } else {
                SHARED
            };
            let (mut gains, mut sums) = ([[0.0; TILE]; SHARED], [[1.0; TILE]; SHARED]);
            for at in 0..SHARED {
                if at < shared {
                    let change = self.rows[row + at] - previous;
                    previous = self.rows[row + at];
                    let up = if change > 0.0 { change } else { 0.0 };
                    let size = change.abs();
                    gain = each(|l| keep[l] * gain[l] + weight[l] * up);
                    moved = each(|l| keep[l] * moved[l] + weight[l] * size);
                    (gains[at], sums[at]) = (gain, moved);
                }
            }
            // Sums only shrink from row to row where nothing moves: the last is not far above the least.
            let least = sums
                .iter()
                .flatten()
                .fold(f64::MAX, |a, b| if *b < a { *b } else { a });
            let shares: [Vector; SHARED] = if least > SMALLEST {
                let (p, q) = (
                    each(|l| sums[0][l] * sums[1][l]),
                    each(|l| sums[2][l] * sums[3][l]),
                );
                let inverse = each(|l| 100.0 / (p[l] * q[l]));
                let (p, q) = (each(|l| inverse[l] * q[l]), each(|l| inverse[l] * p[l]));
                [
                    each(|l| gains[0][l] * (p[l] * sums[1][l])),
                    each(|l| gains[1][l] * (p[l] * sums[0][l])),
                    each(|l| gains[2][l] * (q[l] * sums[3][l])),
                    each(|l| gains[3][l] * (q[l] * sums[2][l])),
                ]
            } else {
                std::array::from_fn(|at| {
                    each(|l| {
                        let share = 100.0 * (gains[at][l] / sums[at][l]);
                        if sums[at][l] > 0.0 { share } else { 50.0 }
                    })
                })
            };
            for at in 0..SHARED {
                if at < shared {
                    let out = &mut self.tile[(row + at) * TILE..(row + at + 1) * TILE];
                    for lane in 0..TILE {
                        let share = shares[at][lane];
                        let share = if share > 100.0 { 100.0 } else { share };
                        out[lane] = share;
                    }
                }
            }
            row += shared;
        }
        self.state.gain[from..from + TILE].copy_from_slice(&gain);
        self.state.moved[from..from + TILE].copy_from_slice(&moved);
    }
}
