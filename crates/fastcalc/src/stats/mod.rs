//! Statistics of series: change points, regimes, stationarity, dependence, tails.

mod adf;
mod covariance;
mod cusum;
mod engle_granger;
mod fractional_difference;
mod jump_model;
mod mackinnon;
mod online_change_points;
mod peaks_over_threshold;
mod pelt;
mod quantile_sketch;
mod tail_monitor;
mod tail_snapshot;

pub use adf::{AdfTest, Lags, Trend, adf_test, schwert_lags};
pub use covariance::{MatrixKind, Shrinkage, rolling_matrix};
pub use cusum::{Cusum, CusumOptions, cusum};
pub use engle_granger::{Cointegration, engle_granger};
pub use fractional_difference::{fractional_difference, fractional_weights};
pub use jump_model::{
    JumpModel, JumpModelOptions, fit_jump_model, jump_model_online, jump_model_states,
};
pub use online_change_points::{ChangePointPrior, OnlineChangePoints, online_change_points};
pub use peaks_over_threshold::{ParetoTail, fit_tail};
pub use pelt::{SegmentCost, pelt};
pub use quantile_sketch::QuantileSketch;
pub use tail_monitor::{TailMonitor, TailMonitorOptions, WatchedTail, watch_tail};
