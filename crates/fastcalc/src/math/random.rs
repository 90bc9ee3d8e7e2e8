//! Seeded pseudo-random numbers: xoshiro256++ (Blackman, Vigna 2019), seeded by SplitMix64 (Steele,
//! Lea, Flood 2014).

/// A generator. Each replicate of a simulation has its own, made from the seed and its number, so the
/// order in which threads work does not matter.
#[derive(Debug, Clone)]
pub(crate) struct Random([u64; 4]);

impl Random {
    /// The generator of replicate `stream` under `seed`.
    pub fn new(seed: u64, stream: u64) -> Self {
        // Mixed once, so that neighbouring seeds and streams have nothing in common.
        let mut state = mixed(seed).wrapping_add(mixed(stream.wrapping_mul(2).wrapping_add(1)));
        let mut next = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            mixed(state)
        };
        Self([next(), next(), next(), next() | 1])
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let s = &mut self.0;
        let out = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        out
    }

    /// Uniform in [0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in 0..n: multiply and shift (Lemire 2019), without the rejection of a bias below
    /// n / 2^64.
    #[inline]
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }
}

fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_uniform_and_streams_differ() {
        let mut counts = [0_u32; 10];
        let (mut a, mut b) = (Random::new(1, 0), Random::new(1, 1));
        let mut equal = 0;
        for _ in 0..100_000 {
            counts[a.below(10)] += 1;
            equal += u32::from(a.bits() == b.bits());
            assert!((0.0..1.0).contains(&b.uniform()));
        }
        assert_eq!(equal, 0);
        for count in counts {
            // Five standard deviations of a binomial.
            assert!((f64::from(count) - 10_000.0).abs() < 475.0, "{counts:?}");
        }
    }

    #[test]
    fn equal_seeds_give_equal_bits() {
        let draw = || Random::new(42, 7).bits();
        assert_eq!(draw(), draw());
    }
}
