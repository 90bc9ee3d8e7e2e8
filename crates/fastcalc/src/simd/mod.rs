//! The widest vectors of this processor, for loops in plain Rust.
//!
//! A [`Lanes`] task is compiled once for every set of instructions and the best one that the processor
//! has is called. Rust never reorders or contracts arithmetic, so every level gives the same bits. This
//! is the only module of the crate with unsafe code.
#![allow(unsafe_code)]

mod columns;
mod eight;
mod prefetch;
mod stream;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use columns::Columns;
pub use eight::{EIGHT, Eight, Number, Plain};
pub use prefetch::{prefetch, prefetch_after};
pub use stream::{settle_streams, stream};

use std::sync::atomic::{AtomicU8, Ordering};

/// Sets of vector instructions, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// What the target has in any case: SSE2 on x86-64, NEON on AArch64.
    Baseline = 1,
    /// AVX2 and FMA: four numbers at a time.
    Avx2 = 2,
    /// AVX-512 F, DQ and VL: eight numbers at a time.
    Avx512 = 3,
}

impl Level {
    /// Its name: `sse2`, `neon`, `avx2`, `avx512`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Baseline if cfg!(target_arch = "aarch64") => "neon",
            Level::Baseline if cfg!(target_arch = "x86_64") => "sse2",
            Level::Baseline => "scalar",
            Level::Avx2 => "avx2",
            Level::Avx512 => "avx512",
        }
    }

    /// The level of this name, where this target can have it.
    pub fn named(name: &str) -> Option<Self> {
        let all = [Level::Baseline, Level::Avx2, Level::Avx512];
        all.into_iter().find(|level| level.name() == name)
    }
}

/// Work whose loops are worth compiling for each level.
pub trait Lanes {
    /// What it gives.
    type Output;

    /// Does it. Must be `#[inline(always)]`, like all it calls in its loops: only what is inlined is
    /// compiled for the level. `V` is a vector of that level.
    fn run<V: Eight>(self) -> Self::Output;
}

/// 0 until the processor was asked.
static LEVEL: AtomicU8 = AtomicU8::new(0);

/// The level in use.
#[inline]
pub fn level() -> Level {
    match LEVEL.load(Ordering::Relaxed) {
        3 => Level::Avx512,
        2 => Level::Avx2,
        1 => Level::Baseline,
        _ => limit(Level::Avx512),
    }
}

/// Uses the best level up to `most` and returns it. For tests and measurements: results are the same.
#[cold]
pub fn limit(most: Level) -> Level {
    let level = detect().min(most);
    LEVEL.store(level as u8, Ordering::Relaxed);
    level
}

#[cfg(target_arch = "x86_64")]
fn detect() -> Level {
    let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    let wide = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl");
    match (avx2, wide) {
        (true, true) => Level::Avx512,
        (true, false) => Level::Avx2,
        _ => Level::Baseline,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn detect() -> Level {
    Level::Baseline
}

/// Runs a task at the level in use.
#[inline]
#[cfg(target_arch = "x86_64")]
pub fn dispatch<T: Lanes>(task: T) -> T::Output {
    match level() {
        // SAFETY: `LEVEL` only ever holds what `detect` found, so the processor has these instructions.
        Level::Avx512 => unsafe { avx512(task) },
        // SAFETY: as above.
        Level::Avx2 => unsafe { avx2(task) },
        Level::Baseline => task.run::<Plain>(),
    }
}

/// Runs a task at the level in use.
#[inline]
#[cfg(not(target_arch = "x86_64"))]
pub fn dispatch<T: Lanes>(task: T) -> T::Output {
    task.run::<Plain>()
}

/// # Safety
/// The processor must have AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn avx2<T: Lanes>(task: T) -> T::Output {
    task.run::<x86::Halves>()
}

/// # Safety
/// The processor must have AVX2, FMA and AVX-512 F, DQ and VL.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512dq,avx512vl")]
unsafe fn avx512<T: Lanes>(task: T) -> T::Output {
    task.run::<x86::Wide>()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Dot<'a>(&'a [f64], &'a [f64]);

    impl Lanes for Dot<'_> {
        type Output = f64;
        #[inline(always)]
        fn run<V: Eight>(self) -> f64 {
            self.0.iter().zip(self.1).map(|(a, b)| a * b).sum()
        }
    }

    #[test]
    fn every_level_of_this_processor_gives_the_same_bits() {
        let a: Vec<f64> = (0..101).map(|i| 1.0 / f64::from(i + 3)).collect();
        let b: Vec<f64> = (0..101).map(|i| f64::from(i * i) / 7.0).collect();
        let of = |most| {
            limit(most);
            dispatch(Dot(&a, &b)).to_bits()
        };
        let base = of(Level::Baseline);
        assert_eq!(of(Level::Avx2), base);
        assert_eq!(of(Level::Avx512), base);
    }

    #[test]
    fn levels_have_names_of_their_own() {
        for level in [Level::Baseline, Level::Avx2, Level::Avx512] {
            assert_eq!(Level::named(level.name()), Some(level));
        }
        assert_eq!(Level::named("mmx"), None);
    }
}
