//! Golden files of the shared data folder, which not every machine has.
#![allow(dead_code)]

use std::path::PathBuf;

/// Path of a golden file, or None (said on stderr) where this machine has none.
pub fn golden(relative: &str) -> Option<PathBuf> {
    data(&format!("goldens/{relative}"))
}

/// Path of a file of the shared data, or None (said on stderr) where this machine has none.
pub fn data(relative: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CONCLAVE_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = root.join(relative);
    if path.exists() {
        return Some(path);
    }
    eprintln!(
        "skipped: no data file {} (set CONCLAVE_DATA)",
        path.display()
    );
    None
}

/// A golden file of JSON.
pub fn golden_json(relative: &str) -> Option<serde_json::Value> {
    let text = std::fs::read_to_string(golden(relative)?).expect("readable golden file");
    Some(serde_json::from_str(&text).expect("golden file is JSON"))
}

/// Numbers of a JSON array.
pub fn numbers(value: &serde_json::Value) -> Vec<f64> {
    let items = value.as_array().expect("array of numbers");
    items.iter().map(|v| v.as_f64().expect("number")).collect()
}

/// Daily bars.
pub struct Bars {
    pub high: Vec<f64>,
    pub low: Vec<f64>,
    pub close: Vec<f64>,
}

/// TA-Lib's regression series of 252 days.
pub fn talib_bars() -> Option<Bars> {
    let text = std::fs::read_to_string(golden("talib/ref252.csv")?).expect("readable bars");
    let column = |at: usize| -> Vec<f64> {
        let cells = text.lines().skip(1).map(|row| row.split(',').nth(at));
        let cells = cells.map(|cell| cell.expect("column").trim().parse().expect("number"));
        cells.collect()
    };
    Some(Bars {
        high: column(1),
        low: column(2),
        close: column(3),
    })
}

/// Deterministic pseudo-random numbers: uniform in 0..1 (xorshift64*), no dependency needed.
pub struct Random(pub u64);

impl Random {
    pub fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Standard normal, Box-Muller.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(1.0 - self.uniform())).sqrt();
        radius * libm::cos(std::f64::consts::TAU * self.uniform())
    }
}

/// Returns that switch between two spreads, and stay in one with probability 0.98.
pub fn regimes(rows: usize, seed: u64) -> Vec<f64> {
    let mut random = Random(seed);
    let mut wild = false;
    (0..rows)
        .map(|_| {
            wild ^= random.uniform() < 0.02;
            random.normal() * if wild { 0.03 } else { 0.005 }
        })
        .collect()
}

/// Panics unless both are within `relative` of the larger (or both NaN).
pub fn assert_close(actual: f64, expected: f64, relative: f64, what: &str) {
    let near = (actual - expected).abs() <= relative * actual.abs().max(expected.abs()).max(1e-12);
    assert!(
        near || (actual.is_nan() && expected.is_nan()),
        "{what}: {actual} is not {expected}"
    );
}
