//! Rows of eight columns side by side, as eight columns.

use super::{Level, level};

/// Columns of a tile.
pub const TILE: usize = 8;

/// Writes column `k` of `tile`, whose rows are of [`TILE`] values, to `columns[k]`, all of one length.
pub fn transpose(tile: &[f64], columns: [&mut [f64]; TILE]) {
    let rows = columns[0].len();
    assert!(tile.len() >= rows * TILE && columns.iter().all(|c| c.len() == rows));
    #[cfg(target_arch = "x86_64")]
    if level() >= Level::Avx2 {
        // SAFETY: the processor has AVX2, and the lengths were checked above.
        unsafe { avx2(tile, columns) };
        return;
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (level(), Level::Baseline);
    plain(tile, columns, 0);
}

#[inline(always)]
fn plain(tile: &[f64], columns: [&mut [f64]; TILE], from: usize) {
    for (k, column) in columns.into_iter().enumerate() {
        for (row, slot) in column.iter_mut().enumerate().skip(from) {
            *slot = tile[row * TILE + k];
        }
    }
}

/// # Safety
/// The processor must have AVX2; `tile` must have [`TILE`] values for each row of the columns, which
/// are of one length.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn avx2(tile: &[f64], columns: [&mut [f64]; TILE]) {
    use std::arch::x86_64::{
        _mm256_loadu_pd, _mm256_permute2f128_pd, _mm256_storeu_pd, _mm256_unpackhi_pd,
        _mm256_unpacklo_pd,
    };
    let rows = columns[0].len();
    let whole = rows / 4 * 4;
    for row in (0..whole).step_by(4) {
        for half in [0, 4] {
            // SAFETY: rows `row` to `row + 3` are inside the tile and inside the columns, and a row of the
            // tile has four values from `half` on.
            unsafe {
                let at = tile.as_ptr().add(row * TILE + half);
                let (a, b) = (_mm256_loadu_pd(at), _mm256_loadu_pd(at.add(TILE)));
                let (c, d) = (
                    _mm256_loadu_pd(at.add(2 * TILE)),
                    _mm256_loadu_pd(at.add(3 * TILE)),
                );
                let (ab_low, ab_high) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
                let (cd_low, cd_high) = (_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
                let out = [
                    _mm256_permute2f128_pd::<0x20>(ab_low, cd_low),
                    _mm256_permute2f128_pd::<0x20>(ab_high, cd_high),
                    _mm256_permute2f128_pd::<0x31>(ab_low, cd_low),
                    _mm256_permute2f128_pd::<0x31>(ab_high, cd_high),
                ];
                for (k, values) in out.into_iter().enumerate() {
                    _mm256_storeu_pd(columns[half + k].as_mut_ptr().add(row), values);
                }
            }
        }
    }
    plain(tile, columns, whole);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::limit;

    #[test]
    fn columns_of_any_length_come_out_at_every_level() {
        for most in [Level::Baseline, Level::Avx2, Level::Avx512] {
            limit(most);
            for rows in 0..23 {
                let tile: Vec<f64> = (0..rows * TILE).map(|v| v as f64).collect();
                let mut out = vec![vec![-1.0; rows]; TILE];
                let mut columns = out.iter_mut();
                transpose(
                    &tile,
                    std::array::from_fn(|_| &mut columns.next().unwrap()[..]),
                );
                for (k, column) in out.iter().enumerate() {
                    for (row, value) in column.iter().enumerate() {
                        assert_eq!(*value, (row * TILE + k) as f64);
                    }
                }
            }
        }
    }
}
