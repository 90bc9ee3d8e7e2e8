//! Binding of performance and risk measures.

use crate::errors::refused;
use crate::outputs::column;
use fastcalc::risk::{self as kernels, SharpeEstimate, TailMethod};
use napi::Result;
use napi::bindgen_prelude::Float64Array;
use napi_derive::napi;

/// Sharpe ratio.
#[napi(catch_unwind)]
pub fn sharpe(returns: &[f64], risk_free: f64, periods_per_year: f64) -> Result<f64> {
    kernels::sharpe(returns, risk_free, periods_per_year).map_err(refused)
}

/// Sortino ratio.
#[napi(catch_unwind)]
pub fn sortino(returns: &[f64], target: f64, periods_per_year: f64) -> Result<f64> {
    kernels::sortino(returns, target, periods_per_year).map_err(refused)
}

/// Omega ratio.
#[napi(catch_unwind)]
pub fn omega(returns: &[f64], threshold: f64) -> Result<f64> {
    kernels::omega(returns, threshold).map_err(refused)
}

/// Compound growth a year.
#[napi(catch_unwind)]
pub fn annual_growth(returns: &[f64], periods_per_year: f64) -> Result<f64> {
    kernels::annual_growth(returns, periods_per_year).map_err(refused)
}

/// Calmar ratio.
#[napi(catch_unwind)]
pub fn calmar(returns: &[f64], periods_per_year: f64) -> Result<f64> {
    kernels::calmar(returns, periods_per_year).map_err(refused)
}

/// Information ratio.
#[napi(catch_unwind)]
pub fn information_ratio(returns: &[f64], benchmark: &[f64], periods_per_year: f64) -> Result<f64> {
    kernels::information_ratio(returns, benchmark, periods_per_year).map_err(refused)
}

/// Equity after each return.
#[napi(catch_unwind)]
pub fn equity_curve(returns: &[f64], start: f64) -> Result<Float64Array> {
    column(kernels::equity_curve(returns, start))
}

/// Distance below the highest equity so far.
#[napi(catch_unwind)]
pub fn drawdowns(equity: &[f64]) -> Result<Float64Array> {
    column(kernels::drawdowns(equity))
}

/// The deepest drawdown and the longest.
#[napi(object)]
pub struct NativeMaximumDrawdown {
    /// Fraction of the peak.
    pub depth: f64,
    /// Row of the peak.
    pub peak_row: Option<u32>,
    /// Row of the trough.
    pub trough_row: Option<u32>,
    /// Row of the recovery.
    pub recovery_row: Option<u32>,
    /// Rows of the longest.
    pub longest_rows: u32,
}

/// Maximum drawdown of an equity curve.
#[napi(catch_unwind)]
pub fn maximum_drawdown(equity: &[f64]) -> Result<NativeMaximumDrawdown> {
    let out = kernels::maximum_drawdown(equity).map_err(refused)?;
    let row = |row: Option<usize>| row.map(|row| row as u32);
    Ok(NativeMaximumDrawdown {
        depth: out.depth,
        peak_row: row(out.peak_row),
        trough_row: row(out.trough_row),
        recovery_row: row(out.recovery_row),
        longest_rows: out.longest_rows as u32,
    })
}

/// Statistics of trades.
#[napi(object)]
pub struct NativeTradeStatistics {
    /// Trades.
    pub count: u32,
    /// Share won.
    pub win_rate: f64,
    /// Mean win.
    pub average_win: f64,
    /// Mean loss, positive.
    pub average_loss: f64,
    /// Their quotient.
    pub payoff_ratio: f64,
    /// Quotient of the sums.
    pub profit_factor: f64,
    /// Mean.
    pub expectancy: f64,
    /// Wins in a row.
    pub longest_wins: u32,
    /// Losses in a row.
    pub longest_losses: u32,
}

/// What a list of trades says.
#[napi(catch_unwind)]
pub fn trade_statistics(results: &[f64]) -> Result<NativeTradeStatistics> {
    let s = kernels::trade_statistics(results).map_err(refused)?;
    Ok(NativeTradeStatistics {
        count: s.count as u32,
        win_rate: s.win_rate,
        average_win: s.average_win,
        average_loss: s.average_loss,
        payoff_ratio: s.payoff_ratio,
        profit_factor: s.profit_factor,
        expectancy: s.expectancy,
        longest_wins: s.longest_wins as u32,
        longest_losses: s.longest_losses as u32,
    })
}

/// Value at risk and expected shortfall.
#[napi(object)]
pub struct NativeTail {
    /// The quantile of the loss.
    pub value_at_risk: f64,
    /// The mean beyond it.
    pub expected_shortfall: f64,
}

/// Value at risk; `method` 0 historical, 1 normal, 2 Cornish-Fisher, 3 extreme value.
#[napi(catch_unwind)]
pub fn value_at_risk(
    returns: &[f64],
    level: f64,
    method: u32,
    threshold_level: f64,
) -> Result<NativeTail> {
    let method = match method {
        0 => TailMethod::Historical,
        1 => TailMethod::Normal,
        2 => TailMethod::CornishFisher,
        _ => TailMethod::ExtremeValue { threshold_level },
    };
    let tail = kernels::value_at_risk(returns, level, method).map_err(refused)?;
    Ok(NativeTail {
        value_at_risk: tail.value_at_risk,
        expected_shortfall: tail.expected_shortfall,
    })
}

/// Kupiec's test.
#[napi(object)]
pub struct NativeCoverageTest {
    /// Likelihood ratio.
    pub statistic: f64,
    /// Of it.
    pub p_value: f64,
    /// Rows that were violations.
    pub violations: u32,
    /// Rows.
    pub rows: u32,
}

/// Tests the number of violations.
#[napi(catch_unwind)]
pub fn kupiec_test(violations: &[f64], rate: f64) -> Result<NativeCoverageTest> {
    let test = kernels::kupiec_test(violations, rate).map_err(refused)?;
    Ok(NativeCoverageTest {
        statistic: test.statistic,
        p_value: test.p_value,
        violations: test.violations as u32,
        rows: test.rows as u32,
    })
}

/// Christoffersen's tests.
#[napi(object)]
pub struct NativeChristoffersenTest {
    /// Likelihood ratio of independence.
    pub independence: f64,
    /// Of it.
    pub independence_p_value: f64,
    /// Likelihood ratio of conditional coverage.
    pub conditional_coverage: f64,
    /// Of it.
    pub conditional_coverage_p_value: f64,
}

/// Tests when violations come.
#[napi(catch_unwind)]
pub fn christoffersen_test(violations: &[f64], rate: f64) -> Result<NativeChristoffersenTest> {
    let test = kernels::christoffersen_test(violations, rate).map_err(refused)?;
    Ok(NativeChristoffersenTest {
        independence: test.independence,
        independence_p_value: test.independence_p_value,
        conditional_coverage: test.conditional_coverage,
        conditional_coverage_p_value: test.conditional_coverage_p_value,
    })
}

/// Kelly's fraction of a bet.
#[napi(catch_unwind)]
pub fn kelly_bet(win_rate: f64, payoff: f64) -> Result<f64> {
    kernels::kelly_bet(win_rate, payoff).map_err(refused)
}

/// Kelly's fraction of small normal returns.
#[napi(catch_unwind)]
pub fn kelly_normal(returns: &[f64], risk_free: f64) -> Result<f64> {
    kernels::kelly_normal(returns, risk_free).map_err(refused)
}

/// Fraction of the fastest growth.
#[napi(catch_unwind)]
pub fn kelly_growth_optimal(returns: &[f64]) -> Result<f64> {
    kernels::kelly_growth_optimal(returns).map_err(refused)
}

/// A Sharpe ratio and what its error depends on.
#[napi(object)]
pub struct NativeSharpeEstimate {
    /// A period.
    pub sharpe: f64,
    /// Returns.
    pub count: f64,
    /// Of the returns.
    pub skewness: f64,
    /// Of the returns, 3 for the normal.
    pub kurtosis: f64,
}

impl From<&NativeSharpeEstimate> for SharpeEstimate {
    fn from(native: &NativeSharpeEstimate) -> Self {
        SharpeEstimate {
            sharpe: native.sharpe,
            count: native.count,
            skewness: native.skewness,
            kurtosis: native.kurtosis,
        }
    }
}

/// The estimate from returns.
#[napi(catch_unwind)]
pub fn sharpe_estimate(returns: &[f64]) -> Result<NativeSharpeEstimate> {
    let estimate = SharpeEstimate::of(returns).map_err(refused)?;
    Ok(NativeSharpeEstimate {
        sharpe: estimate.sharpe,
        count: estimate.count,
        skewness: estimate.skewness,
        kurtosis: estimate.kurtosis,
    })
}

/// Probability that the true ratio is above a benchmark.
#[napi(catch_unwind)]
pub fn probabilistic_sharpe(estimate: NativeSharpeEstimate, benchmark: f64) -> Result<f64> {
    kernels::probabilistic_sharpe(&(&estimate).into(), benchmark).map_err(refused)
}

/// Best ratio expected without skill.
#[napi(catch_unwind)]
pub fn expected_maximum_sharpe(trial_variance: f64, trials: f64) -> Result<f64> {
    kernels::expected_maximum_sharpe(trial_variance, trials).map_err(refused)
}

/// Probability that the true ratio is above that.
#[napi(catch_unwind)]
pub fn deflated_sharpe(
    estimate: NativeSharpeEstimate,
    trial_variance: f64,
    trials: f64,
) -> Result<f64> {
    kernels::deflated_sharpe(&(&estimate).into(), trial_variance, trials).map_err(refused)
}

/// Returns needed to be sure.
#[napi(catch_unwind)]
pub fn minimum_track_record(
    estimate: NativeSharpeEstimate,
    benchmark: f64,
    confidence: f64,
) -> Result<f64> {
    kernels::minimum_track_record(&(&estimate).into(), benchmark, confidence).map_err(refused)
}
