//! Writing to memory that nobody reads soon.

use super::{EIGHT, Eight, Lanes, dispatch};

/// Copies values to memory around the caches: what is written whole need not be read first, and what is in the
/// caches stays there. To be followed by [`settle_streams`]. Both are of one length.
pub fn stream(from: &[f64], to: &mut [f64]) {
    dispatch(Copy { from, to });
}

/// What was streamed is seen by other threads before what is written after this.
pub fn settle_streams() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: SSE is part of x86-64.
    unsafe {
        std::arch::x86_64::_mm_sfence();
    }
}

struct Copy<'a> {
    from: &'a [f64],
    to: &'a mut [f64],
}

impl Lanes for Copy<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Eight>(self) {
        let Copy { from, to } = self;
        let line = EIGHT * size_of::<f64>();
        let first = to.as_ptr().align_offset(line).min(to.len());
        let (from, to) = (&from[..to.len()], to);
        to[..first].copy_from_slice(&from[..first]);
        let (from, to) = (&from[first..], &mut to[first..]);
        let rest = to.len() / EIGHT * EIGHT;
        to[rest..].copy_from_slice(&from[rest..]);
        let lines = to.as_chunks_mut::<EIGHT>().0;
        for (from, to) in from.as_chunks::<EIGHT>().0.iter().zip(lines) {
            V::load(from).stream(to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Level, limit};

    #[test]
    fn values_arrive_wherever_the_memory_begins_and_ends_at_every_level() {
        let from: Vec<f64> = (0..100).map(f64::from).collect();
        for most in [Level::Baseline, Level::Avx2, Level::Avx512] {
            limit(most);
            for start in 0..9 {
                for end in start..100 {
                    let mut to = vec![-1.0; 100];
                    stream(&from[start..end], &mut to[start..end]);
                    settle_streams();
                    for (at, value) in to.iter().enumerate() {
                        let inside = (start..end).contains(&at);
                        assert_eq!(*value, if inside { from[at] } else { -1.0 });
                    }
                }
            }
        }
    }
}
