//! Volume profile of a window.

use crate::indicators::prelude::*;

struct VolumeProfile {
    highs: Last,
    lows: Last,
    volumes: Last,
    /// Volume at each price level; used anew at every row.
    levels: Vec<f64>,
    share: f64,
}
state!(VolumeProfile: highs, lows, volumes);

/// Spreads each bar's volume evenly over the levels it touches.
fn spread(levels: &mut [f64], bars: [&[f64]; 3], bottom: f64, step: f64) {
    levels.fill(0.0);
    let last = levels.len() - 1;
    let [highs, lows, volumes] = bars;
    for ((high, low), volume) in highs.iter().zip(lows).zip(volumes) {
        // A cast saturates, so no level is out of bounds.
        let first = (((low - bottom) / step) as usize).min(last);
        let end = (((high - bottom) / step) as usize).clamp(first, last);
        let part = volume / (end - first + 1) as f64;
        for level in &mut levels[first..=end] {
            *level += part;
        }
    }
}

/// The level with the most volume, the middle one of equals.
fn peak(levels: &[f64]) -> usize {
    let most = levels.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let at = |found: Option<usize>| found.unwrap_or(0);
    let first = at(levels.iter().position(|v| *v == most));
    let last = at(levels.iter().rposition(|v| *v == most));
    let middle = (first + last) / 2;
    if levels[middle] == most {
        middle
    } else {
        first
    }
}

/// Grows from the peak to the side with more volume until the share is inside.
fn value_area(levels: &[f64], peak: usize, share: f64) -> [usize; 2] {
    let wanted = share * levels.iter().sum::<f64>();
    let (mut low, mut high, mut inside) = (peak, peak, levels[peak]);
    while inside < wanted && (low > 0 || high + 1 < levels.len()) {
        let below = if low > 0 {
            levels[low - 1]
        } else {
            f64::NEG_INFINITY
        };
        let above = levels.get(high + 1).copied().unwrap_or(f64::NEG_INFINITY);
        if above >= below {
            high += 1;
            inside += above;
        } else {
            low -= 1;
            inside += below;
        }
    }
    [low, high]
}

impl Kernel<3, 3> for VolumeProfile {
    fn next(&mut self, [high, low, volume]: [f64; 3]) -> Option<[f64; 3]> {
        let highs = self.highs.push(high);
        let lows = self.lows.push(low);
        let volumes = self.volumes.push(volume);
        let (highs, lows, volumes) = (highs?, lows?, volumes?);
        let top = highs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let bottom = lows.iter().copied().fold(f64::INFINITY, f64::min);
        let step = (top - bottom) / self.levels.len() as f64;
        if step <= 0.0 {
            return Some([bottom; 3]);
        }
        spread(&mut self.levels, [highs, lows, volumes], bottom, step);
        let peak = peak(&self.levels);
        let [from, to] = value_area(&self.levels, peak, self.share);
        let price = |level: f64| bottom + step * level;
        Some([
            price(peak as f64 + 0.5),
            price(to as f64 + 1.0),
            price(from as f64),
        ])
    }
}

pub const VOLUME_PROFILE: Definition = Definition {
    outputs: &["poc", "vah", "val"],
    ..define(
        "volume_profile",
        Group::Volume,
        "Volume profile of the last `period` bars (Steidlmayer): each bar's volume spread evenly over the price levels it touches; \
         middle of the level with the most (point of control), and the bounds of the value area that holds `share` of it.",
        &[HIGH, LOW, VOLUME],
        &[
            period(1, 100),
            Param {
                name: "bins",
                kind: ParamKind::Whole {
                    least: 1,
                    most: 1000,
                },
                default: 24.0,
            },
            real("share", 0.0, 1.0, 0.7),
        ],
        |p| p.n(0) - 1,
        |p| {
            node(VolumeProfile {
                highs: Last::new(p.n(0)),
                lows: Last::new(p.n(0)),
                volumes: Last::new(p.n(0)),
                levels: vec![0.0; p.n(1)],
                share: p.x(2),
            })
        },
    )
};
