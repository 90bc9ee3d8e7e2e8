//! Work on replicates in several threads: each replicate is computed from its number alone.

/// Splits `out` into contiguous parts of whole `unit`s, one a thread, and calls `work` with the number
/// of the first replicate of each. `threads` of 0 takes as many as the machine offers.
pub(super) fn split<T: Send>(
    out: &mut [T],
    unit: usize,
    threads: usize,
    work: impl Fn(usize, &mut [T]) + Sync,
) {
    let available = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if threads == 0 { available() } else { threads };
    let units = out.len().div_ceil(unit);
    let length = units.div_ceil(threads.clamp(1, units.max(1))).max(1) * unit;
    if out.len() <= length {
        work(0, out);
        return;
    }
    std::thread::scope(|scope| {
        for (part, slots) in out.chunks_mut(length).enumerate() {
            let work = &work;
            scope.spawn(move || work(part * length, slots));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_replicate_is_worked_on_once_under_its_number() {
        for (length, unit, threads) in [(0, 4, 3), (1, 4, 3), (10, 4, 3), (100, 8, 7), (5, 1, 99)] {
            let mut out = vec![usize::MAX; length];
            split(&mut out, unit, threads, |first, slots| {
                for (at, slot) in slots.iter_mut().enumerate() {
                    *slot = first + at;
                }
            });
            assert_eq!(out, (0..length).collect::<Vec<_>>());
        }
    }
}
