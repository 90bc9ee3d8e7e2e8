//! Eight numbers side by side, where the compiler would not find the vectors by itself.

use std::ops::{Add, Div, Mul, Sub};

/// Numbers of an [`Eight`].
pub const EIGHT: usize = 8;

/// Eight numbers that are worked on at once: one vector of AVX-512, two of AVX2, or an array. Arithmetic is
/// that of `f64`, lane by lane, with the same bits everywhere.
///
/// Only [`dispatch_eights`](super::dispatch_eights) picks an implementation: the processor has its
/// instructions.
pub trait Eight:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// One number in all lanes.
    fn splat(number: f64) -> Self;

    /// The numbers of an array.
    fn load(numbers: &[f64; EIGHT]) -> Self;

    /// Writes the numbers to an array.
    fn store(self, to: &mut [f64; EIGHT]);

    /// `same` in the lanes where both are equal, `other` elsewhere.
    fn where_equal(self, to: Self, same: Self, other: Self) -> Self;

    /// `more` in the lanes where this is above the limit, `other` elsewhere.
    fn where_above(self, limit: Self, more: Self, other: Self) -> Self;

    /// Lane `k` of number `i` becomes lane `i` of number `k`.
    fn transpose(rows: [Self; EIGHT]) -> [Self; EIGHT];
}

/// Work on [`Eight`]s that is compiled once for every set of instructions.
pub trait Eights {
    /// What it gives.
    type Output;

    /// Does it. Must be `#[inline(always)]`, like all it calls in its loops.
    fn run<V: Eight>(self) -> Self::Output;
}

/// An array, for processors without wider vectors.
#[derive(Clone, Copy)]
pub struct Plain([f64; EIGHT]);

impl Plain {
    #[inline(always)]
    fn with(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Plain(std::array::from_fn(|lane| f(self.0[lane], other.0[lane])))
    }
}

macro_rules! operators {
    ($($operator:ident $method:ident),*) => {$(
        impl $operator for Plain {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                self.with(other, f64::$method)
            }
        }
    )*};
}
operators!(Add add, Sub sub, Mul mul, Div div);

impl Eight for Plain {
    #[inline(always)]
    fn splat(number: f64) -> Self {
        Plain([number; EIGHT])
    }
    #[inline(always)]
    fn load(numbers: &[f64; EIGHT]) -> Self {
        Plain(*numbers)
    }
    #[inline(always)]
    fn store(self, to: &mut [f64; EIGHT]) {
        *to = self.0;
    }
    #[inline(always)]
    fn where_equal(self, to: Self, same: Self, other: Self) -> Self {
        let pick = |lane: usize| {
            if self.0[lane] == to.0[lane] {
                same.0[lane]
            } else {
                other.0[lane]
            }
        };
        Plain(std::array::from_fn(pick))
    }
    #[inline(always)]
    fn where_above(self, limit: Self, more: Self, other: Self) -> Self {
        let pick = |lane: usize| {
            if self.0[lane] > limit.0[lane] {
                more.0[lane]
            } else {
                other.0[lane]
            }
        };
        Plain(std::array::from_fn(pick))
    }
    #[inline(always)]
    fn transpose(rows: [Self; EIGHT]) -> [Self; EIGHT] {
        std::array::from_fn(|k| Plain(std::array::from_fn(|i| rows[i].0[k])))
    }
}
