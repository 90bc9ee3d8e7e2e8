//! Speed and direction of prices.

pub mod adx;
pub mod ao;
pub mod aroon;
pub mod bop;
pub mod cci;
pub mod connors_rsi;
pub mod coppock;
pub mod directional;
pub mod dm;
pub mod dpo;
pub mod elder_ray;
pub mod fisher;
pub mod imi;
pub mod macd;
pub mod mfi;
pub mod roc;
pub mod rsi;
pub mod stc;
pub mod stoch;
pub mod trix;
pub mod tsi;
pub mod ultosc;
pub mod vortex;
pub mod willr;

use super::engine::Definition;

/// All of them.
pub const ALL: &[&Definition] = &[
    &adx::DX,
    &adx::ADX,
    &adx::ADXR,
    &ao::AO,
    &aroon::AROON,
    &aroon::AROONOSC,
    &bop::BOP,
    &cci::CCI,
    &connors_rsi::CONNORS_RSI,
    &coppock::COPPOCK,
    &coppock::KST,
    &dm::PLUS_DM,
    &dm::MINUS_DM,
    &dm::PLUS_DI,
    &dm::MINUS_DI,
    &dpo::DPO,
    &elder_ray::ELDER_RAY,
    &fisher::FISHER,
    &imi::IMI,
    &macd::MACD,
    &macd::MACDEXT,
    &macd::MACDFIX,
    &macd::APO,
    &macd::PPO,
    &mfi::MFI,
    &roc::MOM,
    &roc::ROC,
    &roc::ROCP,
    &roc::ROCR,
    &roc::ROCR100,
    &rsi::RSI,
    &rsi::CMO,
    &stc::STC,
    &stoch::STOCH,
    &stoch::STOCHF,
    &stoch::STOCHRSI,
    &trix::TRIX,
    &tsi::TSI,
    &ultosc::ULTOSC,
    &vortex::VORTEX,
    &willr::WILLR,
];
