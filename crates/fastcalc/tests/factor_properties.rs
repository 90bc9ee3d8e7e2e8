//! Factors under fuzz: flat, tied, missing and zero rows, and nothing leaves its mathematical range.

use fastcalc::orderflow::{self, Correction, Quotes};
use fastcalc::stats::{self, MatrixKind, Shrinkage};
use fastcalc::volatility::{self, Ohlc};
use proptest::prelude::*;

/// Open, high, low, close, volume; some flat, some missing, some without volume.
#[derive(Debug, Clone)]
struct Bars {
    columns: [Vec<f64>; 4],
    volume: Vec<f64>,
}

impl Bars {
    fn ohlc(&self) -> Ohlc<'_> {
        let [open, high, low, close] = &self.columns;
        Ohlc {
            open,
            high,
            low,
            close,
        }
    }
}

fn bars() -> impl Strategy<Value = Bars> {
    let bar = (
        1_u32..40,
        1_u32..40,
        0_u32..3,
        0_u32..3,
        0_u32..9,
        0_u32..12,
    );
    prop::collection::vec(bar, 0..60).prop_map(|rows| {
        let mut out = Bars {
            columns: [const { Vec::new() }; 4],
            volume: Vec::new(),
        };
        for (open, close, above, below, volume, missing) in rows {
            let [o, c] = [open, close].map(|p| f64::from(p) + 10.0);
            let prices = [
                o,
                o.max(c) + f64::from(above),
                o.min(c) - f64::from(below),
                c,
            ];
            for (at, (column, price)) in out.columns.iter_mut().zip(prices).enumerate() {
                column.push(if missing == at as u32 {
                    f64::NAN
                } else {
                    price
                });
            }
            out.volume.push(if missing == 4 {
                f64::NAN
            } else {
                f64::from(volume)
            });
        }
        out
    })
}

fn inside(name: &str, values: &[f64], rows: usize, range: std::ops::RangeInclusive<f64>) {
    assert_eq!(values.len(), rows, "{name}");
    for v in values.iter().filter(|v| !v.is_nan()) {
        assert!(range.contains(v), "{name}: {v}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn factors_of_bars_stay_in_range(bars in bars(), period in 3_usize..12) {
        let rows = bars.volume.len();
        let [_, high, low, close] = &bars.columns;
        let positive = 0.0..=f64::MAX;
        let ohlc = bars.ohlc();
        inside("parkinson", &volatility::parkinson(high, low, period).unwrap(), rows, positive.clone());
        for (name, out) in [
            ("garman_klass", volatility::garman_klass(&ohlc, period)),
            ("rogers_satchell", volatility::rogers_satchell(&ohlc, period)),
            ("yang_zhang", volatility::yang_zhang(&ohlc, period)),
            ("amihud", orderflow::amihud(close, &bars.volume, period)),
            ("roll", orderflow::roll_spread(close, period)),
            ("abdi", orderflow::abdi_ranaldo(high, low, close, period, Correction::Pairs)),
            ("abdi", orderflow::abdi_ranaldo(high, low, close, period, Correction::Window)),
        ] {
            inside(name, &out.unwrap(), rows, positive.clone());
        }
        let spread = orderflow::corwin_schultz(high, low, close, period).unwrap();
        inside("corwin_schultz", &spread, rows, 0.0..=2.0);
        let bought = orderflow::bulk_volume_classification(close, &bars.volume, period).unwrap();
        let vpin = orderflow::vpin(&bought, &bars.volume, 7.0, 3).unwrap();
        inside("vpin", &vpin, rows, 0.0..=1.0);
    }

    #[test]
    fn factors_of_returns_stay_in_range(bars in bars(), period in 3_usize..12) {
        let returns: Vec<f64> = bars.columns[3].iter().map(|c| c / 30.0 - 1.0).collect();
        let rows = returns.len();
        let positive = 0.0..=f64::MAX;
        for (name, out) in [
            ("realized", volatility::realized_variance(&returns, period)),
            ("bipower", volatility::bipower_variation(&returns, period)),
            ("med_rv", volatility::med_rv(&returns, period)),
            ("min_rv", volatility::min_rv(&returns, period)),
            ("vol of vol", volatility::volatility_of_volatility(&returns, period, 4)),
        ] {
            inside(name, &out.unwrap(), rows, positive.clone());
        }
        let jumps = volatility::jump_test(&returns, period).unwrap();
        inside("jump_test", &jumps, rows, f64::MIN..=f64::MAX);
        for shrinkage in [Shrinkage::None, Shrinkage::Fixed(0.4), Shrinkage::LedoitWolf] {
            let pairs: Vec<f64> = returns.iter().chain(&bars.volume).copied().collect();
            let out = stats::rolling_matrix(&pairs, 2, period, MatrixKind::Correlation, shrinkage);
            inside("correlation", &out.unwrap(), 2 * pairs.len(), -1.0..=1.0);
        }
    }

    #[test]
    fn a_factor_never_changes_when_later_rows_arrive(bars in bars(), cut in 0_usize..60) {
        let cut = cut.min(bars.volume.len());
        let mut part = bars.clone();
        part.columns.iter_mut().for_each(|c| c.truncate(cut));
        part.volume.truncate(cut);
        let of = |b: &Bars| {
            let [_, high, low, close] = &b.columns;
            [
                volatility::yang_zhang(&b.ohlc(), 4),
                orderflow::amihud(close, &b.volume, 4),
                orderflow::kyle_lambda(close, &b.volume, 4),
                orderflow::corwin_schultz(high, low, close, 4),
                orderflow::roll_spread(close, 4),
                orderflow::tick_rule(close),
            ]
        };
        for (all, part) in of(&bars).into_iter().zip(of(&part)) {
            for (a, b) in all.unwrap().iter().zip(part.unwrap()) {
                prop_assert_eq!(a.to_bits(), b.to_bits());
            }
        }
    }

    #[test]
    fn one_level_of_a_book_is_its_best_quotes(bars in bars()) {
        let [a, b, c, d] = &bars.columns;
        let book = Quotes { bid_price: a, bid_size: b, ask_price: c, ask_size: d };
        let (one, best) = (
            orderflow::multi_level_order_flow_imbalance(&book, 1).unwrap(),
            orderflow::order_flow_imbalance(&book).unwrap(),
        );
        for (x, y) in one.iter().zip(best) {
            prop_assert!(*x == y || x.is_nan() && y.is_nan());
        }
    }
}
