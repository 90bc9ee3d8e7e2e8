//! The state machine of an indicator, and what it is wrapped in.

use super::{Gap, State, Words};

/// An indicator of `I` input columns and `O` outputs. Rows are finite.
pub trait Kernel<const I: usize, const O: usize>: State {
    /// Takes a row; none while warming up.
    fn next(&mut self, row: [f64; I]) -> Option<[f64; O]>;
}

/// An indicator behind a pointer.
pub trait Stream: State + Send + Sync {
    /// Computes columns of one length, carrying the state on.
    fn batch(&mut self, inputs: &[&[f64]], outputs: &mut [&mut [f64]], terms: Terms);
}

/// What a definition promises of its outputs.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// What a row with a missing value does.
    pub gap: Gap,
    /// Bounds that only rounding could pass.
    pub range: Option<(f64, f64)>,
}

/// Keeps missing values from a kernel.
struct Node<K, const I: usize, const O: usize> {
    kernel: K,
    /// The state before the first row.
    fresh: Vec<f64>,
    /// Whether the state is no longer fresh.
    used: bool,
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
    })
}

impl<K: Kernel<I, O>, const I: usize, const O: usize> State for Node<K, I, O> {
    fn save(&self, words: &mut Vec<f64>) {
        self.used.save(words);
        self.kernel.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.used.load(words);
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
        }
    }
}

impl<K: Kernel<I, O> + Send + Sync, const I: usize, const O: usize> Stream for Node<K, I, O> {
    fn batch(&mut self, inputs: &[&[f64]], outputs: &mut [&mut [f64]], terms: Terms) {
        let rows = outputs[0].len();
        let inputs: [&[f64]; I] = std::array::from_fn(|at| &inputs[at][..rows]);
        let mut rest = outputs.iter_mut();
        // One length for all, so that the compiler need not check every row.
        let mut outputs: [&mut [f64]; O] = std::array::from_fn(|_| {
            let output = rest.next().expect("as many as defined");
            &mut output[..rows]
        });
        let (least, most) = terms.range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        for row in 0..rows {
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
