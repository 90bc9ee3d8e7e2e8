//! The SPY files of LEAN, one row of the table a column.

use crate::bars::{Bars, compute};
use crate::shared::golden;
use fastcalc::indicators::engine::Source;
use std::process::Command;

/// A file's columns by header; empty cells are NaN.
pub struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn open(name: &str) -> Option<Table> {
        let path = golden(&format!("lean/{name}"))?;
        let out = Command::new("gzip")
            .arg("-dc")
            .arg(path)
            .output()
            .expect("gzip runs");
        let text = String::from_utf8(out.stdout).expect("text");
        let mut lines = text.trim_start_matches('\u{feff}').lines().map(cells);
        let header = lines.next().expect("header");
        Some(Table {
            header,
            rows: lines.collect(),
        })
    }

    pub fn column(&self, name: &str) -> Option<Vec<f64>> {
        let at = self
            .header
            .iter()
            .position(|h| h.eq_ignore_ascii_case(name))?;
        let number = |row: &Vec<String>| {
            row.get(at)
                .and_then(|cell| cell.parse().ok())
                .unwrap_or(f64::NAN)
        };
        Some(self.rows.iter().map(number).collect())
    }

    pub fn bars(&self) -> Bars {
        let mut bars = Bars::default();
        for (column, source) in bars.columns.iter_mut().zip(Source::ALL).skip(1).take(5) {
            *column = self.column(source.name()).unwrap_or_default();
        }
        bars
    }
}

fn cells(line: &str) -> Vec<String> {
    line.split(',')
        .map(|cell| cell.trim().trim_matches('"').to_owned())
        .collect()
}

/// Spec, output, file, column, relative tolerance, rows after which a different seed is forgotten.
type Row = (&'static str, usize, &'static str, &'static str, f64, usize);

const GOLDEN: &[Row] = &[
    ("ad", 0, "spy_ad.txt.gz", "AD", 1e-9, 0),
    (
        "adosc(3,10)",
        0,
        "spy_ad_osc.txt.gz",
        "AdOsc_3_10",
        1e-6,
        100,
    ),
    ("adx(14)", 0, "spy_with_adx.txt.gz", "ADX 14", 1e-4, 200),
    ("adxr(14)", 0, "spy_with_adx.txt.gz", "ADXR 14", 1e-4, 200),
    ("apo(5,10,0)", 0, "spy_apo.txt.gz", "APO_5_10", 1e-9, 0),
    (
        "aroonosc(14)",
        0,
        "spy_aroon_oscillator.txt.gz",
        "Aroon Oscillator 14",
        1e-6,
        0,
    ),
    (
        "accbands(20)",
        0,
        "spy_acceleration_bands_20_4.txt.gz",
        "UpperBand",
        1e-6,
        0,
    ),
    (
        "accbands(20)",
        1,
        "spy_acceleration_bands_20_4.txt.gz",
        "MiddleBand",
        1e-6,
        0,
    ),
    (
        "accbands(20)",
        2,
        "spy_acceleration_bands_20_4.txt.gz",
        "LowerBand",
        1e-6,
        0,
    ),
    (
        "atr(14)",
        0,
        "spy_atr_wilder.txt.gz",
        "Average True Range 14",
        1e-5,
        200,
    ),
    (
        "atr(14,simple)",
        0,
        "spy_atr.txt.gz",
        "Average True Range 14",
        1e-5,
        20,
    ),
    (
        "bbands(20,2,2)",
        0,
        "spy_bollinger_bands.txt.gz",
        "Bollinger Bands® 20 2 Top",
        1e-5,
        0,
    ),
    (
        "bbands(20,2,2)",
        2,
        "spy_bollinger_bands.txt.gz",
        "Bollinger Bands® 20 2 Bottom",
        1e-5,
        0,
    ),
    ("bop", 0, "spy_bop.txt.gz", "BOP", 1e-9, 0),
    (
        "cci(14)",
        0,
        "spy_with_cci.txt.gz",
        "Commodity Channel Index (CCI) 14",
        1e-3,
        0,
    ),
    ("dema(5)", 0, "spy_dema.txt.gz", "DEMA_5", 1e-6, 100),
    ("ema(14)", 0, "spy_ema.csv.gz", "EMA14", 1e-6, 150),
    (
        "macd(12,26,9)",
        0,
        "spy_with_macd.txt.gz",
        "MACD",
        2e-2,
        200,
    ),
    ("max(5)", 0, "spy_max.txt.gz", "MAX_5", 1e-12, 0),
    (
        "mfi(20)",
        0,
        "spy_mfi.txt.gz",
        "Money Flow Index 20",
        1e-5,
        0,
    ),
    (
        "midpoint(5)",
        0,
        "spy_midpoint.txt.gz",
        "MIDPOINT_5",
        1e-12,
        0,
    ),
    (
        "midprice(5)",
        0,
        "spy_midprice.txt.gz",
        "MIDPRICE_5",
        1e-12,
        0,
    ),
    ("min(5)", 0, "spy_min.txt.gz", "MIN_5", 1e-12, 0),
    ("natr(5)", 0, "spy_natr.txt.gz", "NATR_5", 1e-9, 0),
    ("ppo(5,10,0)", 0, "spy_ppo.txt.gz", "PPO_5_10", 1e-9, 0),
    ("rocr(5)", 0, "spy_rocr.txt.gz", "ROCR_5", 1e-9, 0),
    (
        "rocp(50)",
        0,
        "spy_with_rocp50.txt.gz",
        "Rate of Change % 50",
        1e-4,
        0,
    ),
    (
        "mom(50)",
        0,
        "spy_with_roc50.txt.gz",
        "Rate of Change 50",
        1e-4,
        0,
    ),
    (
        "rsi(14)",
        0,
        "spy_with_indicators.txt.gz",
        "RSI 14 Wilder",
        1e-6,
        0,
    ),
    (
        "sarext(0,0,0.02,0.02,0.2,0.02,0.02,0.2)",
        0,
        "spy_sarext.txt.gz",
        "SAREXT",
        1e-9,
        0,
    ),
    ("sar(0.02,0.2)", 0, "spy_sarext.txt.gz", "SAR", 1e-9, 0),
    ("sma(14)", 0, "spy_with_indicators.txt.gz", "SMA14", 1e-6, 0),
    (
        "stoch(12,3,0,5,0)",
        0,
        "spy_with_stoch12k3.txt.gz",
        "Stochastics 12 %K 3",
        1e-4,
        0,
    ),
    (
        "stoch(12,3,0,5,0)",
        1,
        "spy_with_stoch12k3.txt.gz",
        "%D 5",
        1e-5,
        0,
    ),
    ("tema(5)", 0, "spy_tema.txt.gz", "TEMA_5", 1e-6, 100),
    ("trange", 0, "spy_tr.txt.gz", "TR", 1e-9, 0),
    ("trima(5)", 0, "spy_trima.txt.gz", "TRIMA_5", 1e-9, 0),
    ("trima(6)", 0, "spy_trima.txt.gz", "TRIMA_6", 1e-9, 0),
    ("tsf(5)", 0, "spy_tsf.csv.gz", "tsf", 1e-9, 5),
    ("var(10)", 0, "spy_var.txt.gz", "Var", 1e-6, 0),
    (
        "willr(14)",
        0,
        "spy_with_williamsR14.txt.gz",
        "Williams %R 14",
        2e-4,
        0,
    ),
    ("ao(5,34)", 0, "spy_ao.txt.gz", "AO", 1e-9, 0),
    ("alma(9,0.85,6)", 0, "spy_alma.txt.gz", "ALMA", 1e-6, 0),
    ("cmf(20)", 0, "spy_cmf.txt.gz", "CMF_20", 1e-5, 0),
    (
        "donchian(50)",
        0,
        "spy_with_don50.txt.gz",
        "Donchian Channels 50 Top",
        1e-6,
        0,
    ),
    (
        "donchian(50)",
        2,
        "spy_with_don50.txt.gz",
        "Donchian Channels 50 Bottom",
        1e-6,
        0,
    ),
    (
        "force_index(20)",
        0,
        "spy_with_ForceIndex.csv.gz",
        "ForceIndex20",
        1e-9,
        0,
    ),
    (
        "heikin_ashi",
        0,
        "spy_heikin_ashi.txt.gz",
        "HA_Open",
        1e-6,
        50,
    ),
    (
        "heikin_ashi",
        1,
        "spy_heikin_ashi.txt.gz",
        "HA_High",
        1e-6,
        50,
    ),
    (
        "heikin_ashi",
        2,
        "spy_heikin_ashi.txt.gz",
        "HA_Low",
        1e-6,
        50,
    ),
    (
        "heikin_ashi",
        3,
        "spy_heikin_ashi.txt.gz",
        "HA_Close",
        1e-6,
        0,
    ),
    ("hma(16)", 0, "spy_hma.txt.gz", "HMA_16", 1e-6, 0),
    ("vwma(20)", 0, "spy_with_vwma.csv.gz", "VWMA20", 1e-9, 0),
    ("zlema(5)", 0, "spy_with_zlema.csv.gz", "ZLEMA5", 1e-6, 60),
    (
        "connors_rsi(3,2,100,keep)",
        0,
        "spy_crsi.csv.gz",
        "crsi",
        1e-12,
        0,
    ),
    ("emv", 0, "spy_emv.txt.gz", "EMV", 1e-9, 0),
    (
        "kst(5,10,15,25,5,5,5,10,9)",
        0,
        "spy_with_kst.csv.gz",
        "kst",
        1e-12,
        0,
    ),
    (
        "kst(5,10,15,25,5,5,5,10,9)",
        1,
        "spy_with_kst.csv.gz",
        "signal",
        1e-12,
        0,
    ),
    (
        "stochrsi(14,14,3)",
        1,
        "spy_with_StochRSI.csv.gz",
        "k",
        1e-12,
        0,
    ),
];

#[test]
fn columns_of_lean_are_met() {
    let mut wrong = Vec::new();
    for &(spec, output, file, column, relative, from) in GOLDEN {
        let Some(table) = Table::open(file) else {
            return;
        };
        let expected = table
            .column(column)
            .unwrap_or_else(|| panic!("{file} has no {column}"));
        let scale = if spec.starts_with("rocp") { 100.0 } else { 1.0 };
        let actual = &compute(spec, &table.bars().candles()).unwrap()[output];
        let both = actual.iter().zip(&expected).enumerate().skip(from);
        let both = both.filter(|(_, (a, e))| !a.is_nan() && !e.is_nan());
        let off = |a: f64, e: f64| (a * scale - e).abs() / e.abs().max(1.0);
        let worst = both
            .clone()
            .map(|(row, (a, e))| (off(*a, *e), row))
            .fold((0.0, 0), |w, v| if v.0 > w.0 { v } else { w });
        let count = both.count();
        if count < 20 || worst.0 > relative {
            let row = worst.1;
            wrong.push(format!(
                "{spec} {column}: {count} rows, off by {} at row {row}: {} is not {}",
                worst.0, actual[row], expected[row]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
