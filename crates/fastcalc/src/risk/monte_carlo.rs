//! Monte Carlo of trades: other orders and other draws of the same results, and how deep they fall
//! (Efron, Bootstrap Methods: Another Look at the Jackknife, 1979).

use super::parallel::split;
use super::simple_returns;
use crate::math::Random;
use crate::{KernelError, checks, limits};

/// Paths walked side by side, so that one does not wait for the sum of the other.
const LANES: usize = 8;

/// How a path is made of the trades.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resampling {
    /// Each step draws any trade (with replacement).
    Bootstrap,
    /// Each path is all trades in another order; `steps` must be their number.
    Shuffle,
}

/// How to simulate.
#[derive(Debug, Clone, Copy)]
pub struct MonteCarloOptions {
    /// With or without replacement.
    pub resampling: Resampling,
    /// Number of paths.
    pub paths: usize,
    /// Trades a path.
    pub steps: usize,
    /// True: results are returns and compound. False: amounts, which add up.
    pub compounding: bool,
    /// All randomness comes from it.
    pub seed: u64,
    /// Threads; 0 for as many as there are. Has no influence on the numbers.
    pub threads: usize,
}

/// One value a path, in order of the paths.
#[derive(Debug, Clone, PartialEq)]
pub struct MonteCarlo {
    /// Compounded return, or sum of the amounts.
    pub total: Vec<f64>,
    /// Greatest fall from a peak (the start is one): a fraction of it, or an amount.
    pub maximum_drawdown: Vec<f64>,
}

/// Simulates paths of trades. A missing result is left out beforehand.
///
/// # Errors
/// A result that is infinite, or below -1 when compounding; `results` without a value or with 2^32 or
/// more; more than 2^26 paths; `steps` that is not the number of trades when shuffling.
pub fn monte_carlo(
    results: &[f64],
    options: &MonteCarloOptions,
) -> Result<MonteCarlo, KernelError> {
    if options.compounding {
        simple_returns("results", results)?;
    } else {
        checks::finite(("results", results))?;
    }
    let there = results.iter().filter(|r| !r.is_nan());
    // Logarithms turn compounding into adding up; one path is then the same walk in both cases.
    let steps: Vec<f64> = match options.compounding {
        true => there.map(|&r| libm::log1p(r)).collect(),
        false => there.copied().collect(),
    };
    check(&steps, options)?;
    limits::output("paths", options.paths, 4)?;
    let mut walks = vec![Walk::START; options.paths];
    split(&mut walks, LANES, options.threads, |first, slots| {
        for (group, lanes) in slots.chunks_mut(LANES).enumerate() {
            let stream = (first + group * LANES) as u64;
            match options.resampling {
                Resampling::Bootstrap => bootstrap(&steps, options, stream, lanes),
                Resampling::Shuffle => shuffle(&steps, options.seed, stream, lanes),
            }
        }
    });
    let fraction = |log: f64| {
        if options.compounding {
            libm::expm1(log)
        } else {
            log
        }
    };
    Ok(MonteCarlo {
        total: walks.iter().map(|w| fraction(w.total)).collect(),
        maximum_drawdown: walks.iter().map(|w| w.depth(options.compounding)).collect(),
    })
}

fn check(steps: &[f64], options: &MonteCarloOptions) -> Result<(), KernelError> {
    if steps.is_empty() || u32::try_from(steps.len()).is_err() {
        let actual = format!("{} values", steps.len());
        return Err(KernelError::new(
            "results",
            actual,
            "1 to 4294967295 values",
        ));
    }
    if options.resampling == Resampling::Shuffle && options.steps != steps.len() {
        let allowed = format!("the number of results ({}) when shuffling", steps.len());
        return Err(KernelError::new("steps", options.steps, allowed));
    }
    Ok(())
}

/// Where a path is, its highest point, and its deepest fall.
#[derive(Debug, Clone, Copy)]
struct Walk {
    total: f64,
    peak: f64,
    fall: f64,
}

impl Walk {
    const START: Self = Self {
        total: 0.0,
        peak: 0.0,
        fall: 0.0,
    };

    #[inline]
    fn step(&mut self, change: f64) {
        self.total += change;
        self.peak = if self.total > self.peak {
            self.total
        } else {
            self.peak
        };
        let fall = self.peak - self.total;
        self.fall = if fall > self.fall { fall } else { self.fall };
    }

    fn depth(&self, compounding: bool) -> f64 {
        if compounding {
            -libm::expm1(-self.fall)
        } else {
            self.fall
        }
    }
}

/// Draws with 32 bits each: the bias of a trade is below its number / 2^32.
fn bootstrap(steps: &[f64], options: &MonteCarloOptions, stream: u64, lanes: &mut [Walk]) {
    let mut random: [Random; LANES] =
        std::array::from_fn(|lane| Random::new(options.seed, stream + lane as u64));
    let mut walks = [Walk::START; LANES];
    let count = steps.len() as u64;
    let draw = |bits: u64| steps[(((bits & 0xffff_ffff) * count) >> 32) as usize];
    for _ in 0..options.steps / 2 {
        for (walk, random) in walks.iter_mut().zip(&mut random) {
            let bits = random.bits();
            walk.step(draw(bits));
            walk.step(draw(bits >> 32));
        }
    }
    if options.steps % 2 == 1 {
        for (walk, random) in walks.iter_mut().zip(&mut random) {
            walk.step(draw(random.bits()));
        }
    }
    lanes.copy_from_slice(&walks[..lanes.len()]);
}

/// Fisher and Yates (1938), from the end.
fn shuffle(steps: &[f64], seed: u64, stream: u64, lanes: &mut [Walk]) {
    for (lane, walk) in lanes.iter_mut().enumerate() {
        let mut random = Random::new(seed, stream + lane as u64);
        let mut order = steps.to_vec();
        for last in (1..order.len()).rev() {
            order.swap(last, random.below(last + 1));
        }
        for change in order {
            walk.step(change);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(resampling: Resampling, threads: usize) -> MonteCarloOptions {
        MonteCarloOptions {
            resampling,
            paths: 333,
            steps: 51,
            compounding: true,
            seed: 5,
            threads,
        }
    }

    fn results() -> Vec<f64> {
        (0..51)
            .map(|i| f64::from(i * 17 % 51) / 500.0 - 0.045)
            .collect()
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        for resampling in [Resampling::Bootstrap, Resampling::Shuffle] {
            let of = |threads| monte_carlo(&results(), &options(resampling, threads)).unwrap();
            let one = of(1);
            assert!(
                [0, 2, 5, 1000]
                    .into_iter()
                    .all(|threads| of(threads) == one)
            );
            assert!(one.maximum_drawdown.iter().all(|d| (0.0..=1.0).contains(d)));
        }
    }

    #[test]
    fn another_order_ends_at_the_same_total() {
        let out = monte_carlo(&results(), &options(Resampling::Shuffle, 2)).unwrap();
        let total = results().iter().map(|r| 1.0 + r).product::<f64>() - 1.0;
        assert!(out.total.iter().all(|t| (t - total).abs() < 1e-12));
        assert!(out.maximum_drawdown.windows(2).any(|w| w[0] != w[1]));
    }

    #[test]
    fn amounts_add_up_and_ruin_stays_ruin() {
        let mut o = options(Resampling::Bootstrap, 1);
        o.compounding = false;
        let out = monte_carlo(&[-2.0, f64::NAN], &o).unwrap();
        assert!(out.total.iter().all(|&t| t == -102.0));
        assert!(out.maximum_drawdown.iter().all(|&d| d == 102.0));
        o.compounding = true;
        let ruined = monte_carlo(&[-1.0], &o).unwrap();
        assert!(ruined.total.iter().all(|&t| t == -1.0));
        assert!(ruined.maximum_drawdown.iter().all(|&d| d == 1.0));
        assert_eq!(monte_carlo(&[], &o).unwrap_err().field, "results");
        o.resampling = Resampling::Shuffle;
        assert_eq!(monte_carlo(&[0.1; 3], &o).unwrap_err().field, "steps");
    }
}
