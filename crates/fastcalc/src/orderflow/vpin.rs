//! Volume-synchronised probability of informed trading (Easley, Lopez de Prado, O'Hara, Flow Toxicity and
//! Liquidity in a High-frequency World, 2012).

use crate::{KernelError, checks};
use std::collections::VecDeque;

/// Most buckets one row may fill: a volume that needs more is a mistake in the unit.
const MOST_BUCKETS_A_ROW: f64 = 1e6;

/// Sum of |bought - sold| over the last `buckets` full buckets of `bucket_volume` each, divided by their
/// volume: 0 to 1, as known after each row. A row that fills a bucket pours the rest into the next, in
/// its own proportion. NaN until so many buckets are full. A row with a missing value is passed over.
///
/// `buy_volume` comes from bulk volume classification or from signed trades.
///
/// # Errors
/// Columns of different length, a volume that is negative or infinite, bought above the volume of its
/// row, `bucketVolume` not above 0 or so small that a row fills a million, `buckets` of 0.
pub fn vpin(
    buy_volume: &[f64],
    volume: &[f64],
    bucket_volume: f64,
    buckets: usize,
) -> Result<Vec<f64>, KernelError> {
    check(buy_volume, volume, bucket_volume, buckets)?;
    let mut full: VecDeque<f64> = VecDeque::new();
    let (mut filled, mut imbalance) = (0.0_f64, 0.0_f64);
    let mut out = vec![f64::NAN; volume.len()];
    let mut value = f64::NAN;
    for (row, slot) in out.iter_mut().enumerate() {
        let (bought, traded) = (buy_volume[row], volume[row]);
        let mut left = traded;
        // Of each unit of the row, what was bought more than sold; nothing traded leaves nothing to pour.
        let lean = 2.0 * bought / traded - 1.0;
        if left.is_nan() || bought.is_nan() {
            left = 0.0;
        }
        while left > 0.0 {
            let poured = left.min(bucket_volume - filled);
            imbalance += lean * poured;
            filled += poured;
            left -= poured;
            if filled >= bucket_volume {
                full.push_back(imbalance.abs().min(bucket_volume));
                (filled, imbalance) = (0.0, 0.0);
                if full.len() > buckets {
                    full.pop_front();
                }
                if full.len() == buckets {
                    value = full.iter().sum::<f64>() / (buckets as f64 * bucket_volume);
                }
            }
        }
        *slot = value.min(1.0);
        if value.is_nan() {
            *slot = f64::NAN;
        }
    }
    Ok(out)
}

fn check(
    buy_volume: &[f64],
    volume: &[f64],
    bucket_volume: f64,
    buckets: usize,
) -> Result<(), KernelError> {
    let columns = [("buyVolume", buy_volume), ("volume", volume)];
    checks::same_length(&columns)?;
    for column in columns {
        checks::non_negative(column)?;
    }
    checks::period("buckets", buckets, 1)?;
    if !(bucket_volume > 0.0 && bucket_volume.is_finite()) {
        let allowed = "a finite number above 0";
        return Err(KernelError::new("bucketVolume", bucket_volume, allowed));
    }
    let rows = buy_volume.iter().zip(volume);
    // Rounding of a share times a volume may exceed it by a few bits.
    if let Some(row) = rows.clone().position(|(b, v)| *b > v * (1.0 + 1e-12)) {
        let allowed = format!("at most volume[{row}] ({})", volume[row]);
        return Err(KernelError::new(
            format!("buyVolume[{row}]"),
            buy_volume[row],
            allowed,
        ));
    }
    let largest = volume.iter().fold(0.0_f64, |m, v| m.max(*v));
    if largest / bucket_volume > MOST_BUCKETS_A_ROW {
        let allowed = format!("at least {}", largest / MOST_BUCKETS_A_ROW);
        return Err(KernelError::new("bucketVolume", bucket_volume, allowed));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pours_rows_into_buckets() {
        // 10 all bought, 10 all sold, 20 half and half: buckets of 15 are 10 bought + 5 sold, then 5
        // sold + 10 half and half, then 10 more of those.
        let out = vpin(&[10.0, 0.0, 10.0, 2.5], &[10.0, 10.0, 20.0, 5.0], 15.0, 1).unwrap();
        assert!(out[0].is_nan());
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        near(out[1], 5.0 / 15.0);
        near(out[2], 5.0 / 15.0);
        near(out[3], 0.0);
    }

    #[test]
    fn one_sided_flow_is_1_and_the_unit_of_volume_does_not_matter() {
        let volume: Vec<f64> = (0..200).map(|i| f64::from(i * 13 % 10)).collect();
        let out = vpin(&volume, &volume, 7.0, 5).unwrap();
        assert!(out[199] == 1.0);
        let half: Vec<f64> = volume
            .iter()
            .enumerate()
            .map(|(i, v)| v * f64::from(i as u32 % 3) / 2.0)
            .collect();
        let scaled = |v: &[f64]| v.iter().map(|x| x * 8.0).collect::<Vec<_>>();
        let (a, b) = (
            vpin(&half, &volume, 7.0, 5).unwrap(),
            vpin(&scaled(&half), &scaled(&volume), 56.0, 5).unwrap(),
        );
        for (x, y) in a.iter().zip(&b) {
            assert!(x.is_nan() && y.is_nan() || (x - y).abs() < 1e-12);
            assert!(x.is_nan() || (0.0..=1.0).contains(x));
        }
    }

    #[test]
    fn missing_rows_are_passed_over_and_nonsense_is_refused() {
        let out = vpin(&[1.0, f64::NAN, 0.0], &[1.0, 1.0, 0.0], 1.0, 1).unwrap();
        assert_eq!(out, [1.0; 3]);
        assert_eq!(
            vpin(&[2.0], &[1.0], 1.0, 1).unwrap_err().field,
            "buyVolume[0]"
        );
        assert_eq!(
            vpin(&[1.0], &[1.0], 1e-9, 1).unwrap_err().field,
            "bucketVolume"
        );
        assert!(vpin(&[], &[], 1.0, 1).unwrap().is_empty());
    }
}
