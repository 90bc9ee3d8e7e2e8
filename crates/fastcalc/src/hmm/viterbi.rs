//! The likeliest path of states (Viterbi, Error Bounds for Convolutional Codes, 1967).

use super::HmmParameters;
use super::densities::Densities;
use crate::{KernelError, checks};

/// A path and its probability.
#[derive(Debug, Clone, PartialEq)]
pub struct ViterbiPath {
    /// State of each row; of equally likely ones the lowest.
    pub states: Vec<u8>,
    /// Natural logarithm of the joint probability of path and observations; 0 of no row.
    pub log_probability: f64,
}

/// The path that is likeliest as a whole, with all rows in view, in logarithms throughout so that no
/// length underflows. A NaN observation is missing: the path passes it by its transitions alone.
///
/// # Errors
/// As [`HmmParameters::check`]; an observation that is infinite.
pub fn viterbi_hmm(
    observations: &[f64],
    parameters: &HmmParameters,
) -> Result<ViterbiPath, KernelError> {
    checks::finite(("observations", observations))?;
    parameters
        .check()
        .map_err(|error| error.inside("parameters"))?;
    let k = parameters.states();
    let densities = Densities::new(parameters);
    let transition: Vec<f64> = parameters
        .transition
        .iter()
        .map(|&p| libm::log(p))
        .collect();
    let mut scores: Vec<f64> = parameters.initial.iter().map(|&p| libm::log(p)).collect();
    let mut next = vec![0.0; k];
    // At most 256 states fit a byte.
    let mut back = vec![0_u8; observations.len() * k];
    for (row, &x) in observations.iter().enumerate() {
        if row > 0 {
            let from = &mut back[row * k..(row + 1) * k];
            advance(&scores, &transition, &mut next, from);
            std::mem::swap(&mut scores, &mut next);
        }
        if !x.is_nan() {
            for (state, score) in scores.iter_mut().enumerate() {
                *score += densities.log_density(state, x);
            }
        }
    }
    let mut states = vec![0_u8; observations.len()];
    let last = likeliest(&scores);
    let mut state = last;
    for row in (0..observations.len()).rev() {
        states[row] = state as u8;
        state = usize::from(back[row * k + state]);
    }
    Ok(ViterbiPath {
        log_probability: if states.is_empty() { 0.0 } else { scores[last] },
        states,
    })
}

/// Best score of each state one row on, and the state it comes from.
fn advance(scores: &[f64], transition: &[f64], next: &mut [f64], from: &mut [u8]) {
    next.fill(f64::NEG_INFINITY);
    for (i, (&score, row)) in scores
        .iter()
        .zip(transition.chunks_exact(scores.len()))
        .enumerate()
    {
        for ((best, origin), &step) in next.iter_mut().zip(from.iter_mut()).zip(row) {
            if score + step > *best {
                (*best, *origin) = (score + step, i as u8);
            }
        }
    }
}

fn likeliest(scores: &[f64]) -> usize {
    let mut best = 0;
    for (state, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = state;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hmm::Emission;

    fn model() -> HmmParameters {
        HmmParameters {
            emission: Emission::Gaussian,
            initial: vec![0.6, 0.4],
            transition: vec![0.9, 0.1, 0.0, 1.0],
            mean: vec![0.0, 1.0],
            variance: vec![0.5, 0.25],
        }
    }

    #[test]
    fn no_other_path_is_likelier() {
        let x = [0.1, f64::NAN, 1.2, 0.9, -0.2, 1.0];
        let found = viterbi_hmm(&x, &model()).unwrap();
        let densities = Densities::new(&model());
        let score = |path: &dyn Fn(usize) -> usize| {
            (0..x.len()).fold(0.0, |sum, row| {
                let state = path(row);
                let step = if row == 0 {
                    model().initial[state]
                } else {
                    model().transition[path(row - 1) * 2 + state]
                };
                let seen = if x[row].is_nan() {
                    0.0
                } else {
                    densities.log_density(state, x[row])
                };
                sum + step.ln() + seen
            })
        };
        let best = (0..64_usize)
            .map(|bits| score(&|row| bits >> row & 1))
            .fold(f64::NEG_INFINITY, f64::max);
        assert!((found.log_probability - best).abs() < 1e-12);
        let own = score(&|row| usize::from(found.states[row]));
        assert!((found.log_probability - own).abs() < 1e-12);
    }

    #[test]
    fn a_million_rows_do_not_underflow_and_none_is_certain() {
        let x: Vec<f64> = (0..1_000_000).map(|i| f64::from(i % 7) / 7.0).collect();
        let path = viterbi_hmm(&x, &model()).unwrap();
        assert!(path.log_probability.is_finite() && path.log_probability < 0.0);
        let none = viterbi_hmm(&[], &model()).unwrap();
        assert_eq!((none.states.len(), none.log_probability), (0, 0.0));
        assert!(viterbi_hmm(&[f64::INFINITY], &model()).is_err());
    }
}
