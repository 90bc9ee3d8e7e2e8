//! Binding of the statistics: stationarity, change points, regimes, dependence.

use crate::errors::refused;
use crate::outputs::{column, whole};
use fastcalc::stats::{
    self as kernels, AdfTest, ChangePointPrior, CusumOptions, JumpModelOptions, Lags, MatrixKind,
    SegmentCost, Shrinkage, Trend,
};
use napi::Result;
use napi::bindgen_prelude::Float64Array;
use napi_derive::napi;

/// Outcome of a unit-root test.
#[napi(object)]
pub struct NativeAdfTest {
    /// t-ratio of the level.
    pub statistic: f64,
    /// Of it.
    pub p_value: f64,
    /// Lagged changes.
    pub lags: u32,
    /// Rows of the regression.
    pub rows: u32,
    /// At 1, 5 and 10 percent.
    pub critical_values: Float64Array,
}

impl From<AdfTest> for NativeAdfTest {
    fn from(test: AdfTest) -> Self {
        NativeAdfTest {
            statistic: test.statistic,
            p_value: test.p_value,
            lags: test.lags as u32,
            rows: test.rows as u32,
            critical_values: test.critical_values.to_vec().into(),
        }
    }
}

/// No number of lags means Schwert's; `search` compares all up to it.
fn lags(rows: usize, trend: Trend, wished: Option<u32>, search: bool) -> Lags {
    let most = wished.map_or_else(|| kernels::schwert_lags(rows, trend), |l| l as usize);
    if search {
        Lags::Akaike(most)
    } else {
        Lags::Fixed(most)
    }
}

/// Augmented Dickey-Fuller test; `trend` is the number of its terms, 0 to 2.
#[napi(catch_unwind)]
pub fn adf_test(
    values: &[f64],
    trend: u32,
    wished: Option<u32>,
    search: bool,
) -> Result<NativeAdfTest> {
    let trend = match trend {
        0 => Trend::None,
        1 => Trend::Constant,
        _ => Trend::Linear,
    };
    let lags = lags(values.len(), trend, wished, search);
    let test = kernels::adf_test(values, trend, lags).map_err(refused)?;
    Ok(test.into())
}

/// Two series and what holds them together.
#[napi(object)]
pub struct NativeCointegration {
    /// Constant of the regression.
    pub intercept: f64,
    /// Slope of it.
    pub hedge_ratio: f64,
    /// Residuals.
    pub spread: Float64Array,
    /// Unit-root test of them.
    pub test: NativeAdfTest,
    /// Rows until half of a deviation is gone.
    pub half_life_rows: f64,
}

/// Engle and Granger's test.
#[napi(catch_unwind)]
pub fn engle_granger(
    y: &[f64],
    x: &[f64],
    wished: Option<u32>,
    search: bool,
) -> Result<NativeCointegration> {
    let lags = lags(y.len(), Trend::None, wished, search);
    let out = kernels::engle_granger(y, x, lags).map_err(refused)?;
    Ok(NativeCointegration {
        intercept: out.intercept,
        hedge_ratio: out.hedge_ratio,
        spread: out.spread.into(),
        test: out.test.into(),
        half_life_rows: out.half_life_rows,
    })
}

/// Weights of a fractional difference.
#[napi(catch_unwind)]
pub fn fractional_weights(order: f64, threshold: f64) -> Result<Float64Array> {
    column(kernels::fractional_weights(order, threshold))
}

/// A series differenced a fractional number of times.
#[napi(catch_unwind)]
pub fn fractional_difference(values: &[f64], order: f64, threshold: f64) -> Result<Float64Array> {
    column(kernels::fractional_difference(values, order, threshold))
}

/// Sums and alarms of a chart.
#[napi(object)]
pub struct NativeCusum {
    /// Upper sum.
    pub upper: Float64Array,
    /// Lower sum.
    pub lower: Float64Array,
    /// 1, -1 or 0.
    pub alarm: Float64Array,
}

/// Page's cumulative sums.
#[napi(catch_unwind)]
pub fn cusum(values: &[f64], target: f64, slack: f64, threshold: f64) -> Result<NativeCusum> {
    let options = CusumOptions {
        target,
        slack,
        threshold,
    };
    let out = kernels::cusum(values, &options).map_err(refused)?;
    Ok(NativeCusum {
        upper: out.upper.into(),
        lower: out.lower.into(),
        alarm: out.alarm.into(),
    })
}

/// Optimal change points.
#[napi(catch_unwind)]
pub fn pelt(
    values: &[f64],
    variance_changes: bool,
    penalty: f64,
    minimum_segment: u32,
) -> Result<Float64Array> {
    let cost = if variance_changes {
        SegmentCost::MeanAndVariance
    } else {
        SegmentCost::Mean
    };
    let changes =
        kernels::pelt(values, cost, penalty, minimum_segment as usize).map_err(refused)?;
    Ok(whole(changes))
}

/// Prior of the online change points.
#[napi(object)]
pub struct NativeChangePointPrior {
    /// Expected rows of a segment.
    pub mean_run: f64,
    /// Expected mean.
    pub mean: f64,
    /// Rows it is worth.
    pub mean_weight: f64,
    /// Shape of the variance.
    pub shape: f64,
    /// Scale of the variance.
    pub scale: f64,
}

/// What was known after each row.
#[napi(object)]
pub struct NativeOnlineChangePoints {
    /// Likeliest run length.
    pub run_length: Float64Array,
    /// Probability of a young segment.
    pub change_probability: Float64Array,
    /// First rows of the segments after the first.
    pub changes: Float64Array,
    /// Of all rows.
    pub log_likelihood: f64,
}

/// Bayesian online change points.
#[napi(catch_unwind)]
pub fn online_change_points(
    values: &[f64],
    prior: NativeChangePointPrior,
    recent: u32,
) -> Result<NativeOnlineChangePoints> {
    let prior = ChangePointPrior {
        mean_run: prior.mean_run,
        mean: prior.mean,
        mean_weight: prior.mean_weight,
        shape: prior.shape,
        scale: prior.scale,
    };
    let out = kernels::online_change_points(values, &prior, recent as usize).map_err(refused)?;
    Ok(NativeOnlineChangePoints {
        run_length: out.run_length.into(),
        change_probability: out.change_probability.into(),
        changes: whole(out.changes),
        log_likelihood: out.log_likelihood,
    })
}

/// A fitted jump model.
#[napi(object)]
pub struct NativeJumpModel {
    /// Centres, row-major.
    pub centres: Float64Array,
    /// What it costs.
    pub objective: f64,
    /// State of each row.
    pub states: Float64Array,
}

/// Fits a statistical jump model.
#[napi(catch_unwind)]
pub fn fit_jump_model(
    features: &[f64],
    width: u32,
    states: u32,
    penalty: f64,
    starts: u32,
    seed: i64,
) -> Result<NativeJumpModel> {
    let options = JumpModelOptions {
        states: states as usize,
        penalty,
        starts: starts as usize,
        seed: seed as u64,
    };
    let model = kernels::fit_jump_model(features, width as usize, &options).map_err(refused)?;
    Ok(NativeJumpModel {
        centres: model.centres.into(),
        objective: model.objective,
        states: whole(model.states),
    })
}

/// States of a series for known centres; `online` from each row and those before alone.
#[napi(catch_unwind)]
pub fn jump_model_states(
    features: &[f64],
    width: u32,
    centres: &[f64],
    penalty: f64,
    online: bool,
) -> Result<Float64Array> {
    let states = if online {
        kernels::jump_model_online(features, width as usize, centres, penalty)
    } else {
        kernels::jump_model_states(features, width as usize, centres, penalty)
    };
    states.map(whole).map_err(refused)
}

/// Rolling covariance or correlation; `shrinkage` counts where it is not that of Ledoit and Wolf.
#[napi(catch_unwind)]
pub fn rolling_matrix(
    values: &[f64],
    columns: u32,
    period: u32,
    correlation: bool,
    ledoit_wolf: bool,
    shrinkage: Option<f64>,
) -> Result<Float64Array> {
    let kind = if correlation {
        MatrixKind::Correlation
    } else {
        MatrixKind::Covariance
    };
    let shrinkage = match (ledoit_wolf, shrinkage) {
        (true, _) => Shrinkage::LedoitWolf,
        (false, Some(share)) => Shrinkage::Fixed(share),
        (false, None) => Shrinkage::None,
    };
    column(kernels::rolling_matrix(
        values,
        columns as usize,
        period as usize,
        kind,
        shrinkage,
    ))
}
