//! Quantiles of a stream in little memory, with a bound on the relative error (Masson, Rim, Lee,
//! DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees, 2019).

use crate::{KernelError, checks};
use std::collections::BTreeMap;

/// Below this size a value counts as 0.
const LEAST: f64 = f64::MIN_POSITIVE;

/// Counts of values in buckets whose bounds grow by a constant factor. The order in which values come
/// and in which sketches are merged does not matter.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantileSketch {
    accuracy: f64,
    log_growth: f64,
    positive: BTreeMap<i32, u64>,
    negative: BTreeMap<i32, u64>,
    zeros: u64,
    least: f64,
    most: f64,
}

impl QuantileSketch {
    /// An empty sketch whose quantiles are within `accuracy` of a true one, relative to its size; 0.01 is
    /// one percent and takes at most some 70,000 buckets for all numbers there are.
    ///
    /// # Errors
    /// `accuracy` not from 0.0001 to 0.5.
    pub fn new(accuracy: f64) -> Result<Self, KernelError> {
        if !(1e-4..=0.5).contains(&accuracy) {
            return Err(KernelError::new("accuracy", accuracy, "from 0.0001 to 0.5"));
        }
        Ok(Self {
            accuracy,
            log_growth: libm::log((1.0 + accuracy) / (1.0 - accuracy)),
            positive: BTreeMap::new(),
            negative: BTreeMap::new(),
            zeros: 0,
            least: f64::INFINITY,
            most: f64::NEG_INFINITY,
        })
    }

    /// Counts one value; NaN is missing and left out.
    ///
    /// # Errors
    /// `value` infinite; the sketch has not changed then.
    pub fn add(&mut self, value: f64) -> Result<(), KernelError> {
        if value.is_nan() {
            return Ok(());
        }
        if value.is_infinite() {
            let allowed = "a finite number, or NaN where missing";
            return Err(KernelError::new("value", value, allowed));
        }
        self.least = self.least.min(value);
        self.most = self.most.max(value);
        let size = value.abs();
        if size < LEAST {
            self.zeros += 1;
            return Ok(());
        }
        // At most 71 / accuracy, far inside an i32.
        let bucket = (libm::log(size) / self.log_growth).ceil() as i32;
        let side = if value > 0.0 {
            &mut self.positive
        } else {
            &mut self.negative
        };
        *side.entry(bucket).or_default() += 1;
        Ok(())
    }

    /// Counts all values; NaN is missing and left out.
    ///
    /// # Errors
    /// A value that is infinite; the sketch has not changed then.
    pub fn add_all(&mut self, values: &[f64]) -> Result<(), KernelError> {
        checks::finite(("values", values))?;
        for &value in values {
            self.add(value)?;
        }
        Ok(())
    }

    /// Adds all values of `other`.
    ///
    /// # Errors
    /// `other` of another accuracy.
    pub fn merge(&mut self, other: &Self) -> Result<(), KernelError> {
        if other.accuracy != self.accuracy {
            let allowed = format!("a sketch of accuracy {}", self.accuracy);
            return Err(KernelError::new("other", other.accuracy, allowed));
        }
        for (bucket, count) in &other.positive {
            *self.positive.entry(*bucket).or_default() += count;
        }
        for (bucket, count) in &other.negative {
            *self.negative.entry(*bucket).or_default() += count;
        }
        self.zeros += other.zeros;
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
        Ok(())
    }

    /// Number of values counted.
    pub fn count(&self) -> u64 {
        let sides = self.positive.values().chain(self.negative.values());
        self.zeros + sides.sum::<u64>()
    }

    /// The value of rank floor(p (count - 1)) in rising order, within the accuracy; `p` of 0 and 1 are
    /// exact. NaN of nothing.
    ///
    /// # Errors
    /// `p` not from 0 to 1.
    pub fn quantile(&self, p: f64) -> Result<f64, KernelError> {
        if !(0.0..=1.0).contains(&p) {
            return Err(KernelError::new("p", p, "from 0 to 1"));
        }
        let count = self.count();
        if count == 0 {
            return Ok(f64::NAN);
        }
        let mut left = (p * (count - 1) as f64).floor() as u64;
        if left == 0 {
            return Ok(self.least);
        }
        if left == count - 1 {
            return Ok(self.most);
        }
        let negative = self
            .negative
            .iter()
            .rev()
            .map(|(b, n)| (-self.middle(*b), *n));
        let zero = std::iter::once((0.0, self.zeros));
        let positive = self.positive.iter().map(|(b, n)| (self.middle(*b), *n));
        for (value, here) in negative.chain(zero).chain(positive) {
            if left < here {
                return Ok(value.clamp(self.least, self.most));
            }
            left -= here;
        }
        Ok(self.most)
    }

    /// The value from which both ends of a bucket have the same relative distance.
    fn middle(&self, bucket: i32) -> f64 {
        let upper = libm::exp(f64::from(bucket) * self.log_growth).min(f64::MAX);
        upper * (1.0 - self.accuracy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Random;

    fn sketch(values: &[f64]) -> QuantileSketch {
        let mut sketch = QuantileSketch::new(0.01).unwrap();
        values.iter().for_each(|&v| sketch.add(v).unwrap());
        sketch
    }

    #[test]
    fn every_quantile_keeps_the_promised_accuracy() {
        let mut random = Random::new(1, 0);
        let mut values: Vec<f64> = (0..5000)
            .map(|i| libm::exp(40.0 * random.uniform() - 20.0) * f64::from(i % 3 - 1))
            .collect();
        let sketch = sketch(&values);
        values.sort_by(f64::total_cmp);
        for step in 0..=1000 {
            let p = f64::from(step) / 1000.0;
            let exact = values[(p * 4999.0).floor() as usize];
            let found = sketch.quantile(p).unwrap();
            assert!(
                (found - exact).abs() <= 0.010_001 * exact.abs(),
                "{p}: {found} {exact}"
            );
        }
    }

    #[test]
    fn merged_sketches_are_the_sketch_of_all() {
        let values: Vec<f64> = (-500..500).map(|i| f64::from(i) * 0.37).collect();
        let mut merged = sketch(&values[600..]);
        merged.merge(&sketch(&values[..600])).unwrap();
        assert_eq!(merged, sketch(&values));
        assert!(merged.merge(&QuantileSketch::new(0.02).unwrap()).is_err());
    }

    #[test]
    fn empty_missing_flat_and_extreme_values() {
        assert!(sketch(&[f64::NAN]).quantile(0.5).unwrap().is_nan());
        assert_eq!(sketch(&[3.0; 9]).quantile(0.5).unwrap(), 3.0);
        assert_eq!(sketch(&[0.0, -0.0, 0.0]).quantile(0.5).unwrap(), 0.0);
        let ends = sketch(&[f64::MAX, -f64::MAX, 1e-300, 5e-324, 0.0]);
        assert_eq!(ends.quantile(1.0).unwrap(), f64::MAX);
        assert!(ends.quantile(0.3).unwrap().is_finite());
        assert_eq!(QuantileSketch::new(0.0).unwrap_err().field, "accuracy");
        assert_eq!(ends.quantile(1.1).unwrap_err().field, "p");
    }
}
