//! The exponential function for loops that use vectors: no branch, no table.

/// Added to a number below 2^51 it leaves the nearest whole number in the last bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts, the first short enough that products with whole numbers are exact.
const LN_2: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];
/// Below this the result would not be a normal number.
const LEAST: f64 = -708.0;
/// 1 / k! for k from 13 down to 2.
const SERIES: [f64; 12] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    1.0 / 2.0,
];

/// e to the power of `x`, which is at most 0; 0 where that is below 1e-307. Off by at most two units of
/// the last place.
///
/// x is n ln 2 + r with |r| <= ln 2 / 2, for which the series of 13 terms is exact to 1e-17.
#[inline(always)]
pub(crate) fn exp_not_positive(x: f64) -> f64 {
    let clamped = if x < LEAST { LEAST } else { x };
    let shifted = clamped * std::f64::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = (clamped - n * LN_2[0]) - n * LN_2[1];
    let mut sum = SERIES[0];
    for term in &SERIES[1..] {
        sum = sum * r + term;
    }
    let mantissa = 1.0 + (r + r * r * sum);
    let power = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52));
    let value = mantissa * power;
    if x < LEAST { 0.0 } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_exponential_function() {
        for i in 0..200_000 {
            let x = -f64::from(i) * 0.003_541;
            let (actual, expected) = (exp_not_positive(x), libm::exp(x));
            let near = (actual - expected).abs() <= 4.5e-16 * expected;
            assert!(near || x < LEAST, "{x}: {actual} is not {expected}");
        }
        assert_eq!(exp_not_positive(0.0), 1.0);
        assert_eq!(exp_not_positive(-0.0), 1.0);
        assert_eq!(exp_not_positive(-1e290), 0.0);
        assert_eq!(exp_not_positive(-f64::MIN_POSITIVE), 1.0);
    }
}
