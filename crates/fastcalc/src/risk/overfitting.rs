//! Probability of backtest overfitting by combinatorially symmetric cross-validation (Bailey, Borwein,
//! Lopez de Prado, Zhu, The Probability of Backtest Overfitting, 2014).

use crate::{KernelError, checks};

/// Most blocks: 20 give 184,756 splits.
const MOST_BLOCKS: usize = 20;

/// How the best strategy of one half does in the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Overfitting {
    /// Share of splits in which the best of one half is at or below the median of the other.
    pub probability: f64,
    /// ln(w / (1 - w)) of each split, w the rank of that strategy in the other half over trials + 1.
    pub logits: Vec<f64>,
    /// Its Sharpe ratio in the half it was chosen in, a split.
    pub chosen: Vec<f64>,
    /// Its Sharpe ratio in the other half, a split.
    pub other: Vec<f64>,
    /// Share of splits in which it lost money in the other half.
    pub probability_of_loss: f64,
}

/// `returns` is row-major, `trials` columns (one a strategy or parameter set), rows oldest first. They
/// are cut into `blocks` of equal length (what is left over at the start is unused), and each half of
/// the blocks in turn chooses the best by Sharpe ratio. Ties rank in the middle; the first of equals is
/// chosen; a flat strategy has a ratio of 0.
///
/// # Errors
/// A return that is not finite (missing ones cannot be compared), `trials` below 2 or not dividing the
/// returns, `blocks` odd or not from 2 to 20, fewer than two rows a block.
pub fn probability_of_overfitting(
    returns: &[f64],
    trials: usize,
    blocks: usize,
) -> Result<Overfitting, KernelError> {
    check(returns, trials, blocks)?;
    let sums = block_sums(returns, trials, blocks);
    let mut out = Overfitting {
        probability: 0.0,
        logits: Vec::new(),
        chosen: Vec::new(),
        other: Vec::new(),
        probability_of_loss: 0.0,
    };
    for half in (0_u32..1 << blocks).filter(|half| half.count_ones() as usize == blocks / 2) {
        let inside = sharpes(&sums, trials, half);
        let outside = sharpes(&sums, trials, !half & ((1 << blocks) - 1));
        let mut best = 0;
        for (trial, value) in inside.iter().enumerate() {
            if *value > inside[best] {
                best = trial;
            }
        }
        let below = outside.iter().filter(|&&s| s < outside[best]).count() as f64;
        let equal = outside.iter().filter(|&&s| s == outside[best]).count() as f64;
        let rank = below + (equal + 1.0) / 2.0;
        let share = rank / (trials as f64 + 1.0);
        out.logits.push(libm::log(share / (1.0 - share)));
        out.chosen.push(inside[best]);
        out.other.push(outside[best]);
    }
    let splits = out.logits.len() as f64;
    out.probability = out.logits.iter().filter(|&&l| l <= 0.0).count() as f64 / splits;
    out.probability_of_loss = out.other.iter().filter(|&&s| s < 0.0).count() as f64 / splits;
    Ok(out)
}

fn check(returns: &[f64], trials: usize, blocks: usize) -> Result<(), KernelError> {
    checks::finite(("returns", returns))?;
    if let Some(row) = returns.iter().position(|r| r.is_nan()) {
        let field = format!("returns[{row}]");
        return Err(KernelError::new(field, f64::NAN, "a finite number"));
    }
    if trials < 2 || returns.len() % trials != 0 {
        let allowed = format!("at least 2 and a divisor of {} returns", returns.len());
        return Err(KernelError::new("trials", trials, allowed));
    }
    if blocks % 2 != 0 || !(2..=MOST_BLOCKS).contains(&blocks) {
        let allowed = format!("an even integer from 2 to {MOST_BLOCKS}");
        return Err(KernelError::new("blocks", blocks, allowed));
    }
    let rows = returns.len() / trials;
    if rows < 2 * blocks {
        let allowed = format!("at least {} for {blocks} blocks", 2 * blocks);
        return Err(KernelError::new("returns", format!("{rows} rows"), allowed));
    }
    Ok(())
}

/// Count, sum and sum of squares of a block of one trial.
#[derive(Clone, Copy)]
struct Sums {
    count: f64,
    sum: f64,
    squares: f64,
    /// What was taken off each return before it was summed, so that squares keep their digits.
    offset: f64,
}

/// Row-major: blocks * trials.
fn block_sums(returns: &[f64], trials: usize, blocks: usize) -> Vec<Sums> {
    let rows = returns.len() / trials;
    let length = rows / blocks;
    let used = &returns[(rows - length * blocks) * trials..];
    let count = (length * blocks) as f64;
    let offsets: Vec<f64> = (0..trials)
        .map(|trial| used.iter().skip(trial).step_by(trials).sum::<f64>() / count)
        .collect();
    let mut out = Vec::with_capacity(blocks * trials);
    for block in used.chunks_exact(length * trials) {
        for (trial, &offset) in offsets.iter().enumerate() {
            let values = block.iter().skip(trial).step_by(trials).map(|r| r - offset);
            let (sum, squares) = values.fold((0.0, 0.0), |(s, q), v| (s + v, q + v * v));
            out.push(Sums {
                count: length as f64,
                sum,
                squares,
                offset,
            });
        }
    }
    out
}

fn sharpes(sums: &[Sums], trials: usize, half: u32) -> Vec<f64> {
    (0..trials)
        .map(|trial| {
            let (mut n, mut sum, mut squares, mut offset) = (0.0, 0.0, 0.0, 0.0);
            for (block, row) in sums.chunks_exact(trials).enumerate() {
                if half >> block & 1 == 1 {
                    n += row[trial].count;
                    sum += row[trial].sum;
                    squares += row[trial].squares;
                    offset = row[trial].offset;
                }
            }
            let mean = sum / n;
            let variance = (squares - sum * mean) / (n - 1.0);
            // Below this share of the squares a variance is rounding.
            if variance > 1e-14 * squares {
                (mean + offset) / variance.sqrt()
            } else {
                0.0
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Random;

    fn noise(rows: usize, trials: usize, edge: f64) -> Vec<f64> {
        let mut random = Random::new(3, 0);
        (0..rows * trials)
            .map(|i| random.uniform() - 0.5 + if i % trials == 1 { edge } else { 0.0 })
            .collect()
    }

    #[test]
    fn skill_generalises_and_noise_does_not() {
        let skilled = probability_of_overfitting(&noise(400, 10, 0.3), 10, 8).unwrap();
        assert_eq!((skilled.probability, skilled.logits.len()), (0.0, 70));
        assert_eq!(skilled.probability_of_loss, 0.0);
        let lucky = probability_of_overfitting(&noise(400, 10, 0.0), 10, 8).unwrap();
        assert!(lucky.probability > 0.2);
    }

    #[test]
    fn refuses_what_cannot_be_split() {
        for (returns, trials, blocks, field) in [
            (vec![0.0; 40], 1, 2, "trials"),
            (vec![0.0; 41], 2, 2, "trials"),
            (vec![0.0; 40], 2, 3, "blocks"),
            (vec![0.0; 40], 2, 22, "blocks"),
            (vec![0.0; 8], 2, 4, "returns"),
            (vec![f64::NAN; 40], 2, 4, "returns[0]"),
        ] {
            let error = probability_of_overfitting(&returns, trials, blocks).unwrap_err();
            assert_eq!(error.field, field);
        }
        let flat = probability_of_overfitting(&[0.0; 40], 2, 4).unwrap();
        assert!(flat.logits.iter().all(|&l| l == 0.0));
    }
}
