//! Order flow and liquidity: what quotes, trades and volume say about pressure, cost and impact.

mod abdi_ranaldo;
mod amihud;
mod bulk_volume;
mod corwin_schultz;
mod hawkes;
mod kyle_lambda;
mod microprice;
mod multi_level_imbalance;
mod order_flow_imbalance;
mod queue_imbalance;
mod roll_spread;
mod spreads;
mod times;
mod trade_intensity;
mod trade_side;
mod vpin;

pub use abdi_ranaldo::{Correction, abdi_ranaldo};
pub use amihud::amihud;
pub use bulk_volume::bulk_volume_classification;
pub use corwin_schultz::corwin_schultz;
pub use hawkes::{
    HawkesFit, HawkesParameters, fit_hawkes, hawkes_intensity, hawkes_log_likelihood,
};
pub use kyle_lambda::kyle_lambda;
pub use microprice::microprice;
pub use multi_level_imbalance::multi_level_order_flow_imbalance;
pub use order_flow_imbalance::order_flow_imbalance;
pub use queue_imbalance::queue_imbalance;
pub use roll_spread::roll_spread;
pub use spreads::{Spreads, trade_spreads};
pub use trade_intensity::trade_intensity;
pub use trade_side::{lee_ready, tick_rule};
pub use vpin::vpin;

use crate::{KernelError, checks};

/// The best quotes, one row an update: prices finite, sizes finite and not negative, NaN missing.
#[derive(Debug, Clone, Copy)]
pub struct Quotes<'a> {
    /// Best bid, price.
    pub bid_price: &'a [f64],
    /// Size at the best bid.
    pub bid_size: &'a [f64],
    /// Best ask, price.
    pub ask_price: &'a [f64],
    /// Size at the best ask.
    pub ask_size: &'a [f64],
}

impl Quotes<'_> {
    fn check(&self) -> Result<(), KernelError> {
        let columns = [
            ("bidPrice", self.bid_price),
            ("bidSize", self.bid_size),
            ("askPrice", self.ask_price),
            ("askSize", self.ask_size),
        ];
        checks::same_length(&columns)?;
        checks::finite(columns[0])?;
        checks::non_negative(columns[1])?;
        checks::finite(columns[2])?;
        checks::non_negative(columns[3])
    }
}
