//! Where fitting starts: groups of equal size by quantile, without any randomness.

use super::{Emission, HmmParameters};

/// Probability to stay in a state that the search starts from.
const STAY: f64 = 0.9;

/// Moments of the observed rows.
pub(super) struct Sample {
    /// The observations that are not missing, ascending.
    sorted: Vec<f64>,
    mean: f64,
    /// Population variance.
    pub variance: f64,
}

impl Sample {
    pub fn new(observations: &[f64]) -> Self {
        let mut sorted: Vec<f64> = observations
            .iter()
            .copied()
            .filter(|v| !v.is_nan())
            .collect();
        sorted.sort_by(f64::total_cmp);
        let (mean, variance) = mean_and_variance(&sorted);
        Self {
            sorted,
            mean,
            variance,
        }
    }

    /// Number of observations that are not missing.
    pub fn observed(&self) -> usize {
        self.sorted.len()
    }

    /// A variance no state may fall below unless the caller names one: a millionth of that of the
    /// sample; where that is 0, a millionth of the scale of the values, squared.
    pub fn default_floor(&self) -> f64 {
        let floor = 1e-6 * self.variance;
        if floor.is_normal() {
            return floor;
        }
        let scale = 1e-6 * self.mean.abs().max(1e-6);
        scale * scale
    }

    /// Two starts: states that differ by level, and states that differ by spread around one level.
    pub fn starts(&self, states: usize, emission: Emission, floor: f64) -> [HmmParameters; 2] {
        let median = self.sorted[self.sorted.len() / 2];
        let mut by_distance = self.sorted.clone();
        by_distance.sort_by(|a, b| {
            let (a_far, b_far) = ((a - median).abs(), (b - median).abs());
            a_far.total_cmp(&b_far).then(a.total_cmp(b))
        });
        let by_level = groups(&self.sorted, states)
            .map(mean_and_variance)
            .collect();
        let by_spread = groups(&by_distance, states)
            .map(|group| {
                let squares = group.iter().map(|v| (v - self.mean) * (v - self.mean));
                (self.mean, squares.sum::<f64>() / group.len() as f64)
            })
            .collect();
        [by_level, by_spread].map(|moments| assemble(moments, emission, floor))
    }
}

/// Cuts into `count` runs whose lengths differ by at most one.
fn groups(values: &[f64], count: usize) -> impl Iterator<Item = &[f64]> {
    let cut = move |i: usize| i * values.len() / count;
    (0..count).map(move |i| &values[cut(i)..cut(i + 1)])
}

fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let origin = values.first().copied().unwrap_or(0.0);
    let mean = origin + values.iter().map(|v| v - origin).sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    (mean, squares / n)
}

fn assemble(moments: Vec<(f64, f64)>, emission: Emission, floor: f64) -> HmmParameters {
    let k = moments.len();
    let leave = if k == 1 {
        0.0
    } else {
        (1.0 - STAY) / (k - 1) as f64
    };
    let stay = if k == 1 { 1.0 } else { STAY };
    HmmParameters {
        emission,
        initial: vec![1.0 / k as f64; k],
        transition: (0..k * k)
            .map(|at| if at / k == at % k { stay } else { leave })
            .collect(),
        mean: moments.iter().map(|m| m.0).collect(),
        variance: moments.iter().map(|m| m.1.max(floor)).collect(),
    }
}
