//! The standard normal distribution.

/// Density.
pub(crate) fn normal_density(z: f64) -> f64 {
    // 1 / sqrt(2 pi).
    0.398_942_280_401_432_7 * libm::exp(-0.5 * z * z)
}

/// Distribution function.
pub(crate) fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// Inverse of the distribution function for `p` between 0 and 1, to the last few bits: the rational
/// approximation of Acklam (2003, relative error 1.15e-9) and one step of Halley's method.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    if !(p > 0.0 && p < 1.0) {
        return match p {
            0.0 => f64::NEG_INFINITY,
            1.0 => f64::INFINITY,
            _ => f64::NAN,
        };
    }
    // Worked out in the lower half, where p keeps its digits.
    if p > 0.5 {
        return -lower_half(1.0 - p);
    }
    lower_half(p)
}

fn lower_half(p: f64) -> f64 {
    let start = approximation(p);
    let error = normal_cdf(start) - p;
    let step = error / normal_density(start);
    start - step / (1.0 + 0.5 * start * step)
}

fn approximation(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 6] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 5] = [
        7.784_695_709_041_462e-3,
        3.224_671_290_700_398e-1,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
        1.0,
    ];
    let polynomial = |c: &[f64], x: f64| c.iter().fold(0.0, |sum, c| sum * x + c);
    if p < 0.02425 {
        let q = (-2.0 * libm::log(p)).sqrt();
        return polynomial(&C, q) / polynomial(&D, q);
    }
    let q = p - 0.5;
    let r = q * q;
    q * polynomial(&A, r) / polynomial(&B, r)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_function_has_its_known_values() {
        for (z, p) in [
            (0.0, 0.5),
            (1.0, 0.841_344_746_068_542_9),
            (-1.959_963_984_540_054, 0.025),
            (f64::INFINITY, 1.0),
            (f64::NEG_INFINITY, 0.0),
        ] {
            assert!((normal_cdf(z) - p).abs() < 1e-15, "{z}");
        }
    }

    #[test]
    fn the_quantile_inverts_the_distribution_function() {
        for (p, z) in [
            (0.5, 0.0),
            (0.025, -1.959_963_984_540_054),
            (0.975, 1.959_963_984_540_054),
            (0.05, -1.644_853_626_951_472_2),
            (1e-10, -6.361_340_902_404_056),
            (1e-300, -37.0470962993612),
        ] {
            assert!(
                (normal_quantile(p) - z).abs() < 1e-12 * (1.0 + z.abs()),
                "{p}"
            );
        }
        for i in 1..1000 {
            let p = f64::from(i) / 1000.0;
            assert!((normal_cdf(normal_quantile(p)) - p).abs() < 1e-15);
        }
        assert!(normal_quantile(-0.1).is_nan());
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
    }
}
