//! The state machine of an indicator, and what it is wrapped in.

use super::block_columns::BLOCK;
use super::work::Work;
use super::{Gap, State, Words};
use crate::simd::{self, EIGHT, Eight, Lanes};

/// An indicator of `I` input columns and `O` outputs. Rows are finite.
pub trait Kernel<const I: usize, const O: usize>: State + Sized {
    /// Whether [`block`](Self::block) is more than `next` row by row.
    const BLOCKS: bool = false;

    /// Takes a row; none while warming up.
    fn next(&mut self, row: [f64; I]) -> Option<[f64; O]>;

    /// Takes at most [`BLOCK`] rows, writing NaN while warming up, and leaves the state as `next` would:
    /// the same bits. All values ever taken were [tame](super::is_tame), so that no result may overflow.
    /// To be `#[inline(always)]`, like all that its loops call.
    #[inline(always)]
    fn block<V: Eight>(
        &mut self,
        inputs: [&[f64]; I],
        mut outputs: [&mut [f64]; O],
        _work: &mut Work,
    ) {
        settle(self, &inputs, &mut outputs, |_, _| false);
    }
}

/// Takes rows one by one until the kernel is `warm`; the columns from there on.
#[inline(always)]
pub fn settled<'a, 'b, K: Kernel<I, O>, const I: usize, const O: usize>(
    kernel: &mut K,
    inputs: [&'a [f64]; I],
    mut outputs: [&'b mut [f64]; O],
    warm: fn(&K) -> bool,
) -> ([&'a [f64]; I], [&'b mut [f64]; O]) {
    let done = settle(kernel, &inputs, &mut outputs, |kernel, _| warm(kernel));
    (
        inputs.map(|input| &input[done..]),
        outputs.map(|output| &mut output[done..]),
    )
}

/// Says of the first rows that there is nothing for them: they were taken by the block, too, because one by one
/// costs more.
#[inline(always)]
pub fn blank<const O: usize>(outputs: [&mut [f64]; O], cold: usize) {
    for output in outputs {
        let cold = cold.min(output.len());
        output[..cold].fill(f64::NAN);
    }
}

/// As [`settled`], and until the number of rows that are left is a multiple of eight.
#[inline(always)]
pub fn settled_by_eights<'a, 'b, K: Kernel<I, O>, const I: usize, const O: usize>(
    kernel: &mut K,
    inputs: [&'a [f64]; I],
    mut outputs: [&'b mut [f64]; O],
    warm: fn(&K) -> bool,
) -> ([&'a [f64]; I], [&'b mut [f64]; O]) {
    let done = settle(kernel, &inputs, &mut outputs, |kernel, left| {
        left.is_multiple_of(EIGHT) && warm(kernel)
    });
    (
        inputs.map(|input| &input[done..]),
        outputs.map(|output| &mut output[done..]),
    )
}

#[inline(never)]
fn settle<K: Kernel<I, O>, const I: usize, const O: usize>(
    kernel: &mut K,
    inputs: &[&[f64]; I],
    outputs: &mut [&mut [f64]; O],
    settled: impl Fn(&K, usize) -> bool,
) -> usize {
    let rows = outputs[0].len();
    let mut row = 0;
    while row < rows && !settled(kernel, rows - row) {
        let result = kernel.next(std::array::from_fn(|at| inputs[at][row]));
        let values = result.unwrap_or([f64::NAN; O]);
        for (output, value) in outputs.iter_mut().zip(values) {
            output[row] = value;
        }
        row += 1;
    }
    row
}

/// An indicator behind a pointer.
pub trait Stream: State + Send + Sync {
    /// Computes columns of one length, carrying the state on.
    fn batch(
        &mut self,
        inputs: &[&[f64]],
        outputs: &mut [&mut [f64]],
        terms: Terms,
        work: &mut Work,
    );

    /// Back to before the first row.
    fn reset(&mut self);

    /// Whether it is before the first row.
    fn is_fresh(&self) -> bool;
}

/// What a definition promises of its outputs.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// What a row with a missing value does.
    pub gap: Gap,
    /// Bounds that only rounding could pass.
    pub range: Option<(f64, f64)>,
    /// Whether all inputs of this call are [tame](super::is_tame).
    pub tame: bool,
}

/// Keeps missing values from a kernel.
struct Node<K, const I: usize, const O: usize> {
    kernel: K,
    /// The state before the first row.
    fresh: Vec<f64>,
    /// Whether the state is no longer fresh.
    used: bool,
    /// Whether a value was taken that is not tame: blocks could overflow from then on.
    wild: bool,
}

/// Wraps a kernel that has seen nothing.
pub fn node<K, const I: usize, const O: usize>(kernel: K) -> Box<dyn Stream>
where
    K: Kernel<I, O> + Send + Sync + 'static,
{
    let mut fresh = Vec::new();
    kernel.save(&mut fresh);
    Box::new(Node::<K, I, O> {
        kernel,
        fresh,
        used: false,
        wild: false,
    })
}

impl<K: Kernel<I, O>, const I: usize, const O: usize> State for Node<K, I, O> {
    fn save(&self, words: &mut Vec<f64>) {
        self.used.save(words);
        self.wild.save(words);
        self.kernel.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.used.load(words);
        self.wild.load(words);
        self.kernel.load(words);
    }
}

impl<K: Kernel<I, O>, const I: usize, const O: usize> Node<K, I, O> {
    #[cold]
    #[inline(never)]
    fn restart(&mut self) {
        if self.used {
            self.kernel.load(&mut Words::new(&self.fresh));
            self.used = false;
            self.wild = false;
        }
    }

    /// One row after the other, prepared for anything.
    fn rows(&mut self, inputs: [&[f64]; I], mut outputs: [&mut [f64]; O], terms: Terms) {
        let (least, most) = terms.range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        for row in 0..outputs[0].len() {
            let values: [f64; I] = std::array::from_fn(|at| inputs[at][row]);
            if values.iter().any(|v| v.is_nan()) && terms.gap != Gap::Seen {
                for output in &mut outputs {
                    output[row] = f64::NAN;
                }
                if terms.gap == Gap::Restart {
                    self.restart();
                }
                continue;
            }
            self.used = true;
            if K::BLOCKS && !terms.tame {
                self.wild |= !values.iter().all(|v| super::is_tame(*v));
            }
            let Some(result) = self.kernel.next(values) else {
                for output in &mut outputs {
                    output[row] = f64::NAN;
                }
                continue;
            };
            let mut overflow = false;
            for (output, value) in outputs.iter_mut().zip(result) {
                overflow |= value.is_infinite();
                // NaN stays NaN.
                output[row] = value.clamp(least, most);
            }
            if overflow {
                // Numbers left the range of f64: nothing, rather than infinity from here on.
                for output in &mut outputs {
                    output[row] = f64::NAN;
                }
                self.restart();
            }
        }
    }
}

/// Fewer rows than this are not worth a block.
const FEW: usize = 4;

/// A block of a kernel, compiled for each level of vectors.
struct Block<'a, 'b, K, const I: usize, const O: usize> {
    kernel: &'a mut K,
    inputs: [&'a [f64]; I],
    outputs: [&'b mut [f64]; O],
    range: Option<(f64, f64)>,
    work: &'a mut Work,
}

impl<K: Kernel<I, O>, const I: usize, const O: usize> Lanes for Block<'_, '_, K, I, O> {
    type Output = ();

    #[inline(always)]
    fn run<V: Eight>(mut self) {
        let outputs = self.outputs.each_mut().map(|output| &mut **output);
        self.kernel.block::<V>(self.inputs, outputs, self.work);
        if let Some((least, most)) = self.range {
            for output in &mut self.outputs {
                for value in output.iter_mut() {
                    // NaN stays NaN.
                    let raised = if *value < least { least } else { *value };
                    *value = if raised > most { most } else { raised };
                }
            }
        }
    }
}

impl<K: Kernel<I, O> + Send + Sync, const I: usize, const O: usize> Stream for Node<K, I, O> {
    fn reset(&mut self) {
        self.restart();
    }

    fn is_fresh(&self) -> bool {
        !self.used
    }

    fn batch(
        &mut self,
        inputs: &[&[f64]],
        outputs: &mut [&mut [f64]],
        terms: Terms,
        work: &mut Work,
    ) {
        let rows = outputs[0].len();
        let inputs: [&[f64]; I] = std::array::from_fn(|at| &inputs[at][..rows]);
        let mut rest = outputs.iter_mut();
        // One length for all, so that the compiler need not check every row.
        let outputs: [&mut [f64]; O] = std::array::from_fn(|_| {
            let output = rest.next().expect("as many as defined");
            &mut output[..rows]
        });
        if !(K::BLOCKS && terms.tame && !self.wild && (FEW..=BLOCK).contains(&rows)) {
            self.rows(inputs, outputs, terms);
            return;
        }
        self.used = true;
        simd::dispatch(Block {
            kernel: &mut self.kernel,
            inputs,
            outputs,
            range: terms.range,
            work,
        });
    }
}

/// An indicator without state: a function of the row.
pub struct Map<F>(pub F);

impl<F> State for Map<F> {
    fn save(&self, _words: &mut Vec<f64>) {}
    fn load(&mut self, _words: &mut Words<'_>) {}
}

impl<F: Fn([f64; I]) -> [f64; O], const I: usize, const O: usize> Kernel<I, O> for Map<F> {
    #[inline]
    fn next(&mut self, row: [f64; I]) -> Option<[f64; O]> {
        Some((self.0)(row))
    }
}
