//! What a list of closed trades says about a strategy.

use crate::{KernelError, checks};

/// Counts and averages of trades; averages of nothing are NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TradeStatistics {
    /// Trades with a known result.
    pub count: usize,
    /// Share of trades above 0; one of exactly 0 is neither won nor lost.
    pub win_rate: f64,
    /// Mean of the trades above 0.
    pub average_win: f64,
    /// Mean of the trades below 0, as a positive number.
    pub average_loss: f64,
    /// `average_win` / `average_loss`.
    pub payoff_ratio: f64,
    /// Sum of wins / sum of losses; infinite where nothing was lost but something won.
    pub profit_factor: f64,
    /// Mean of all trades.
    pub expectancy: f64,
    /// Most wins in a row.
    pub longest_wins: usize,
    /// Most losses in a row.
    pub longest_losses: usize,
}

/// Statistics of the results of trades, in any unit, in the order in which they were closed.
///
/// # Errors
/// A result that is infinite.
pub fn trade_statistics(results: &[f64]) -> Result<TradeStatistics, KernelError> {
    checks::finite(("results", results))?;
    let (mut count, mut wins, mut losses) = (0_usize, 0_usize, 0_usize);
    let (mut won, mut lost) = (0.0, 0.0);
    let (mut win_run, mut loss_run, mut longest_wins, mut longest_losses) = (0, 0, 0, 0);
    for &result in results.iter().filter(|r| !r.is_nan()) {
        count += 1;
        if result > 0.0 {
            (wins, won, win_run, loss_run) = (wins + 1, won + result, win_run + 1, 0);
        } else if result < 0.0 {
            (losses, lost, win_run, loss_run) = (losses + 1, lost - result, 0, loss_run + 1);
        } else {
            (win_run, loss_run) = (0, 0);
        }
        longest_wins = longest_wins.max(win_run);
        longest_losses = longest_losses.max(loss_run);
    }
    let (average_win, average_loss) = (won / wins as f64, lost / losses as f64);
    Ok(TradeStatistics {
        count,
        win_rate: wins as f64 / count as f64,
        average_win,
        average_loss,
        payoff_ratio: average_win / average_loss,
        profit_factor: won / lost,
        expectancy: (won - lost) / count as f64,
        longest_wins,
        longest_losses,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_wins_losses_and_neither() {
        let s = trade_statistics(&[10.0, 20.0, -5.0, 0.0, f64::NAN, -10.0, -5.0]).unwrap();
        assert_eq!((s.count, s.longest_wins, s.longest_losses), (6, 2, 2));
        assert_eq!(s.win_rate, 2.0 / 6.0);
        assert_eq!((s.average_win, s.profit_factor), (15.0, 1.5));
        assert!((s.expectancy - 10.0 / 6.0).abs() < 1e-15);
        assert!((s.payoff_ratio - 2.25).abs() < 1e-15);
    }

    #[test]
    fn no_loss_is_an_infinite_factor_and_no_trade_is_nothing() {
        assert_eq!(
            trade_statistics(&[1.0]).unwrap().profit_factor,
            f64::INFINITY
        );
        let none = trade_statistics(&[]).unwrap();
        assert!(none.win_rate.is_nan() && none.profit_factor.is_nan() && none.count == 0);
    }
}
