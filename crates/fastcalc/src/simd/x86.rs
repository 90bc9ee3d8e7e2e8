//! [`Eight`] with the vectors of x86-64.
//!
//! Values of these types are made only in code that [`dispatch`](super::dispatch) has
//! picked: the processor has the instructions, which is all that the functions called here ask for,
//! besides memory that arrays of eight numbers always have.

use super::eight::{EIGHT, Eight};
use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Sub};

/// Bytes of a line of the caches.
const LINE: usize = 64;

/// One vector of AVX-512 F.
#[derive(Clone, Copy)]
pub struct Wide(__m512d);

/// Two vectors of AVX2: lanes 0 to 3, lanes 4 to 7.
#[derive(Clone, Copy)]
pub struct Halves([__m256d; 2]);

macro_rules! operators {
    ($($operator:ident $method:ident $wide:ident $half:ident),*) => {$(
        impl $operator for Wide {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                // SAFETY: the processor has AVX-512 F, see above.
                Wide(unsafe { $wide(self.0, other.0) })
            }
        }
        impl $operator for Halves {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                let ([a, b], [c, d]) = (self.0, other.0);
                // SAFETY: the processor has AVX2, see above.
                Halves(unsafe { [$half(a, c), $half(b, d)] })
            }
        }
    )*};
}
operators!(
    Add add _mm512_add_pd _mm256_add_pd,
    Sub sub _mm512_sub_pd _mm256_sub_pd,
    Mul mul _mm512_mul_pd _mm256_mul_pd,
    Div div _mm512_div_pd _mm256_div_pd
);

impl Eight for Wide {
    const FUSED: bool = true;

    #[inline(always)]
    fn splat(number: f64) -> Self {
        // SAFETY: the processor has AVX-512 F, see above.
        Wide(unsafe { _mm512_set1_pd(number) })
    }
    #[inline(always)]
    fn load(numbers: &[f64; EIGHT]) -> Self {
        // SAFETY: as above; eight numbers are read.
        Wide(unsafe { _mm512_loadu_pd(numbers.as_ptr()) })
    }
    #[inline(always)]
    fn store(self, to: &mut [f64; EIGHT]) {
        // SAFETY: as above; eight numbers are written.
        unsafe { _mm512_storeu_pd(to.as_mut_ptr(), self.0) }
    }
    #[inline(always)]
    fn stream(self, to: &mut [f64; EIGHT]) {
        let to = to.as_mut_ptr();
        if to.align_offset(LINE) != 0 {
            // SAFETY: as above; eight numbers are written.
            return unsafe { _mm512_storeu_pd(to, self.0) };
        }
        // SAFETY: as above; the address is that of a line.
        unsafe { _mm512_stream_pd(to, self.0) }
    }
    #[inline(always)]
    fn abs(self) -> Self {
        // SAFETY: as above.
        Wide(unsafe { _mm512_abs_pd(self.0) })
    }
    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        // SAFETY: as above. Of equals and of no numbers it is the second.
        Wide(unsafe { _mm512_max_pd(other.0, self.0) })
    }
    #[inline(always)]
    fn smaller(self, other: Self) -> Self {
        // SAFETY: as above. Of equals and of no numbers it is the second.
        Wide(unsafe { _mm512_min_pd(other.0, self.0) })
    }
    #[inline(always)]
    fn where_equal(self, to: Self, same: Self, other: Self) -> Self {
        // SAFETY: as above.
        Wide(unsafe {
            let equal = _mm512_cmp_pd_mask::<_CMP_EQ_OQ>(self.0, to.0);
            _mm512_mask_blend_pd(equal, other.0, same.0)
        })
    }
    #[inline(always)]
    fn where_above(self, limit: Self, more: Self, other: Self) -> Self {
        // SAFETY: as above.
        Wide(unsafe {
            let above = _mm512_cmp_pd_mask::<_CMP_GT_OQ>(self.0, limit.0);
            _mm512_mask_blend_pd(above, other.0, more.0)
        })
    }
    #[inline(always)]
    fn after<const N: usize>(self, before: Self) -> Self {
        // SAFETY: as above.
        Wide(unsafe {
            let (now, before) = (_mm512_castpd_si512(self.0), _mm512_castpd_si512(before.0));
            _mm512_castsi512_pd(match N {
                1 => _mm512_alignr_epi64::<7>(now, before),
                2 => _mm512_alignr_epi64::<6>(now, before),
                3 => _mm512_alignr_epi64::<5>(now, before),
                _ => _mm512_alignr_epi64::<4>(now, before),
            })
        })
    }
    #[inline(always)]
    fn transpose(rows: [Self; EIGHT]) -> [Self; EIGHT] {
        let [a, b, c, d, e, f, g, h] = rows;
        // Rows by twos, by fours, by eights: each step puts their columns closer together.
        let [ab, cd, ef, gh] = [a.pairs(b), c.pairs(d), e.pairs(f), g.pairs(h)];
        let [a, c] = ab[0].quarters(cd[0]);
        let [b, d] = ab[1].quarters(cd[1]);
        let [e, g] = ef[0].quarters(gh[0]);
        let [f, h] = ef[1].quarters(gh[1]);
        let [a, e] = a.quarters(e);
        let [b, f] = b.quarters(f);
        let [c, g] = c.quarters(g);
        let [d, h] = d.quarters(h);
        [a, b, c, d, e, f, g, h]
    }
}

impl Wide {
    /// Even lanes of both by turns, and odd lanes.
    #[inline(always)]
    fn pairs(self, other: Self) -> [Self; 2] {
        // SAFETY: the processor has AVX-512 F, see above.
        unsafe {
            [
                Wide(_mm512_unpacklo_pd(self.0, other.0)),
                Wide(_mm512_unpackhi_pd(self.0, other.0)),
            ]
        }
    }

    /// Pairs of lanes: the first and third of both, the second and fourth of both.
    #[inline(always)]
    fn quarters(self, other: Self) -> [Self; 2] {
        // SAFETY: the processor has AVX-512 F, see above.
        unsafe {
            [
                Wide(_mm512_shuffle_f64x2::<0x88>(self.0, other.0)),
                Wide(_mm512_shuffle_f64x2::<0xdd>(self.0, other.0)),
            ]
        }
    }
}

impl Eight for Halves {
    const FUSED: bool = true;

    #[inline(always)]
    fn splat(number: f64) -> Self {
        // SAFETY: the processor has AVX2, see above.
        Halves([unsafe { _mm256_set1_pd(number) }; 2])
    }
    #[inline(always)]
    fn load(numbers: &[f64; EIGHT]) -> Self {
        let (low, high) = numbers.split_at(EIGHT / 2);
        // SAFETY: as above; four numbers are read twice.
        Halves(unsafe {
            [
                _mm256_loadu_pd(low.as_ptr()),
                _mm256_loadu_pd(high.as_ptr()),
            ]
        })
    }
    #[inline(always)]
    fn store(self, to: &mut [f64; EIGHT]) {
        let (low, high) = to.split_at_mut(EIGHT / 2);
        // SAFETY: as above; four numbers are written twice.
        unsafe {
            _mm256_storeu_pd(low.as_mut_ptr(), self.0[0]);
            _mm256_storeu_pd(high.as_mut_ptr(), self.0[1]);
        }
    }
    #[inline(always)]
    fn stream(self, to: &mut [f64; EIGHT]) {
        if to.as_ptr().align_offset(LINE) != 0 {
            return self.store(to);
        }
        let (low, high) = to.split_at_mut(EIGHT / 2);
        // SAFETY: as above; the addresses are those of the halves of a line.
        unsafe {
            _mm256_stream_pd(low.as_mut_ptr(), self.0[0]);
            _mm256_stream_pd(high.as_mut_ptr(), self.0[1]);
        }
    }
    #[inline(always)]
    fn abs(self) -> Self {
        let [a, b] = self.0;
        // SAFETY: as above.
        Halves(unsafe {
            let sign = _mm256_set1_pd(-0.0);
            [_mm256_andnot_pd(sign, a), _mm256_andnot_pd(sign, b)]
        })
    }
    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.0, other.0);
        // SAFETY: as above. Of equals and of no numbers it is the second.
        Halves(unsafe { [_mm256_max_pd(c, a), _mm256_max_pd(d, b)] })
    }
    #[inline(always)]
    fn smaller(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.0, other.0);
        // SAFETY: as above. Of equals and of no numbers it is the second.
        Halves(unsafe { [_mm256_min_pd(c, a), _mm256_min_pd(d, b)] })
    }
    #[inline(always)]
    fn where_equal(self, to: Self, same: Self, other: Self) -> Self {
        self.compare::<_CMP_EQ_OQ>(to).pick(same, other)
    }
    #[inline(always)]
    fn where_above(self, limit: Self, more: Self, other: Self) -> Self {
        self.compare::<_CMP_GT_OQ>(limit).pick(more, other)
    }
    #[inline(always)]
    fn after<const N: usize>(self, before: Self) -> Self {
        Halves([
            shifted::<N>(before.0[1], self.0[0]),
            shifted::<N>(self.0[0], self.0[1]),
        ])
    }
    #[inline(always)]
    fn transpose(rows: [Self; EIGHT]) -> [Self; EIGHT] {
        let [[a, e], [b, f], [c, g], [d, h]] = [rows[0].0, rows[1].0, rows[2].0, rows[3].0];
        let (low, high) = (four([a, b, c, d]), four([e, f, g, h]));
        let [[a, e], [b, f], [c, g], [d, h]] = [rows[4].0, rows[5].0, rows[6].0, rows[7].0];
        let (low2, high2) = (four([a, b, c, d]), four([e, f, g, h]));
        [
            Halves([low[0], low2[0]]),
            Halves([low[1], low2[1]]),
            Halves([low[2], low2[2]]),
            Halves([low[3], low2[3]]),
            Halves([high[0], high2[0]]),
            Halves([high[1], high2[1]]),
            Halves([high[2], high2[2]]),
            Halves([high[3], high2[3]]),
        ]
    }
}

/// The last `N` of four numbers and the first of the next four.
#[inline(always)]
fn shifted<const N: usize>(before: __m256d, now: __m256d) -> __m256d {
    // SAFETY: the processor has AVX2, see above.
    unsafe {
        let middle = _mm256_permute2f128_pd::<0x21>(before, now);
        match N {
            1 => _mm256_shuffle_pd::<0b0101>(middle, now),
            2 => middle,
            3 => _mm256_shuffle_pd::<0b0101>(before, middle),
            _ => before,
        }
    }
}

/// Four rows of four as four columns.
#[inline(always)]
fn four([a, b, c, d]: [__m256d; 4]) -> [__m256d; 4] {
    // SAFETY: the processor has AVX2, see above.
    unsafe {
        let (ab, ab_odd) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
        let (cd, cd_odd) = (_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
        [
            _mm256_permute2f128_pd::<0x20>(ab, cd),
            _mm256_permute2f128_pd::<0x20>(ab_odd, cd_odd),
            _mm256_permute2f128_pd::<0x31>(ab, cd),
            _mm256_permute2f128_pd::<0x31>(ab_odd, cd_odd),
        ]
    }
}

impl Halves {
    /// A mask of the lanes that compare.
    #[inline(always)]
    fn compare<const HOW: i32>(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.0, other.0);
        // SAFETY: the processor has AVX2, see above.
        Halves(unsafe { [_mm256_cmp_pd::<HOW>(a, c), _mm256_cmp_pd::<HOW>(b, d)] })
    }

    /// As a mask: `first` where its bits are set.
    #[inline(always)]
    fn pick(self, first: Self, second: Self) -> Self {
        let ([a, b], [c, d], [m, n]) = (first.0, second.0, self.0);
        // SAFETY: as above.
        Halves(unsafe { [_mm256_blendv_pd(c, a, m), _mm256_blendv_pd(d, b, n)] })
    }
}
