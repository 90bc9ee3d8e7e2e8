//! Exponential averages of many periods: eight periods a vector, four vectors that do not wait for one
//! another.

use super::tiles::{GROUP, Tiles};
use crate::simd::{self, Lanes, TILE};

pub fn sweep(
    series: &[f64],
    periods: &[usize],
    columns: &mut [&mut [f64]],
    cancelled: &impl Fn() -> bool,
) -> bool {
    let origin = series[0];
    for (periods, columns) in periods.chunks(GROUP).zip(columns.chunks_mut(GROUP)) {
        let mut state = State::default();
        for (lane, period) in periods.iter().enumerate() {
            let weight = 2.0 / (*period as f64 + 1.0);
            (state.keep[lane], state.weight[lane]) = (1.0 - weight, weight);
        }
        let starts: Vec<usize> = periods.iter().map(|period| period - 1).collect();
        let longest = starts.iter().copied().max().unwrap_or(0);
        let mut sum = 0.0;
        let done = Tiles::new().run(series, columns, &starts, cancelled, |rows, tiles| {
            let last = rows.end - 1;
            if rows.start <= longest {
                let rows = &series[rows.start..rows.end.min(longest + 1)];
                sum = rows.iter().fold(sum, |sum, x| sum + (x - origin));
            }
            let at = (last - rows.start) * TILE;
            simd::dispatch(Block {
                state: &mut state,
                rows: &series[rows],
                origin,
                tiles,
            });
            // An average starts as the mean of the rows so far.
            for (lane, _) in starts
                .iter()
                .enumerate()
                .filter(|(_, start)| **start == last)
            {
                let mean = sum / periods[lane] as f64;
                state.value[lane] = mean;
                tiles[lane / TILE][at + lane % TILE] = mean + origin;
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
    value: [f64; GROUP],
}

struct Block<'a, 'b> {
    state: &'a mut State,
    rows: &'a [f64],
    origin: f64,
    tiles: &'a mut [&'b mut [f64]],
}

impl Lanes for Block<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let [a, b, c, d] = self.tiles else {
            unreachable!("as many tiles as vectors")
        };
        // Two vectors at a time: more numbers than that would not all stay in registers.
        let (first, second) = ([&mut **a, &mut **b], [&mut **c, &mut **d]);
        pair(self.state, 0, self.rows, self.origin, first);
        pair(self.state, 2 * TILE, self.rows, self.origin, second);
    }
}

#[inline(always)]
fn pair(state: &mut State, from: usize, rows: &[f64], origin: f64, [a, b]: [&mut [f64]; 2]) {
    let vector = |lanes: &[f64; GROUP], at: usize| -> [f64; TILE] {
        lanes[at..at + TILE].try_into().expect("a vector")
    };
    let other = from + TILE;
    let (keep, weight) = (vector(&state.keep, from), vector(&state.weight, from));
    let (keep2, weight2) = (vector(&state.keep, other), vector(&state.weight, other));
    let (mut y, mut z) = (vector(&state.value, from), vector(&state.value, other));
    let tiles = a.chunks_exact_mut(TILE).zip(b.chunks_exact_mut(TILE));
    for (x, (a, b)) in rows.iter().zip(tiles) {
        let x = x - origin;
        let (mut out, mut out2) = ([0.0; TILE], [0.0; TILE]);
        for lane in 0..TILE {
            y[lane] = keep[lane] * y[lane] + weight[lane] * x;
            out[lane] = y[lane] + origin;
        }
        for lane in 0..TILE {
            z[lane] = keep2[lane] * z[lane] + weight2[lane] * x;
            out2[lane] = z[lane] + origin;
        }
        a.copy_from_slice(&out);
        b.copy_from_slice(&out2);
    }
    state.value[from..from + TILE].copy_from_slice(&y);
    state.value[other..other + TILE].copy_from_slice(&z);
}
