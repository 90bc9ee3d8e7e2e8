//! Performance and risk: what a series of returns or trades was worth, how much of it was luck, and how
//! bad it can get.
//!
//! Returns are simple returns per period, as fractions; NaN is missing and left out. A measure that is
//! not defined (of nothing, of a flat series where it divides by the spread) is NaN. Losses come out
//! positive. Simulations take a seed, and give the same numbers for any number of threads.

mod calmar;
mod christoffersen;
mod drawdown;
mod information_ratio;
mod kelly;
mod kupiec;
mod monte_carlo;
mod omega;
mod overfitting;
mod parallel;
mod probabilistic_sharpe;
mod sharpe;
mod sortino;
mod stationary_bootstrap;
mod trades;
mod value_at_risk;

pub use calmar::{annual_growth, calmar};
pub use christoffersen::{ChristoffersenTest, christoffersen_test};
pub use drawdown::{MaximumDrawdown, drawdowns, equity_curve, maximum_drawdown};
pub use information_ratio::information_ratio;
pub use kelly::{kelly_bet, kelly_growth_optimal, kelly_normal};
pub use kupiec::{CoverageTest, kupiec_test};
pub use monte_carlo::{MonteCarlo, MonteCarloOptions, Resampling, monte_carlo};
pub use omega::omega;
pub use overfitting::{Overfitting, probability_of_overfitting};
pub use probabilistic_sharpe::{
    SharpeEstimate, deflated_sharpe, expected_maximum_sharpe, minimum_track_record,
    probabilistic_sharpe,
};
pub use sharpe::sharpe;
pub use sortino::sortino;
pub use stationary_bootstrap::{
    BootstrapOptions, Statistic, stationary_bootstrap, stationary_bootstrap_rows,
};
pub use trades::{TradeStatistics, trade_statistics};
pub use value_at_risk::{Tail, TailMethod, value_at_risk};

use crate::{KernelError, checks};

/// Returns that can be compounded: finite and not below -1, or NaN where missing.
fn simple_returns(name: &'static str, returns: &[f64]) -> Result<(), KernelError> {
    checks::finite((name, returns))?;
    match returns.iter().position(|&r| r < -1.0) {
        None => Ok(()),
        Some(row) => Err(KernelError::new(
            format!("{name}[{row}]"),
            returns[row],
            "at least -1, the loss of everything",
        )),
    }
}

fn finite_number(name: &'static str, value: f64) -> Result<(), KernelError> {
    if value.is_finite() {
        return Ok(());
    }
    Err(KernelError::new(name, value, "a finite number"))
}

fn above_zero(name: &'static str, value: f64) -> Result<(), KernelError> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(KernelError::new(name, value, "a finite number above 0"))
}

fn between_zero_and_one(name: &'static str, value: f64) -> Result<(), KernelError> {
    if value > 0.0 && value < 1.0 {
        return Ok(());
    }
    Err(KernelError::new(
        name,
        value,
        "between 0 and 1, both excluded",
    ))
}
