//! Two sums of a stretch of rows, measured from its own first row.
//!
//! That origin lies inside every window the stretch belongs to, so an offset of any size cancels before anything is
//! multiplied, and a spike that has left is forgotten.

use crate::simd::Number;

/// Two sums of a stretch, and how those of neighbours become one.
pub trait Shifted {
    /// Whether sums are of what is above an origin.
    const SHIFTS: bool;
    /// Sums of a stretch of one row.
    fn of<N: Number>(row: N) -> [N; 2];
    /// Sums of both: `shift` is the later origin less the earlier, the widths are their rows.
    fn merge<N: Number>(earlier: [N; 2], later: [N; 2], shift: N, widths: [f64; 2]) -> [N; 2];
}

/// Sum and sum of squares of what is above the first row.
#[derive(Debug, Clone, Copy)]
pub struct Squares;

impl Shifted for Squares {
    const SHIFTS: bool = true;
    #[inline(always)]
    fn of<N: Number>(_row: N) -> [N; 2] {
        [N::of(0.0); 2]
    }
    #[inline(always)]
    fn merge<N: Number>([s0, q0]: [N; 2], [s1, q1]: [N; 2], h: N, [_, w1]: [f64; 2]) -> [N; 2] {
        let sum = s1 + N::of(w1) * h;
        [s0 + sum, q0 + (q1 + h * (s1 + sum))]
    }
}

/// Mean and population variance, never negative, of a window's origin and sums; `share` is 1 / its rows.
#[inline(always)]
pub fn moments_of([origin, sum, squares]: [f64; 3], share: f64) -> [f64; 2] {
    let mean = sum * share;
    let variance = squares * share - mean * mean;
    [origin + mean, if variance > 0.0 { variance } else { 0.0 }]
}

/// Sum, and sum of row number (from 0) times value, of what is above the first row.
#[derive(Debug, Clone, Copy)]
pub struct Ramp;

impl Shifted for Ramp {
    const SHIFTS: bool = true;
    #[inline(always)]
    fn of<N: Number>(_row: N) -> [N; 2] {
        [N::of(0.0); 2]
    }
    #[inline(always)]
    fn merge<N: Number>([s0, r0]: [N; 2], [s1, r1]: [N; 2], h: N, [w0, w1]: [f64; 2]) -> [N; 2] {
        let sum = s1 + N::of(w1) * h;
        let ramp = r1 + h * N::of(w1 * (w1 - 1.0) * 0.5);
        [s0 + sum, r0 + (ramp + N::of(w0) * sum)]
    }
}

/// Sum, and sum with weights 1, 2, 3 …, of the rows themselves.
#[derive(Debug, Clone, Copy)]
pub struct Weighted;

impl Shifted for Weighted {
    const SHIFTS: bool = false;
    #[inline(always)]
    fn of<N: Number>(row: N) -> [N; 2] {
        [row; 2]
    }
    #[inline(always)]
    fn merge<N: Number>([s0, r0]: [N; 2], [s1, r1]: [N; 2], _h: N, [w0, _]: [f64; 2]) -> [N; 2] {
        [s0 + s1, r0 + (r1 + N::of(w0) * s1)]
    }
}
