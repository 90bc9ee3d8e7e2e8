//! Windows over a series that may miss values, and their moments.
//!
//! Each window is computed from its own rows alone, in O(period): no running sums, so nothing of a
//! spike or of a large offset remains after it left, and the same window gives the same bits
//! wherever the series starts.

/// Calls `value` with each full window that misses no value; the other rows become NaN.
pub(crate) fn roll(
    values: &[f64],
    period: usize,
    mut value: impl FnMut(&[f64]) -> f64,
) -> Vec<f64> {
    let mut out = vec![f64::NAN; values.len()];
    let mut unbroken = 0_usize;
    for (row, slot) in out.iter_mut().enumerate() {
        unbroken = if values[row].is_finite() {
            unbroken + 1
        } else {
            0
        };
        if unbroken >= period {
            *slot = value(&values[row + 1 - period..=row]);
        }
    }
    out
}

/// Adds up `f(v)` in four interleaved sums: faster than one, and always in the same order.
pub(crate) fn sum(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let mut lanes = [0.0_f64; 4];
    let quads = values.chunks_exact(4);
    let rest = quads.remainder();
    for quad in quads {
        for (lane, &v) in lanes.iter_mut().zip(quad) {
            *lane += f(v);
        }
    }
    let mut total = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
    for &v in rest {
        total += f(v);
    }
    total
}

/// Mean and population standard deviation of a window, relative to its last value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moments {
    /// Mean of the window minus its last value.
    pub mean_from_last: f64,
    /// Population standard deviation.
    pub deviation: f64,
}

/// Two passes around the last value, so an offset of any size cancels before anything is squared.
pub(crate) fn moments(window: &[f64]) -> Moments {
    let n = window.len() as f64;
    let last = window[window.len() - 1];
    let direct = |scale: f64| {
        let from_last = |v: f64| (v - last) * scale;
        let mean = sum(window, from_last) / n;
        let squares = sum(window, |v| {
            let d = from_last(v) - mean;
            d * d
        });
        (mean, squares)
    };
    let (mean, squares) = direct(1.0);
    if squares.is_normal() {
        return Moments {
            mean_from_last: mean,
            deviation: (squares / n).sqrt(),
        };
    }
    // Flat, or the squares left the range of f64: once more in units of the widest distance.
    let widest = window.iter().fold(0.0_f64, |w, v| w.max((v - last).abs()));
    if widest == 0.0 || !widest.is_finite() || !widest.recip().is_finite() {
        return Moments {
            mean_from_last: 0.0,
            deviation: 0.0,
        };
    }
    let (mean, squares) = direct(widest.recip());
    Moments {
        mean_from_last: mean * widest,
        deviation: (squares / n).sqrt() * widest,
    }
}
