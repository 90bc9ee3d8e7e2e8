//! Asking for memory before it is needed.

use super::EIGHT;

/// Bytes of a cache line.
const LINE: usize = 64;

/// Asks for the lines of these values, to be read or overwritten soon. The processor's own guesses end
/// with every page of memory.
#[inline]
pub fn prefetch(values: &[f64]) {
    #[cfg(target_arch = "x86_64")]
    for line in values.chunks(LINE / size_of::<f64>()) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch reads nothing; SSE is part of x86-64.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, LINE);
}

/// Asks for the line that begins `rows` rows after these, whether or not there is one.
#[inline(always)]
pub fn prefetch_after(values: &[f64; EIGHT], rows: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let line = values.as_ptr().wrapping_add(rows);
        // SAFETY: a prefetch reads nothing, whatever the address; SSE is part of x86-64.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, rows);
}
