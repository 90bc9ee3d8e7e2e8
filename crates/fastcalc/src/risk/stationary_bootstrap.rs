//! Stationary bootstrap: resamples that keep the dependence from row to row (Politis, Romano, The
//! Stationary Bootstrap, 1994).

use super::drawdown::{equity_curve, maximum_drawdown};
use super::parallel::split;
use super::sharpe::ratio;
use super::simple_returns;
use crate::math::{Random, Sample};
use crate::{KernelError, limits};

/// What is computed of each resample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    /// Arithmetic mean.
    Mean,
    /// Sharpe ratio per period (n - 1); NaN of a flat resample.
    Sharpe,
    /// Maximum drawdown of the compounded returns.
    MaximumDrawdown,
    /// Product of 1 + return, minus 1.
    TotalReturn,
}

/// How to resample.
#[derive(Debug, Clone, Copy)]
pub struct BootstrapOptions {
    /// Expected length of a block, at least 1; 1 draws every row on its own.
    pub mean_block: f64,
    /// Number of resamples.
    pub replicates: usize,
    /// All randomness comes from it.
    pub seed: u64,
    /// Threads; 0 for as many as there are. Has no influence on the numbers.
    pub threads: usize,
}

/// The statistic of each resample of `returns`, in order of the replicates. A missing return is drawn
/// like any other and left out of the statistic.
///
/// # Errors
/// A return that is infinite or below -1; `returns` empty; `meanBlock` below 1.
pub fn stationary_bootstrap(
    returns: &[f64],
    statistic: Statistic,
    options: &BootstrapOptions,
) -> Result<Vec<f64>, KernelError> {
    simple_returns("returns", returns)?;
    check(returns.len(), options.mean_block)?;
    limits::output("replicates", options.replicates, 1)?;
    let mut out = vec![0.0; options.replicates];
    split(&mut out, 1, options.threads, |first, slots| {
        let mut resample = vec![0.0; returns.len()];
        for (at, slot) in slots.iter_mut().enumerate() {
            let mut random = Random::new(options.seed, (first + at) as u64);
            let mut rows = Rows::new(returns.len(), options.mean_block);
            for value in &mut resample {
                *value = returns[rows.next(&mut random)];
            }
            *slot = evaluate(&resample, statistic);
        }
    });
    Ok(out)
}

/// The rows, 0 to `rows` - 1, that make up resample number `replicate`: the one
/// [`stationary_bootstrap`] evaluates under that number.
///
/// # Errors
/// `rows` of 0, `meanBlock` below 1.
pub fn stationary_bootstrap_rows(
    rows: usize,
    mean_block: f64,
    seed: u64,
    replicate: u64,
) -> Result<Vec<usize>, KernelError> {
    check(rows, mean_block)?;
    limits::output("rows", rows, 1)?;
    let mut random = Random::new(seed, replicate);
    let mut source = Rows::new(rows, mean_block);
    Ok((0..rows).map(|_| source.next(&mut random)).collect())
}

fn check(rows: usize, mean_block: f64) -> Result<(), KernelError> {
    if rows == 0 {
        return Err(KernelError::new("returns", "0 rows", "at least one row"));
    }
    if !(mean_block >= 1.0 && mean_block.is_finite()) {
        let allowed = "a finite number of at least 1";
        return Err(KernelError::new("meanBlock", mean_block, allowed));
    }
    Ok(())
}

/// Blocks of geometric length that begin anywhere and go round at the end.
struct Rows {
    rows: usize,
    restart: f64,
    at: Option<usize>,
}

impl Rows {
    fn new(rows: usize, mean_block: f64) -> Self {
        Self {
            rows,
            restart: 1.0 / mean_block,
            at: None,
        }
    }

    fn next(&mut self, random: &mut Random) -> usize {
        let next = match self.at {
            Some(at) if random.uniform() >= self.restart => (at + 1) % self.rows,
            _ => random.below(self.rows),
        };
        self.at = Some(next);
        next
    }
}

fn evaluate(returns: &[f64], statistic: Statistic) -> f64 {
    let equity = || equity_curve(returns, 1.0).unwrap_or_default();
    match statistic {
        Statistic::Mean => Sample::new(returns).mean,
        Statistic::Sharpe => ratio(returns, 0.0),
        Statistic::MaximumDrawdown => maximum_drawdown(&equity()).map_or(f64::NAN, |d| d.depth),
        Statistic::TotalReturn => equity().last().map_or(f64::NAN, |e| e - 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(threads: usize) -> BootstrapOptions {
        BootstrapOptions {
            mean_block: 5.0,
            replicates: 500,
            seed: 11,
            threads,
        }
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let returns: Vec<f64> = (0..97)
            .map(|i| f64::from(i * 29 % 53) / 1e3 - 0.02)
            .collect();
        let of =
            |threads| stationary_bootstrap(&returns, Statistic::Sharpe, &options(threads)).unwrap();
        let one = of(1);
        assert!([0, 2, 3, 64].into_iter().all(|threads| of(threads) == one));
        let means = stationary_bootstrap(&returns, Statistic::Mean, &options(2)).unwrap();
        let mean = Sample::new(&returns).mean;
        let spread = Sample::new(&means);
        assert!((spread.mean - mean).abs() < 5.0 * spread.deviation() / 500.0_f64.sqrt());
    }

    #[test]
    fn blocks_have_their_expected_length() {
        let rows = stationary_bootstrap_rows(100_000, 8.0, 1, 0).unwrap();
        let breaks = rows
            .windows(2)
            .filter(|w| w[1] != (w[0] + 1) % 100_000)
            .count();
        let mean = 100_000.0 / (breaks + 1) as f64;
        assert!((mean - 8.0).abs() < 0.4, "{mean}");
        assert!(stationary_bootstrap_rows(0, 1.0, 1, 0).is_err());
        assert!(stationary_bootstrap_rows(5, 0.5, 1, 0).is_err());
    }
}
