//! One indicator of one series with many periods at once.
//!
//! EMA, RSI and SMA are fused: periods stand side by side in a vector, and what they share is worked out
//! once. Everything else of the catalogue that has a period and reads one series is computed period by
//! period. Values are those of the indicator itself, to 1e-12 of their size.

mod ema;
mod lanes;
mod rsi;
mod sma;

use super::engine::{BLOCK, Bundle, Candles, Input, ParamKind, Source, all_tame};
use super::{catalogue, engine::Definition};
use crate::{KernelError, checks};

/// Most values that one call may give.
const MOST: usize = 1 << 31;

/// A sweep that was checked.
pub struct Sweep {
    definition: &'static Definition,
    periods: Vec<usize>,
}

impl Sweep {
    /// An indicator by its name, and its periods; the other parameters have their defaults.
    ///
    /// # Errors
    /// An unknown `indicator` or one without a period or of more than one series; no `periods`, or one out
    /// of bounds.
    pub fn new(indicator: &str, periods: &[usize]) -> Result<Self, KernelError> {
        let definition = catalogue::find(indicator)
            .filter(|definition| sweepable(definition))
            .ok_or_else(|| {
                let allowed = "an indicator of one series whose first parameter is its period";
                KernelError::new("indicator", format!("'{indicator}'"), allowed)
            })?;
        let ParamKind::Whole { least, most } = definition.params[0].kind else {
            unreachable!("sweepable")
        };
        if periods.is_empty() {
            return Err(KernelError::new("periods", "none", "at least one period"));
        }
        for (at, period) in periods.iter().enumerate() {
            if !(least..=most).contains(period) {
                let allowed = format!("an integer from {least} to {most}");
                return Err(KernelError::new(format!("periods[{at}]"), period, allowed));
            }
        }
        Ok(Sweep {
            definition,
            periods: periods.to_vec(),
        })
    }

    /// Columns that a period gives.
    pub fn outputs(&self) -> usize {
        self.definition.outputs.len()
    }

    /// Writes the columns of each period in turn, each as long as the series. `cancelled` is asked now and
    /// then; where it says yes, false is returned and `out` is to be thrown away.
    ///
    /// # Errors
    /// An infinite value of `series`, an `out` of the wrong length.
    pub fn run(
        &self,
        series: &[f64],
        out: &mut [f64],
        cancelled: impl Fn() -> bool,
    ) -> Result<bool, KernelError> {
        let rows = series.len();
        let columns = self.periods.len() * self.outputs();
        let values = rows.checked_mul(columns).filter(|values| *values <= MOST);
        if values != Some(out.len()) {
            let allowed = format!("{columns} columns of {rows} rows");
            let actual = format!("{} values", out.len());
            return Err(KernelError::new("out", actual, allowed));
        }
        let tame = series.chunks(BLOCK).all(all_tame);
        if !tame {
            checks::finite(("series", series))?;
        }
        if rows == 0 {
            return Ok(true);
        }
        let mut columns: Vec<&mut [f64]> = out.chunks_exact_mut(rows).collect();
        match self.definition.name {
            "ema" if tame => Ok(ema::sweep(series, &self.periods, &mut columns, &cancelled)),
            "rsi" if tame => Ok(rsi::sweep(series, &self.periods, &mut columns, &cancelled)),
            "sma" if tame && sma::is_even(series, &self.periods) => {
                Ok(sma::sweep(series, &self.periods, &mut columns, &cancelled))
            }
            name => {
                let candles = Candles::new().with(Source::Real0, series);
                let parts = out.chunks_exact_mut(rows * self.outputs());
                for (period, part) in self.periods.iter().zip(parts) {
                    let mut bundle = Bundle::new(&format!("{name}({period},real=real0)"))?;
                    if !bundle.run(&candles, part, &cancelled)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }
}

fn sweepable(definition: &Definition) -> bool {
    let first = definition.params.first();
    definition.inputs == [Input::Real]
        && first.is_some_and(|p| p.name == "period" && matches!(p.kind, ParamKind::Whole { .. }))
}
