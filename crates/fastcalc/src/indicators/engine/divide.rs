//! Division by a number that does not change.

use crate::simd::Eight;

/// Division by a whole number.
///
/// With a fused multiply and add it is one product by the reciprocal and one correction (Markstein
/// 1990). The remainder of the product is exact, and a quotient by n < 2^50 is never closer than 1/(2n)
/// of its last place to the middle between two numbers: the result is that of a division, bit for bit.
#[derive(Debug, Clone, Copy)]
pub struct Divide {
    by: f64,
    reciprocal: f64,
}

impl Divide {
    /// By `by`, at least 1.
    pub fn new(by: usize) -> Self {
        let by = by as f64;
        Divide {
            by,
            reciprocal: 1.0 / by,
        }
    }

    /// The quotient.
    #[inline(always)]
    pub fn of<V: Eight>(self, sum: f64) -> f64 {
        if !V::FUSED {
            // A negative zero becomes a zero, as below.
            return sum / self.by + 0.0;
        }
        let quotient = sum * self.reciprocal;
        let remainder = (-quotient).mul_add(self.by, sum);
        remainder.mul_add(self.reciprocal, quotient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{self, Lanes, Plain};

    struct Same<'a>(&'a [f64], Divide);

    impl Lanes for Same<'_> {
        type Output = bool;
        #[inline(always)]
        fn run<V: Eight>(self) -> bool {
            let Same(sums, divide) = self;
            sums.iter().all(|s| {
                divide.of::<V>(*s).to_bits() == divide.of::<Plain>(*s).to_bits()
                    && divide.of::<V>(*s) == s / divide.by
            })
        }
    }

    #[test]
    fn the_corrected_product_is_the_quotient() {
        let mut bits = 7_u64;
        let sums: Vec<f64> = (0..20_000)
            .map(|_| {
                bits = bits.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
                f64::from_bits(bits >> 12 | 0x3ff0_0000_0000_0000) * 1e3
            })
            .chain([0.0, -0.0, -1e-60])
            .collect();
        for by in (1..300).chain([99_999, 100_000]) {
            assert!(simd::dispatch(Same(&sums, Divide::new(by))), "{by}");
        }
    }
}
