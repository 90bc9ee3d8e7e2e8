//! Exponential averages of many periods: eight periods a vector, four vectors that do not wait for one
//! another.

use super::tiles::{GROUP, Tiles};
use crate::indicators::engine::Ema;
use crate::simd::{self, Lanes, TILE};

pub fn sweep(
    series: &[f64],
    periods: &[usize],
    columns: &mut [&mut [f64]],
    cancelled: &impl Fn() -> bool,
) -> bool {
    let origin = series[0];
    for (periods, columns) in periods.chunks(GROUP).zip(columns.chunks_mut(GROUP)) {
        let warm = periods.iter().copied().max().unwrap_or(1).min(series.len());
        let mut state = State::default();
        for (lane, (period, column)) in periods.iter().zip(columns.iter_mut()).enumerate() {
            let mut average = Ema::new(*period);
            for (out, x) in column.iter_mut().zip(&series[..warm]) {
                *out = average.push(*x).unwrap_or(f64::NAN);
            }
            let weight = 2.0 / (*period as f64 + 1.0);
            (state.keep[lane], state.weight[lane]) = (1.0 - weight, weight);
            state.value[lane] = column[warm - 1] - origin;
        }
        let mut tiles = Tiles::new();
        let done = tiles.run(series, columns, warm, cancelled, |rows, tiles| {
            simd::dispatch(Block {
                state: &mut state,
                rows,
                origin,
                tiles,
            });
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
    value: [f64; GROUP],
}

struct Block<'a> {
    state: &'a mut State,
    rows: &'a [f64],
    origin: f64,
    tiles: &'a mut [Vec<f64>],
}

impl Lanes for Block<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let State {
            keep,
            weight,
            value,
        } = self.state;
        let (keep, weight, mut y) = (*keep, *weight, *value);
        let [a, b, c, d] = self.tiles else {
            unreachable!("as many tiles as vectors")
        };
        for (row, x) in self.rows.iter().enumerate() {
            let x = x - self.origin;
            for lane in 0..GROUP {
                y[lane] = keep[lane] * y[lane] + weight[lane] * x;
            }
            for (vector, tile) in [&mut *a, &mut *b, &mut *c, &mut *d].into_iter().enumerate() {
                let out: &mut [f64; TILE] = (&mut tile[row * TILE..(row + 1) * TILE])
                    .try_into()
                    .expect("a row of a tile");
                for lane in 0..TILE {
                    out[lane] = y[vector * TILE + lane] + self.origin;
                }
            }
        }
        *value = y;
    }
}
