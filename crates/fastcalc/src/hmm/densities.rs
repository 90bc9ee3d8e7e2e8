//! Density of an observation under each state.

use super::{Emission, HmmParameters};
use crate::math::exp_not_positive;
use crate::simd::{self, Eight, Lanes};

/// Squared distances stop here, so that an absurd value is merely very unlikely in every state.
const FARTHEST: f64 = 1e290;

/// Largest power that is multiplied out instead of taken by exp and log.
const MOST_FACTORS: f64 = 32.0;

/// What the density of one state needs, with everything constant worked out beforehand.
#[derive(Debug, Clone, Copy)]
struct State {
    mean: f64,
    /// 1 / (2 variance) for the normal, 1 / (df * variance) for Student's t.
    squares: f64,
    log_norm: f64,
    norm: f64,
}

/// Form of the densities: a function of the scaled squared distance q.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// exp(-q).
    Normal,
    /// (1 + q)^-power.
    Tail { power: f64 },
    /// (1 + q)^-(whole + half / 2), multiplied out.
    WholeTail { power: f64, whole: u32, half: bool },
}

/// Densities of all states of a model.
#[derive(Debug, Clone)]
pub(super) struct Densities {
    states: Vec<State>,
    shape: Shape,
}

impl Densities {
    pub fn new(parameters: &HmmParameters) -> Self {
        use std::f64::consts::PI;
        let df = match parameters.emission {
            Emission::Gaussian => None,
            Emission::StudentT { degrees_of_freedom } => Some(degrees_of_freedom),
        };
        let log_gammas = df.map_or(0.0, |df| {
            libm::lgamma((df + 1.0) / 2.0) - libm::lgamma(df / 2.0)
        });
        let states = parameters.mean.iter().zip(&parameters.variance);
        let states = states.map(|(&mean, &variance)| {
            let (squares, log_norm) = match df {
                None => (0.5 / variance, -0.5 * libm::log(2.0 * PI * variance)),
                Some(df) => (
                    (1.0 / (df * variance)).min(f64::MAX),
                    log_gammas - 0.5 * (libm::log(df * PI) + libm::log(variance)),
                ),
            };
            State {
                mean,
                squares,
                log_norm,
                norm: libm::exp(log_norm),
            }
        });
        Self {
            states: states.collect(),
            shape: df.map_or(Shape::Normal, Shape::tail),
        }
    }

    /// Writes the density of `x` under each state; what is too small for f64 becomes 0.
    #[inline]
    pub fn densities(&self, x: f64, out: &mut [f64]) {
        match self.shape {
            Shape::Normal => self.each(x, out, |q| exp_not_positive(-q)),
            Shape::Tail { power } => self.each(x, out, |q| libm::exp(-power * libm::log(1.0 + q))),
            Shape::WholeTail { whole, half, .. } => self.each(x, out, |q| {
                let base = 1.0 / (1.0 + q);
                let start = if half { base.sqrt() } else { 1.0 };
                start * power(base, whole)
            }),
        }
    }

    /// Writes the densities of several rows under state `k`: the same bits.
    pub fn column(&self, k: usize, x: &[f64], out: &mut [f64]) {
        let (state, shape) = (self.states[k], self.shape);
        simd::dispatch(Column {
            state,
            shape,
            x,
            out,
        });
    }

    #[inline]
    fn each(&self, x: f64, out: &mut [f64], f: impl Fn(f64) -> f64) {
        for (density, state) in out.iter_mut().zip(&self.states) {
            *density = state.norm * f(state.distance(x));
        }
    }

    /// Logarithm of the density of `x` under state `k`; finite for every finite `x`.
    pub fn log_density(&self, k: usize, x: f64) -> f64 {
        let state = &self.states[k];
        let q = state.distance(x);
        state.log_norm
            - match self.shape {
                Shape::Normal => q,
                Shape::Tail { power } | Shape::WholeTail { power, .. } => {
                    power * libm::log(1.0 + q)
                }
            }
    }
}

struct Column<'a> {
    state: State,
    shape: Shape,
    x: &'a [f64],
    out: &'a mut [f64],
}

impl Column<'_> {
    #[inline(always)]
    fn fill(self, f: impl Fn(f64) -> f64) {
        for (out, x) in self.out.iter_mut().zip(self.x) {
            *out = self.state.norm * f(self.state.distance(*x));
        }
    }
}

impl Lanes for Column<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Eight>(self) {
        match self.shape {
            Shape::Normal => self.fill(|q| exp_not_positive(-q)),
            Shape::Tail { power } => self.fill(|q| libm::exp(-power * libm::log(1.0 + q))),
            Shape::WholeTail { whole, half, .. } => self.fill(|q| {
                let base = 1.0 / (1.0 + q);
                let start = if half { base.sqrt() } else { 1.0 };
                start * power(base, whole)
            }),
        }
    }
}

impl State {
    #[inline(always)]
    fn distance(&self, x: f64) -> f64 {
        let d = x - self.mean;
        let q = d * d * self.squares;
        // A missing row keeps its NaN out of this: nobody looks at its density.
        if q < FARTHEST { q } else { FARTHEST }
    }
}

impl Shape {
    fn tail(degrees_of_freedom: f64) -> Self {
        let power = (degrees_of_freedom + 1.0) / 2.0;
        let whole = power.floor();
        let rest = power - whole;
        if power <= MOST_FACTORS && (rest == 0.0 || rest == 0.5) {
            Shape::WholeTail {
                power,
                whole: whole as u32,
                half: rest == 0.5,
            }
        } else {
            Shape::Tail { power }
        }
    }
}

/// `base` to a whole power by squaring; not `powi`, whose order of operations is not specified.
#[inline(always)]
fn power(mut base: f64, mut exponent: u32) -> f64 {
    let mut out = 1.0;
    while exponent > 0 {
        if exponent & 1 == 1 {
            out *= base;
        }
        base *= base;
        exponent >>= 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn densities(emission: Emission) -> Densities {
        Densities::new(&HmmParameters {
            emission,
            initial: vec![1.0],
            transition: vec![1.0],
            mean: vec![0.5],
            variance: vec![4.0],
        })
    }

    fn at(densities: &Densities, x: f64) -> f64 {
        let mut out = [0.0];
        densities.densities(x, &mut out);
        out[0]
    }

    #[test]
    fn have_the_known_values() {
        let t = |degrees_of_freedom| densities(Emission::StudentT { degrees_of_freedom });
        // One standard deviation, or one scale, from the mean.
        for (family, expected) in [
            (densities(Emission::Gaussian), 0.241_970_724_519_143_37),
            (t(1.0), 0.159_154_943_091_895_35),
            (t(2.0), 0.192_450_089_729_875_25),
            (t(5.0), 0.219_679_797_350_980_6),
        ] {
            assert!((2.0 * at(&family, 2.5) - expected).abs() < 1e-14);
        }
    }

    #[test]
    fn agree_with_their_logarithms_for_every_form() {
        for df in [0.3, 1.0, 2.0, 4.5, 5.0, 8.0, 63.0, 64.0, 1e6] {
            let family = densities(Emission::StudentT {
                degrees_of_freedom: df,
            });
            for x in [-30.0, 0.0, 0.5, 1.0, 7.0] {
                let log = libm::log(at(&family, x));
                assert!((log - family.log_density(0, x)).abs() < 1e-8, "{df} {x}");
            }
        }
    }

    #[test]
    fn an_absurd_value_has_a_finite_logarithm() {
        for emission in [
            Emission::Gaussian,
            Emission::StudentT {
                degrees_of_freedom: 3.0,
            },
        ] {
            let family = densities(emission);
            assert!(family.log_density(0, f64::MAX).is_finite());
            assert!(at(&family, f64::MAX) >= 0.0);
        }
    }
}
