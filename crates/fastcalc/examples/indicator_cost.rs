//! Nanoseconds per row of every indicator of a spec, on fresh bars: `indicator_cost [spec] [runs] [rows] [level]`. With few
//! rows all is in the caches, with a million nothing is.

use fastcalc::indicators::engine::{Bundle, Candles};
use fastcalc::simd::{Level, limit};
use std::time::Instant;

const ROWS: usize = 1_000_000;
/// Rows of a run, where the series are short.
const LEAST: usize = 100_000;
/// Thirty usual indicators.
const USUAL: &str = "sma(20),ema(20),wma(20),dema(20),tema(20),trix(20),kama(20),trima(20),rsi(14),cmo(14),macd(12,26,9),\
                     bbands(20,2,2),stddev(20),atr(14),adx(14),plus_di(14),stoch(14,3,sma,3,sma),stochrsi(14,5,3,sma),\
                     cci(20),willr(14),aroon(14),sar(0.02,0.2),obv,ad,adosc(3,10),mfi(14),ultosc(7,14,28),roc(10),\
                     linearreg(14),correl(30)";

fn main() {
    let spec = std::env::args().nth(1).unwrap_or_else(|| USUAL.to_owned());
    let runs = std::env::args().nth(2);
    let runs: usize = runs.map_or(9, |text| text.parse().expect("a number"));
    let rows = std::env::args().nth(3);
    let rows: usize = rows.map_or(ROWS, |text| text.parse().expect("a number"));
    let [open, high, low, close, volume] = bars(rows);
    let candles = Candles::ohlcv(&open, &high, &low, &close, &volume);
    if let Some(name) = std::env::args().nth(4) {
        limit(Level::named(&name).expect("a level: sse2, neon, avx2, avx512"));
    }
    let items = fastcalc::indicators::engine::parse_spec(&spec).expect("a spec");
    let mut total = 0.0;
    for item in &items {
        let cost = cost(&item.text, &candles, runs, rows);
        total += cost;
        println!("{:24} {cost:8.2} ns a row", item.text);
    }
    println!("{:24} {total:8.2} ns a row", "sum");
    println!(
        "{:24} {:8.2} ns a row",
        "in one",
        cost(&spec, &candles, runs, rows)
    );
}

/// The median of some runs, each from the first row on.
fn cost(spec: &str, candles: &Candles<'_>, runs: usize, rows: usize) -> f64 {
    // Written once before, so that the first run does not pay for the memory.
    let mut out = vec![1.0; rows * Bundle::new(spec).expect("a spec").width()];
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let mut bundle = Bundle::new(spec).expect("a spec");
            let times = LEAST.div_ceil(rows);
            let start = Instant::now();
            for _ in 0..times {
                bundle.reset();
                bundle.run(candles, &mut out, || false).expect("bars");
            }
            start.elapsed().as_secs_f64() * 1e9 / (rows * times) as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[runs / 2]
}

/// A random walk; the generator is xorshift64*.
fn bars(rows: usize) -> [Vec<f64>; 5] {
    let mut state = 42_u64;
    let mut uniform = move || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut columns: [Vec<f64>; 5] = std::array::from_fn(|_| Vec::with_capacity(rows));
    let mut close = 100.0_f64;
    for _ in 0..rows {
        let open = close;
        close = (close * (1.0 + 0.002 * (uniform() - 0.5))).max(1.0);
        let high = open.max(close) * (1.0 + 0.001 * uniform());
        let low = open.min(close) * (1.0 - 0.001 * uniform());
        let row = [open, high, low, close, (uniform() * 1e6).floor()];
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    columns
}
