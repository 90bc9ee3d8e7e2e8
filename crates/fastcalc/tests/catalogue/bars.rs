//! Candles for the tests, and a short way to compute a spec on them.

use crate::shared::Random;
use fastcalc::KernelError;
use fastcalc::indicators::engine::{Bundle, Candles, Source};

/// Columns in the order of `Source::ALL`.
#[derive(Clone, Default)]
pub struct Bars {
    pub columns: [Vec<f64>; 8],
}

impl Bars {
    pub fn rows(&self) -> usize {
        self.columns.iter().map(Vec::len).max().unwrap_or(0)
    }

    pub fn candles(&self) -> Candles<'_> {
        self.between(0, self.rows())
    }

    pub fn between(&self, from: usize, to: usize) -> Candles<'_> {
        let mut candles = Candles::new();
        for (source, column) in Source::ALL.into_iter().zip(&self.columns) {
            if !column.is_empty() {
                candles = candles.with(source, &column[from..to]);
            }
        }
        candles
    }

    /// A random walk with ties, equal highs and lows, and rows without volume.
    pub fn random(rows: usize, seed: u64) -> Self {
        let mut random = Random(seed);
        let mut bars = Bars::default();
        let mut close = 100.0;
        for row in 0..rows {
            let open = close;
            let flat = random.uniform() < 0.1;
            let step = |random: &mut Random| {
                if flat {
                    0.0
                } else {
                    (random.uniform() * 8.0).floor() * 0.25
                }
            };
            close = (open + step(&mut random) - step(&mut random)).max(1.0);
            let high = f64::max(open, close) + step(&mut random);
            let low = (f64::min(open, close) - step(&mut random)).max(0.5);
            let volume = if random.uniform() < 0.05 {
                0.0
            } else {
                (random.uniform() * 1e4).floor()
            };
            let time = row as f64 * 3_600_000.0;
            let values = [
                time,
                open,
                high,
                low,
                close,
                volume,
                close * 0.5,
                open + volume,
            ];
            for (column, value) in bars.columns.iter_mut().zip(values) {
                column.push(value);
            }
        }
        bars
    }

    /// The same price for ever, no volume.
    pub fn flat(rows: usize) -> Self {
        let mut bars = Bars::random(rows, 1);
        for (at, column) in bars.columns.iter_mut().enumerate().skip(1) {
            column.fill(if at == Source::Volume as usize {
                0.0
            } else {
                7.0
            });
        }
        bars
    }
}

/// Output columns of a spec.
pub fn compute(spec: &str, candles: &Candles<'_>) -> Result<Vec<Vec<f64>>, KernelError> {
    let mut bundle = Bundle::new(spec)?;
    let rows = candles.rows();
    let mut out = vec![0.0; rows * bundle.width()];
    assert!(bundle.run(candles, &mut out, || false)?);
    if rows == 0 {
        return Ok(vec![Vec::new(); bundle.width()]);
    }
    Ok(out.chunks_exact(rows).map(<[f64]>::to_vec).collect())
}

/// Bit for bit, any NaN equal to any other.
pub fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}
