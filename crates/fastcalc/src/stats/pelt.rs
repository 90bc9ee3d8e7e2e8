//! Optimal change points by PELT (Killick, Fearnhead, Eckley, Optimal Detection of Changepoints with a
//! Linear Computational Cost, 2012).

use crate::{KernelError, checks};

/// What changes from one segment to the next, hence what a segment costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SegmentCost {
    /// The mean: squared distances from the mean of the segment.
    Mean,
    /// Mean and variance of a normal: n (ln(2 pi variance) + 1), twice the negative log likelihood.
    MeanAndVariance,
}

/// Variances stop here, in units of the variance of the series, so that no segment is infinitely cheap.
const LEAST_VARIANCE: f64 = 1e-8;

/// Rows at which a new segment begins, rising, such that the sum of the costs of the segments plus
/// `penalty` for each change is the least there is. Equal values and an empty series have none.
///
/// A usual penalty is 2 or 3 times ln(rows) times the variance of the noise (Mean), or 3 or 4 times
/// ln(rows) (MeanAndVariance).
///
/// # Errors
/// A value that is infinite or missing, `penalty` not finite or below 0, `minimumSegment` of 0, or below
/// 2 for the variance.
pub fn pelt(
    values: &[f64],
    cost: SegmentCost,
    penalty: f64,
    minimum_segment: usize,
) -> Result<Vec<usize>, KernelError> {
    checks::finite(("values", values))?;
    if let Some(row) = values.iter().position(|v| v.is_nan()) {
        let field = format!("values[{row}]");
        return Err(KernelError::new(field, f64::NAN, "a finite number"));
    }
    if !(penalty >= 0.0 && penalty.is_finite()) {
        let allowed = "a finite number of at least 0";
        return Err(KernelError::new("penalty", penalty, allowed));
    }
    let least = if cost == SegmentCost::Mean { 1 } else { 2 };
    checks::period("minimumSegment", minimum_segment, least)?;
    Ok(search(
        &Segments::new(values, cost),
        penalty,
        minimum_segment,
    ))
}

fn search(segments: &Segments, penalty: f64, minimum: usize) -> Vec<usize> {
    let rows = segments.rows();
    // best[t]: least cost of the first t rows; from[t]: where their last segment begins.
    let mut best = vec![f64::INFINITY; rows + 1];
    let mut from = vec![0; rows + 1];
    best[0] = -penalty;
    // Possible starts of the last segment, each with the end from which on it is out.
    let mut candidates: Vec<(usize, usize)> = Vec::new();
    for end in minimum..=rows {
        // The start that now leaves a whole segment up to here.
        if best[end - minimum].is_finite() {
            candidates.push((end - minimum, usize::MAX));
        }
        candidates.retain(|&(_, out)| end < out);
        let costs: Vec<f64> = candidates
            .iter()
            .map(|&(start, _)| best[start] + segments.cost(start, end))
            .collect();
        for (&(start, _), &cost) in candidates.iter().zip(&costs) {
            if cost + penalty < best[end] {
                (best[end], from[end]) = (cost + penalty, start);
            }
        }
        // A start that is worse here even without paying for a change never wins again, as soon as a
        // whole segment can begin here instead.
        for (candidate, &cost) in candidates.iter_mut().zip(&costs) {
            if cost > best[end] {
                candidate.1 = candidate.1.min(end + minimum);
            }
        }
    }
    let mut changes = Vec::new();
    let mut end = rows;
    while end > 0 && best[end].is_finite() {
        end = from[end];
        if end > 0 {
            changes.push(end);
        }
    }
    changes.reverse();
    changes
}

/// Running sums from which the cost of any segment follows.
struct Segments {
    cost: SegmentCost,
    sums: Vec<f64>,
    squares: Vec<f64>,
    least_variance: f64,
    /// What a unit of squares is worth in the unit of the series.
    unit: f64,
}

impl Segments {
    fn new(values: &[f64], cost: SegmentCost) -> Self {
        // Around their mean and in units of their deviation, so that the sums keep their digits.
        let n = values.len().max(1) as f64;
        let mean = values.iter().map(|v| v / n).sum::<f64>();
        let widest = values.iter().fold(0.0_f64, |w, v| w.max((v - mean).abs()));
        let scale = if widest > 0.0 { widest } else { 1.0 };
        let mut sums = vec![0.0; values.len() + 1];
        let mut squares = sums.clone();
        for (row, value) in values.iter().enumerate() {
            let v = (value - mean) / scale;
            sums[row + 1] = sums[row] + v;
            squares[row + 1] = squares[row] + v * v;
        }
        let variance = squares[values.len()] / n;
        Self {
            cost,
            sums,
            squares,
            least_variance: (variance * LEAST_VARIANCE).max(f64::MIN_POSITIVE),
            unit: scale * scale,
        }
    }

    fn rows(&self) -> usize {
        self.sums.len() - 1
    }

    fn cost(&self, start: usize, end: usize) -> f64 {
        let n = (end - start) as f64;
        let sum = self.sums[end] - self.sums[start];
        let squares = (self.squares[end] - self.squares[start] - sum * sum / n).max(0.0);
        match self.cost {
            SegmentCost::Mean => squares * self.unit,
            SegmentCost::MeanAndVariance => {
                let variance = (squares / n).max(self.least_variance);
                n * (libm::log(std::f64::consts::TAU * variance * self.unit) + 1.0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Random;

    fn steps() -> Vec<f64> {
        let mut random = Random::new(4, 0);
        let level = |row: usize| [0.0, 3.0, -1.0][row / 40];
        (0..120)
            .map(|row| level(row) + random.uniform() - 0.5)
            .collect()
    }

    #[test]
    fn finds_the_steps_wherever_they_are_and_in_whatever_unit() {
        assert_eq!(pelt(&steps(), SegmentCost::Mean, 2.0, 2).unwrap(), [40, 80]);
        let moved: Vec<f64> = steps().iter().map(|v| 1e6 + 100.0 * v).collect();
        assert_eq!(pelt(&moved, SegmentCost::Mean, 2e4, 2).unwrap(), [40, 80]);
        assert_eq!(
            pelt(&moved, SegmentCost::MeanAndVariance, 15.0, 2).unwrap(),
            [40, 80]
        );
    }

    #[test]
    fn pruning_never_changes_the_answer() {
        let mut random = Random::new(8, 0);
        for minimum in [2, 3, 5] {
            let values: Vec<f64> = (0..60).map(|_| random.uniform()).collect();
            for cost in [SegmentCost::Mean, SegmentCost::MeanAndVariance] {
                let penalty = if cost == SegmentCost::Mean { 0.15 } else { 4.0 };
                let segments = Segments::new(&values, cost);
                let found = pelt(&values, cost, penalty, minimum).unwrap();
                let total = |changes: &[usize]| {
                    let mut ends = changes.to_vec();
                    ends.push(60);
                    let starts = std::iter::once(0).chain(changes.iter().copied());
                    let costs = starts.zip(&ends).map(|(s, &e)| segments.cost(s, e));
                    costs.sum::<f64>() + penalty * changes.len() as f64
                };
                let exact = unpruned(&segments, penalty, minimum);
                assert!((total(&found) - exact).abs() < 1e-9, "{cost:?} {minimum}");
            }
        }
    }

    /// Least total by trying every start.
    fn unpruned(segments: &Segments, penalty: f64, minimum: usize) -> f64 {
        let mut best = vec![f64::INFINITY; segments.rows() + 1];
        best[0] = -penalty;
        for end in minimum..=segments.rows() {
            best[end] = (0..=end - minimum)
                .map(|s| best[s] + segments.cost(s, end) + penalty)
                .fold(f64::INFINITY, f64::min);
        }
        best[segments.rows()]
    }

    #[test]
    fn flat_short_and_empty_series_have_no_change() {
        for values in [vec![5.0; 30], vec![1.0], vec![]] {
            for cost in [SegmentCost::Mean, SegmentCost::MeanAndVariance] {
                assert!(pelt(&values, cost, 1.0, 2).unwrap().is_empty());
            }
        }
        let error = pelt(&[1.0, f64::NAN], SegmentCost::Mean, 1.0, 1).unwrap_err();
        assert_eq!(error.field, "values[1]");
        assert!(pelt(&[], SegmentCost::MeanAndVariance, 1.0, 1).is_err());
    }
}
