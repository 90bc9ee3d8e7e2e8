//! Eight numbers side by side, where the compiler would not find the vectors by itself.

use std::ops::{Add, Div, Mul, Sub};

/// Numbers of an [`Eight`].
pub const EIGHT: usize = 8;

/// Eight numbers that are worked on at once: one vector of AVX-512, two of AVX2, or an array. Arithmetic is
/// that of `f64`, lane by lane, with the same bits everywhere.
///
/// Only [`dispatch`](super::dispatch) picks an implementation: the processor has its
/// instructions.
pub trait Eight:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// Whether `f64::mul_add` is an instruction.
    const FUSED: bool;

    /// One number in all lanes.
    fn splat(number: f64) -> Self;

    /// The numbers of an array.
    fn load(numbers: &[f64; EIGHT]) -> Self;

    /// Writes the numbers to an array.
    fn store(self, to: &mut [f64; EIGHT]);

    /// Writes the numbers to an array, around the caches where it is a line of theirs.
    fn stream(self, to: &mut [f64; EIGHT]);

    /// Sizes, without the sign.
    fn abs(self) -> Self;

    /// The other where it is larger, this one elsewhere.
    fn larger(self, other: Self) -> Self;

    /// The other where it is smaller, this one elsewhere.
    fn smaller(self, other: Self) -> Self;

    /// `same` in the lanes where both are equal, `other` elsewhere.
    fn where_equal(self, to: Self, same: Self, other: Self) -> Self;

    /// `more` in the lanes where this is above the limit, `other` elsewhere.
    fn where_above(self, limit: Self, more: Self, other: Self) -> Self;

    /// Lanes moved on by `N` places, 1 to 4: the first are the last of `before`.
    fn after<const N: usize>(self, before: Self) -> Self;

    /// Lane `k` of number `i` becomes lane `i` of number `k`.
    fn transpose(rows: [Self; EIGHT]) -> [Self; EIGHT];
}

/// A number, or eight of them: what is worked out the same way row by row and eight rows at a time.
pub trait Number: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// One number, in all lanes.
    fn of(number: f64) -> Self;

    /// The later where it is larger, the earlier elsewhere.
    fn higher(earlier: Self, later: Self) -> Self;

    /// The later where it is smaller, the earlier elsewhere.
    fn lower(earlier: Self, later: Self) -> Self;
}

impl Number for f64 {
    #[inline(always)]
    fn of(number: f64) -> Self {
        number
    }
    #[inline(always)]
    fn higher(earlier: f64, later: f64) -> f64 {
        if later > earlier { later } else { earlier }
    }
    #[inline(always)]
    fn lower(earlier: f64, later: f64) -> f64 {
        if later < earlier { later } else { earlier }
    }
}

impl<V: Eight> Number for V {
    #[inline(always)]
    fn of(number: f64) -> Self {
        V::splat(number)
    }
    #[inline(always)]
    fn higher(earlier: V, later: V) -> V {
        earlier.larger(later)
    }
    #[inline(always)]
    fn lower(earlier: V, later: V) -> V {
        earlier.smaller(later)
    }
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
    const FUSED: bool = cfg!(target_arch = "aarch64");

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
    fn stream(self, to: &mut [f64; EIGHT]) {
        self.store(to);
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Plain(self.0.map(f64::abs))
    }
    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        self.with(other, |a, b| if b > a { b } else { a })
    }
    #[inline(always)]
    fn smaller(self, other: Self) -> Self {
        self.with(other, |a, b| if b < a { b } else { a })
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
    fn after<const N: usize>(self, before: Self) -> Self {
        let lane = |lane: usize| match lane.checked_sub(N) {
            Some(lane) => self.0[lane],
            None => before.0[lane + EIGHT - N],
        };
        Plain(std::array::from_fn(lane))
    }
    #[inline(always)]
    fn transpose(rows: [Self; EIGHT]) -> [Self; EIGHT] {
        std::array::from_fn(|k| Plain(std::array::from_fn(|i| rows[i].0[k])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Lanes, Level, dispatch, limit};

    /// All operations on two eights, as bits.
    struct All<'a>(&'a [f64; EIGHT], &'a [f64; EIGHT]);

    impl Lanes for All<'_> {
        type Output = Vec<u64>;

        #[inline(always)]
        fn run<V: Eight>(self) -> Vec<u64> {
            let (a, b) = (V::load(self.0), V::load(self.1));
            let (one, two) = (V::splat(1.0), V::splat(2.0));
            let mut results = vec![
                a + b,
                a - b,
                a * b,
                a / b,
                a.abs(),
                a.larger(b),
                a.smaller(b),
                a.where_equal(b, one, two),
                a.where_above(b, one, two),
                a.after::<1>(b),
                a.after::<2>(b),
                a.after::<3>(b),
                a.after::<4>(b),
            ];
            results.extend(V::transpose([a, b, one, a + b, a - b, two, a * b, b]));
            let mut bits = Vec::new();
            for result in results {
                let mut numbers = [0.0; EIGHT];
                result.store(&mut numbers);
                // Of a NaN nobody asks which.
                bits.extend(numbers.map(|n| if n.is_nan() { u64::MAX } else { n.to_bits() }));
            }
            bits
        }
    }

    #[test]
    fn every_operation_gives_the_same_at_every_level() {
        let odd = [0.0, -0.0, f64::NAN, f64::INFINITY, -1.5, 3.0, 1e300, 5e-324];
        for turn in 0..EIGHT {
            let (mut a, mut b) = (odd, odd);
            a.rotate_left(turn);
            b[turn..].reverse();
            let of = |most| {
                limit(most);
                dispatch(All(&a, &b))
            };
            let plain = of(Level::Baseline);
            assert_eq!(of(Level::Avx2), plain, "{turn}");
            assert_eq!(of(Level::Avx512), plain, "{turn}");
        }
    }

    #[test]
    fn lanes_move_on_and_rows_become_columns() {
        let lanes = |from: usize| std::array::from_fn(|lane| (from + lane) as f64);
        let (before, now) = (Plain(lanes(0)), Plain(lanes(8)));
        assert_eq!(now.after::<3>(before).0, lanes(5));
        let rows = std::array::from_fn(|row| Plain(lanes(10 * row)));
        for (k, column) in Plain::transpose(rows).into_iter().enumerate() {
            assert_eq!(column.0, std::array::from_fn(|row| (10 * row + k) as f64));
        }
    }
}
