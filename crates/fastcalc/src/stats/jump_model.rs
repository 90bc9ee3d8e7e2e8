//! Statistical jump model: regimes that cost something to leave (Bemporad, Breschi, Piga, Boyd, Fitting
//! Jump Models, 2018; Nystrup, Lindstrom, Madsen, Learning Hidden Markov Models with Persistent States by
//! Penalizing Jumps, 2020).

use crate::math::Random;
use crate::{KernelError, checks};

/// Most states: each row costs their square.
const MOST_STATES: usize = 64;

/// Most rounds of one start; they end by themselves long before.
const MOST_ROUNDS: usize = 300;

/// How to fit.
#[derive(Debug, Clone, Copy)]
pub struct JumpModelOptions {
    /// Number of states, 1 to 64.
    pub states: usize,
    /// Cost of a change of state, in units of half a squared distance; 0 is k-means.
    pub penalty: f64,
    /// Starts of which the best is kept, at least 1.
    pub starts: usize,
    /// The starts are drawn from it (k-means++).
    pub seed: u64,
}

/// A fitted model; states in order of rising first feature of their centres.
#[derive(Debug, Clone, PartialEq)]
pub struct JumpModel {
    /// K * F, row-major: centre of each state.
    pub centres: Vec<f64>,
    /// Sum of half squared distances and penalties.
    pub objective: f64,
    /// State of each row, with the whole series in view.
    pub states: Vec<usize>,
}

/// Fits states to `features`, row-major with `width` columns, which should have comparable scales. Turns
/// between the best states for the centres (dynamic programming) and the best centres for the states.
///
/// # Errors
/// A feature that is infinite or missing, `width` of 0 or not a divisor, options out of range, fewer
/// rows than states.
pub fn fit_jump_model(
    features: &[f64],
    width: usize,
    options: &JumpModelOptions,
) -> Result<JumpModel, KernelError> {
    check_features(features, width)?;
    check_penalty(options.penalty)?;
    if !(1..=MOST_STATES).contains(&options.states) {
        let allowed = format!("an integer from 1 to {MOST_STATES}");
        return Err(KernelError::new("states", options.states, allowed));
    }
    checks::period("starts", options.starts, 1)?;
    let rows = features.len() / width;
    if rows < options.states {
        let allowed = format!("at least {} rows, one a state", options.states);
        return Err(KernelError::new(
            "features",
            format!("{rows} rows"),
            allowed,
        ));
    }
    let mut best: Option<JumpModel> = None;
    for start in 0..options.starts {
        let mut random = Random::new(options.seed, start as u64);
        let centres = scattered(features, width, options.states, &mut random);
        let model = descend(features, width, centres, options.penalty);
        if best.as_ref().is_none_or(|b| model.objective < b.objective) {
            best = Some(model);
        }
    }
    // At least one start was made.
    let best = best.ok_or_else(|| KernelError::new("starts", 0, "at least 1"))?;
    Ok(ordered(best, width))
}

/// The best states of a series for known centres, with all rows in view.
///
/// # Errors
/// A feature or centre that is infinite or missing, `width` of 0 or not a divisor, `penalty` below 0.
pub fn jump_model_states(
    features: &[f64],
    width: usize,
    centres: &[f64],
    penalty: f64,
) -> Result<Vec<usize>, KernelError> {
    check_all(features, width, centres, penalty)?;
    Ok(decode(features, width, centres, penalty).0)
}

/// The state of each row as it would have been told at that row, from it and those before it alone: the
/// end of the best path up to there.
///
/// # Errors
/// As [`jump_model_states`].
pub fn jump_model_online(
    features: &[f64],
    width: usize,
    centres: &[f64],
    penalty: f64,
) -> Result<Vec<usize>, KernelError> {
    check_all(features, width, centres, penalty)?;
    let mut values = vec![0.0; centres.len() / width];
    let rows = features.chunks_exact(width);
    Ok(rows
        .map(|row| {
            forward(&mut values, row, centres, penalty, &mut []);
            least(&values)
        })
        .collect())
}

fn check_all(
    features: &[f64],
    width: usize,
    centres: &[f64],
    penalty: f64,
) -> Result<(), KernelError> {
    check_features(features, width)?;
    check_penalty(penalty)?;
    checks::finite(("centres", centres))?;
    if centres.is_empty() || centres.len() % width != 0 {
        let actual = format!("{} values", centres.len());
        let allowed = format!("{width} values a state, at least one state");
        return Err(KernelError::new("centres", actual, allowed));
    }
    Ok(())
}

fn check_features(features: &[f64], width: usize) -> Result<(), KernelError> {
    if width == 0 || features.len() % width != 0 {
        let allowed = format!("at least 1 and a divisor of {} features", features.len());
        return Err(KernelError::new("width", width, allowed));
    }
    match features.iter().position(|v| !v.is_finite()) {
        None => Ok(()),
        Some(at) => Err(KernelError::new(
            format!("features[{at}]"),
            features[at],
            "a finite number",
        )),
    }
}

fn check_penalty(penalty: f64) -> Result<(), KernelError> {
    if penalty >= 0.0 && penalty.is_finite() {
        return Ok(());
    }
    let allowed = "a finite number of at least 0";
    Err(KernelError::new("penalty", penalty, allowed))
}

/// k-means++ (Arthur, Vassilvitskii 2007): far rows are likelier to become centres.
fn scattered(features: &[f64], width: usize, states: usize, random: &mut Random) -> Vec<f64> {
    let rows = features.len() / width;
    let row = |at: usize| &features[at * width..(at + 1) * width];
    let mut centres = row(random.below(rows)).to_vec();
    let mut nearest = vec![f64::INFINITY; rows];
    while centres.len() < states * width {
        let newest = &centres[centres.len() - width..];
        for (at, distance) in nearest.iter_mut().enumerate() {
            *distance = distance.min(loss(row(at), newest));
        }
        let mut left = random.uniform() * nearest.iter().sum::<f64>();
        let drawn = nearest.iter().position(|&d| {
            left -= d;
            left < 0.0
        });
        let drawn = drawn.unwrap_or_else(|| random.below(rows));
        centres.extend_from_slice(row(drawn));
    }
    centres
}

fn descend(features: &[f64], width: usize, mut centres: Vec<f64>, penalty: f64) -> JumpModel {
    let (mut states, mut objective) = decode(features, width, &centres, penalty);
    for _ in 0..MOST_ROUNDS {
        recentre(features, width, &states, &mut centres);
        let (next, value) = decode(features, width, &centres, penalty);
        let settled = next == states || value >= objective;
        objective = value.min(objective);
        states = next;
        if settled {
            break;
        }
    }
    JumpModel {
        centres,
        objective,
        states,
    }
}

/// Each centre moves to the mean of its rows; one without rows stays.
fn recentre(features: &[f64], width: usize, states: &[usize], centres: &mut [f64]) {
    let mut sums = vec![0.0; centres.len()];
    let mut counts = vec![0.0; centres.len() / width];
    for (row, &state) in features.chunks_exact(width).zip(states) {
        counts[state] += 1.0;
        for (sum, v) in sums[state * width..].iter_mut().zip(row) {
            *sum += v;
        }
    }
    for (at, centre) in centres.iter_mut().enumerate() {
        let count = counts[at / width];
        if count > 0.0 {
            *centre = sums[at] / count;
        }
    }
}

/// Best states by dynamic programming, and what they cost.
fn decode(features: &[f64], width: usize, centres: &[f64], penalty: f64) -> (Vec<usize>, f64) {
    let states = centres.len() / width;
    let rows = features.len() / width;
    let mut values = vec![0.0; states];
    let mut back = vec![0_u8; rows * states];
    for (row, from) in features
        .chunks_exact(width)
        .zip(back.chunks_exact_mut(states))
    {
        forward(&mut values, row, centres, penalty, from);
    }
    let mut out = vec![0; rows];
    if rows == 0 {
        return (out, 0.0);
    }
    let mut state = least(&values);
    for row in (0..rows).rev() {
        out[row] = state;
        state = usize::from(back[row * states + state]);
    }
    (out, values[least(&values)])
}

/// values[k]: least cost of a path that ends in k at this row; `from`, if any, where it came from.
fn forward(values: &mut [f64], row: &[f64], centres: &[f64], penalty: f64, from: &mut [u8]) {
    let best = least(values);
    let jump = values[best] + penalty;
    for (k, (value, centre)) in values
        .iter_mut()
        .zip(centres.chunks_exact(row.len()))
        .enumerate()
    {
        let jumps = jump < *value;
        if let Some(slot) = from.get_mut(k) {
            // At most 64 states.
            *slot = if jumps { best as u8 } else { k as u8 };
        }
        *value = if jumps { jump } else { *value } + loss(row, centre);
    }
}

fn loss(row: &[f64], centre: &[f64]) -> f64 {
    let squares = row.iter().zip(centre).map(|(v, c)| (v - c) * (v - c));
    0.5 * squares.sum::<f64>()
}

fn least(values: &[f64]) -> usize {
    let mut best = 0;
    for (k, value) in values.iter().enumerate() {
        if *value < values[best] {
            best = k;
        }
    }
    best
}

fn ordered(model: JumpModel, width: usize) -> JumpModel {
    let states = model.centres.len() / width;
    let centre = |k: usize| &model.centres[k * width..(k + 1) * width];
    let mut order: Vec<usize> = (0..states).collect();
    order.sort_by(|&a, &b| {
        let pairs = centre(a).iter().zip(centre(b));
        pairs.fold(std::cmp::Ordering::Equal, |o, (x, y)| {
            o.then(x.total_cmp(y))
        })
    });
    let mut names = vec![0; states];
    for (name, &k) in order.iter().enumerate() {
        names[k] = name;
    }
    JumpModel {
        centres: order.iter().flat_map(|&k| centre(k).to_vec()).collect(),
        objective: model.objective,
        states: model.states.iter().map(|&k| names[k]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: JumpModelOptions = JumpModelOptions {
        states: 2,
        penalty: 2.0,
        starts: 5,
        seed: 1,
    };

    /// Two columns around 0 and around 2 in turn, hundreds of rows each.
    fn features() -> Vec<f64> {
        let mut random = Random::new(5, 0);
        (0..800)
            .map(|i| f64::from(u8::from(i / 200 % 2 == 1)) * 2.0 + 2.0 * random.uniform() - 1.0)
            .collect()
    }

    #[test]
    fn finds_regimes_that_last() {
        let model = fit_jump_model(&features(), 2, &OPTIONS).unwrap();
        assert!(model.centres[0].abs() < 0.2 && (model.centres[2] - 2.0).abs() < 0.2);
        let changes = model.states.windows(2).filter(|w| w[0] != w[1]).count();
        assert_eq!((model.states[0], changes), (0, 3));
        let again = jump_model_states(&features(), 2, &model.centres, 2.0).unwrap();
        assert_eq!(again, model.states);
    }

    #[test]
    fn without_a_penalty_each_row_goes_to_its_nearest_centre() {
        let centres = [0.0, 0.0, 2.0, 2.0];
        let states = jump_model_states(&features(), 2, &centres, 0.0).unwrap();
        for (row, &state) in features().chunks_exact(2).zip(&states) {
            assert!(
                loss(row, &centres[2 * state..2 * state + 2])
                    <= loss(row, &centres[2 - 2 * state..4 - 2 * state])
            );
        }
        assert_eq!(
            jump_model_online(&features(), 2, &centres, 0.0).unwrap(),
            states
        );
    }

    #[test]
    fn what_is_told_online_does_not_change_later_and_ends_where_hindsight_ends() {
        let centres = [0.0, 0.0, 2.0, 2.0];
        let all = jump_model_online(&features(), 2, &centres, 2.0).unwrap();
        let part = jump_model_online(&features()[..500], 2, &centres, 2.0).unwrap();
        assert_eq!(all[..250], part);
        let hindsight = jump_model_states(&features(), 2, &centres, 2.0).unwrap();
        assert_eq!(all[399], hindsight[399]);
    }

    #[test]
    fn flat_rows_fit_and_bad_shapes_are_refused() {
        let flat = fit_jump_model(&[1.0; 12], 2, &OPTIONS).unwrap();
        assert_eq!(flat.objective, 0.0);
        assert_eq!(
            fit_jump_model(&[1.0; 3], 2, &OPTIONS).unwrap_err().field,
            "width"
        );
        assert_eq!(
            fit_jump_model(&[1.0; 2], 2, &OPTIONS).unwrap_err().field,
            "features"
        );
        assert_eq!(
            jump_model_states(&[], 1, &[], 0.0).unwrap_err().field,
            "centres"
        );
        assert!(jump_model_states(&[], 1, &[0.0], 0.0).unwrap().is_empty());
    }
}
