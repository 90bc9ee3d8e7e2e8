//! What must hold of every indicator, whatever the series.

use fastcalc::KernelError;
use fastcalc::indicators::{
    adx, atr, ewma_volatility, linear_regression_slope, rolling_rank, rolling_z_score, rsi,
};
use fastcalc::orderflow::{
    Quotes, bulk_volume_classification, microprice, order_flow_imbalance, queue_imbalance,
};
use proptest::prelude::*;

type Kernel = fn(&[f64], usize) -> Result<Vec<f64>, KernelError>;

/// Every kernel over one series of prices and a window of at least 2 rows.
const KERNELS: [(&str, Kernel); 8] = [
    ("ewma", |v, n| ewma_volatility(v, n as f64)),
    ("atr", |v, n| atr(v, v, v, n)),
    ("rsi", rsi),
    ("adx", |v, n| adx(v, v, v, n)),
    ("z-score", rolling_z_score),
    ("rank", rolling_rank),
    ("slope", linear_regression_slope),
    ("bulk volume", |v, n| {
        bulk_volume_classification(v, &vec![3.0; v.len()], n)
    }),
];

/// Prices on a coarse grid, so that ties and flat stretches are common; some series miss values.
fn prices() -> impl Strategy<Value = Vec<f64>> {
    let price = prop_oneof![
        20 => (1_u32..40).prop_map(|p| f64::from(p) * 0.25),
        1 => Just(f64::NAN),
        1 => Just(1e12),
    ];
    prop::collection::vec(price, 0..120)
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

proptest! {
    #[test]
    fn the_output_has_the_length_of_the_input_and_nothing_infinite(v in prices(), n in 2_usize..20) {
        for (name, kernel) in KERNELS {
            let out = kernel(&v, n).unwrap();
            prop_assert_eq!(out.len(), v.len(), "{}", name);
            prop_assert!(out.iter().all(|x| !x.is_infinite()), "{}", name);
        }
    }

    #[test]
    fn a_value_never_changes_when_later_rows_arrive(v in prices(), n in 2_usize..20, cut in 0_usize..120) {
        let cut = cut.min(v.len());
        for (name, kernel) in KERNELS {
            let (all, part) = (kernel(&v, n).unwrap(), kernel(&v[..cut], n).unwrap());
            prop_assert!(all.iter().zip(&part).all(|(a, b)| same(*a, *b)), "{}", name);
        }
    }

    #[test]
    fn a_window_gives_the_same_bits_wherever_the_series_starts(
        v in prices(), n in 2_usize..20, cut in 0_usize..120,
    ) {
        let cut = cut.min(v.len());
        for (name, kernel) in &KERNELS[4..] {
            let (all, tail) = (kernel(&v, n).unwrap(), kernel(&v[cut..], n).unwrap());
            let rest = all[cut..].iter().zip(&tail).skip(n);
            prop_assert!(rest.into_iter().all(|(a, b)| same(*a, *b)), "{}", name);
        }
    }

    #[test]
    fn bounded_outputs_keep_their_bounds(v in prices(), n in 2_usize..20) {
        let within = |out: Vec<f64>, low: f64, high: f64| {
            out.into_iter().all(|x| x.is_nan() || (low..=high).contains(&x))
        };
        prop_assert!(within(rsi(&v, n).unwrap(), 0.0, 100.0));
        prop_assert!(within(adx(&v, &v, &v, n).unwrap(), 0.0, 100.0 + 1e-9));
        prop_assert!(within(rolling_rank(&v, n).unwrap(), 0.0, 1.0));
        // No value is further from its mean than (n - 1) / sqrt(n) ... sqrt(n - 1) deviations.
        let most = (n as f64 - 1.0).sqrt() + 1e-9;
        prop_assert!(within(rolling_z_score(&v, n).unwrap(), -most, most));
        prop_assert!(within(bulk_volume_classification(&v, &vec![2.0; v.len()], n).unwrap(), 0.0, 2.0));
        prop_assert!(within(atr(&v, &v, &v, n).unwrap(), 0.0, 1e12));
    }

    #[test]
    fn every_kernel_recovers_once_a_missing_value_is_far_behind(
        mut v in prop::collection::vec(1.0_f64..2.0, 80..100), at in 0_usize..20, n in 2_usize..20,
    ) {
        v[at] = f64::NAN;
        for (name, kernel) in KERNELS {
            let out = kernel(&v, n).unwrap();
            prop_assert!(out[at].is_nan(), "{}", name);
            prop_assert!(out[at + 2 * n + 1..].iter().all(|x| x.is_finite()), "{}", name);
        }
    }

    #[test]
    fn a_window_recovers_exactly_when_the_missing_value_left(
        mut v in prop::collection::vec(1.0_f64..2.0, 60..80), at in 20_usize..30, n in 2_usize..20,
    ) {
        v[at] = f64::NAN;
        for (name, kernel) in &KERNELS[4..7] {
            let out = kernel(&v, n).unwrap();
            for (row, x) in out.iter().enumerate().skip(n - 1) {
                prop_assert_eq!(x.is_nan(), (at..at + n).contains(&row), "{} row {}", name, row);
            }
        }
    }

    #[test]
    fn the_quotes_bound_what_is_made_of_them(
        rows in prop::collection::vec((1_u32..50, 0_u32..9, 0_u32..9, 0_u32..9), 1..60),
    ) {
        let column = |f: fn(&(u32, u32, u32, u32)) -> u32| -> Vec<f64> {
            rows.iter().map(|row| f64::from(f(row))).collect()
        };
        let (bid_price, ask_price) = (column(|r| r.0), column(|r| r.0 + r.1));
        let (bid_size, ask_size) = (column(|r| r.2), column(|r| r.3));
        let quotes = Quotes {
            bid_price: &bid_price,
            bid_size: &bid_size,
            ask_price: &ask_price,
            ask_size: &ask_size,
        };
        let mid = microprice(&quotes).unwrap();
        let flow = order_flow_imbalance(&quotes).unwrap();
        let queue = queue_imbalance(&bid_size, &ask_size).unwrap();
        prop_assert_eq!(flow[0], 0.0);
        for row in 0..rows.len() {
            prop_assert!((bid_price[row]..=ask_price[row]).contains(&mid[row]));
            prop_assert!((-1.0..=1.0).contains(&queue[row]));
            prop_assert!(flow[row].abs() <= 18.0);
        }
        // Seen from the other side of the market everything is the opposite.
        let negative = |prices: &[f64]| prices.iter().map(|p| -p).collect::<Vec<f64>>();
        let mirrored = order_flow_imbalance(&Quotes {
            bid_price: &negative(&ask_price),
            bid_size: &ask_size,
            ask_price: &negative(&bid_price),
            ask_size: &bid_size,
        }).unwrap();
        prop_assert!(flow.iter().zip(&mirrored).all(|(a, b)| a == &-b));
    }
}

#[test]
fn no_row_and_one_row_are_fine() {
    for (name, kernel) in KERNELS {
        assert!(kernel(&[], 2).unwrap().is_empty(), "{name}");
        assert!(kernel(&[5.0], 2).unwrap()[0].is_nan(), "{name}");
    }
}

#[test]
fn a_window_longer_than_the_series_only_ever_warms_up() {
    for (name, kernel) in KERNELS {
        let out = kernel(&[1.0, 2.0, 3.0], usize::MAX / 4).unwrap();
        assert!(out.iter().all(|v| v.is_nan()), "{name}");
    }
}
