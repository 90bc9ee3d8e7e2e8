//! Yang and Zhang's volatility (Drift-Independent Volatility Estimation Based on High, Low, Open, and
//! Close Prices, 2000).

use super::rogers_satchell::term;
use super::{Ohlc, bars};
use crate::window::{moments, roll, sum};
use crate::{KernelError, checks};

/// Weight of the intraday part: their alpha at its best value for independent bars.
const ALPHA: f64 = 1.34;

/// sqrt(overnight + k intraday + (1 - k) Rogers-Satchell) over the last `period` bars, with the
/// variances (n - 1) of ln(open / previous close) and of ln(close / open), and
/// k = 0.34 / (1.34 + (n + 1) / (n - 1)): right for drift and gaps. First value at row `period`,
/// as the first bar has no close before it.
///
/// # Errors
/// Columns of different length, a price that is not finite and above 0, a high below its low,
/// `period` below 2.
pub fn yang_zhang(bars: &Ohlc, period: usize) -> Result<Vec<f64>, KernelError> {
    bars.check()?;
    checks::period("period", period, 2)?;
    let rows = bars.rows();
    let mut overnight = vec![f64::NAN; rows];
    for (row, slot) in overnight.iter_mut().enumerate().skip(1) {
        *slot = libm::log(bars.open[row] / bars.close[row - 1]);
    }
    let intraday: Vec<f64> = (0..rows).map(|row| bars.over_open(row)[2]).collect();
    let ranges: Vec<f64> = (0..rows).map(|row| term(bars, row)).collect();
    let n = period as f64;
    let k = (ALPHA - 1.0) / (ALPHA + (n + 1.0) / (n - 1.0));
    let variance = |window: &[f64]| {
        let deviation = moments(window).deviation;
        deviation * deviation * (n / (n - 1.0))
    };
    let overnight = roll(&overnight, period, variance);
    let intraday = roll(&intraday, period, variance);
    let ranges = roll(&ranges, period, |window| sum(window, |v| v) / n);
    let parts = overnight.iter().zip(&intraday).zip(&ranges);
    Ok(parts
        .map(|((o, c), r)| o + k * c + (1.0 - k) * r)
        .map(bars::root)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::volatility::{garman_klass, parkinson, rogers_satchell};

    #[test]
    fn one_gap_is_seen_by_this_estimator_alone() {
        let flat = [100.0, 100.0, 110.0, 110.0];
        let bars = Ohlc {
            open: &flat,
            high: &flat,
            low: &flat,
            close: &flat,
        };
        assert_eq!(garman_klass(&bars, 2).unwrap()[3], 0.0);
        assert_eq!(rogers_satchell(&bars, 2).unwrap()[3], 0.0);
        assert_eq!(parkinson(&flat, &flat, 2).unwrap()[3], 0.0);
        let out = yang_zhang(&bars, 3).unwrap();
        // Overnight returns 0, ln 1.1, 0: variance a third of the square.
        assert!((out[3] - 1.1_f64.ln() / 3.0_f64.sqrt()).abs() < 1e-15);
        assert!(out[..3].iter().all(|v| v.is_nan()));
    }
}
