//! Loops over rows of several columns, eight rows at a time.

use crate::simd::{EIGHT, Eight, prefetch_after};

/// Rows side by side: a vector of AVX-512, two of AVX2.
const WIDTH: usize = 8;

/// Calls `f` with a row of all `inputs` and writes what it gives into all `outputs`.
#[inline(always)]
pub fn lanes<const I: usize, const O: usize>(
    inputs: [&[f64]; I],
    outputs: [&mut [f64]; O],
    f: impl Fn([f64; I]) -> [f64; O],
) {
    lanes_over(inputs, outputs, |row, _| f(row));
}

/// Calls `f` with a row of all `inputs` and of all `columns` and overwrites the latter.
///
/// Eight rows are read before any is written, so that the compiler need not fear that columns overlap:
/// with more than a few of them it would not use vectors otherwise.
#[inline(always)]
pub fn lanes_over<const I: usize, const O: usize>(
    inputs: [&[f64]; I],
    columns: [&mut [f64]; O],
    f: impl Fn([f64; I], [f64; O]) -> [f64; O],
) {
    let n = columns[0].len();
    let inputs = inputs.map(|input| &input[..n]);
    let mut columns = columns.map(|column| &mut column[..n]);
    let whole = n / WIDTH * WIDTH;
    for at in (0..whole).step_by(WIDTH) {
        let x: [[f64; WIDTH]; I] = std::array::from_fn(|k| eight(&inputs[k][at..]));
        let mut y: [[f64; WIDTH]; O] = std::array::from_fn(|k| eight(&columns[k][at..]));
        for lane in 0..WIDTH {
            let old = std::array::from_fn(|k| y[k][lane]);
            let row = f(std::array::from_fn(|k| x[k][lane]), old);
            for k in 0..O {
                y[k][lane] = row[k];
            }
        }
        for (column, y) in columns.iter_mut().zip(&y) {
            column[at..at + WIDTH].copy_from_slice(y);
        }
    }
    for at in whole..n {
        let old = std::array::from_fn(|k| columns[k][at]);
        let row = f(std::array::from_fn(|k| inputs[k][at]), old);
        for (column, value) in columns.iter_mut().zip(row) {
            column[at] = value;
        }
    }
}

#[inline(always)]
fn eight(column: &[f64]) -> [f64; WIDTH] {
    column[..WIDTH].try_into().expect("a width")
}

/// Goes through rows of all inputs and outputs, eight at a time: their number is a multiple of eight.
///
/// A loop over [`read`](Self::read) and [`write`](Self::write), not a closure: what a closure keeps from row to
/// row would not always stay in vectors.
pub struct Eights<'a, 'b, const I: usize, const O: usize> {
    inputs: [&'a [[f64; EIGHT]]; I],
    outputs: [&'b mut [[f64; EIGHT]]; O],
    count: usize,
    /// Rows ahead that memory is asked for, 0 not to, and of how many inputs.
    ahead: usize,
    asked: usize,
    /// Eights that were read.
    at: usize,
}

impl<'a, 'b, const I: usize, const O: usize> Eights<'a, 'b, I, O> {
    /// As many rows as the outputs have.
    #[inline(always)]
    pub fn new(inputs: [&'a [f64]; I], outputs: [&'b mut [f64]; O]) -> Self {
        let count = outputs[0].len() / EIGHT;
        debug_assert!(outputs[0].len().is_multiple_of(EIGHT));
        Eights {
            inputs: inputs.map(|input| &input.as_chunks().0[..count]),
            outputs: outputs.map(|output| &mut output.as_chunks_mut().0[..count]),
            count,
            ahead: 0,
            asked: 0,
            at: 0,
        }
    }

    /// Asks for the memory of rows of the first inputs that come so much later, 0 not to: while it waits for its own
    /// results a processor has time for that.
    #[inline(always)]
    pub fn asking_ahead(mut self, rows: usize, inputs: usize) -> Self {
        (self.ahead, self.asked) = (rows, inputs);
        self
    }

    /// Eight rows of all inputs, until there are no more.
    #[inline(always)]
    pub fn read<V: Eight>(&mut self) -> Option<[V; I]> {
        if self.at >= self.count {
            return None;
        }
        let mut x = [V::splat(0.0); I];
        for (k, (x, input)) in x.iter_mut().zip(self.inputs).enumerate() {
            *x = V::load(&input[self.at]);
            if self.ahead > 0 && k < self.asked {
                prefetch_after(&input[self.at], self.ahead);
            }
        }
        self.at += 1;
        Some(x)
    }

    /// Writes results of the rows that were read last to all outputs.
    #[inline(always)]
    pub fn write<V: Eight>(&mut self, y: [V; O]) {
        for (output, y) in self.outputs.iter_mut().zip(y) {
            y.store(&mut output[self.at - 1]);
        }
    }
}
