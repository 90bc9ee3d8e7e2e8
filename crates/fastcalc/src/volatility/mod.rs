//! Volatility: from the range of bars, from high-frequency returns, and from models of its dynamics.
//!
//! Estimates are standard deviations per bar (or variances where the name says so), as fractions;
//! multiply a standard deviation by the root of the bars a year to annualise it.

mod bars;
mod bipower_variation;
mod garch;
mod garch_fit;
mod garman_klass;
mod har;
mod jump_test;
mod median_variance;
mod parkinson;
mod realized_variance;
mod rogers_satchell;
mod volatility_of_volatility;
mod yang_zhang;

pub use bars::Ohlc;
pub(crate) use bars::high_is_not_below_low;
pub use bipower_variation::bipower_variation;
pub use garch::{GarchParameters, GarchPath, garch_filter, garch_forecast};
pub use garch_fit::{GarchFit, fit_garch};
pub use garman_klass::garman_klass;
pub use har::{HarFit, HarLags, fit_har, har_forecast};
pub use jump_test::jump_test;
pub use median_variance::{med_rv, min_rv};
pub use parkinson::parkinson;
pub use realized_variance::realized_variance;
pub use rogers_satchell::rogers_satchell;
pub use volatility_of_volatility::volatility_of_volatility;
pub use yang_zhang::yang_zhang;
