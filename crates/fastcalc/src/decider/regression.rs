//! Discounted ridge regression of rewards on votes: needs no latent class and sees correlated
//! experts as they are (Hoerl and Kennard 1970), with a forgetting factor as in recursive least
//! squares (Ljung and Soderstrom 1983).
//!
//! A vote is `+1, 0, -1` for the difference of the two trades, and `1` or `-1/2` for what holding
//! and the two trades have in common. Weights are pulled to those of equal votes. The normal
//! equations are kept up to date and solved by one Gauss-Seidel sweep per outcome, started from
//! the last solution: O(n^2), and it converges because the matrix is positive definite.

use super::action::{ACTIONS, Action};

/// Slots that take part, by order of arrival; the others count as equal votes.
pub(crate) const MAX_REGRESSED: usize = 128;
/// Pseudo-votes that pull a weight to that of an equal vote.
const RIDGE: f64 = 100.0;
/// Added to the square of the summed edges: no edges, no say, and no division by zero.
const LEAST_SQUARE: f64 = 1e-9;
/// Share of the assumed signal that one equal vote is worth.
const EQUAL_VOTE: f64 = 0.2;

/// Weights and moments of one target.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Target {
    pub moments: Vec<f64>,
    pub weights: Vec<f64>,
}

/// One discounted regression: the difference of the trades, their mean, and holding.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Regression {
    /// Second moments of the signed votes, symmetric.
    pub signed: Vec<Vec<f64>>,
    /// Second moments of the hold votes and, first, of the constant.
    pub idle: Vec<Vec<f64>>,
    pub difference: Target,
    pub common: Target,
    pub holding: Target,
    /// Discounted product of the naive sum of edges with the difference, and its square.
    pub edge_fit: [f64; 2],
}

/// What the votes so far predict.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Prediction {
    difference: f64,
    common: f64,
    holding: f64,
    /// Sum of the edges of the experts, before it is scaled.
    pub edges: f64,
}

impl Prediction {
    /// Expected rewards by the regression.
    pub fn expected(&self) -> [f64; ACTIONS] {
        [
            self.common + self.difference,
            self.holding,
            self.common - self.difference,
        ]
    }

    /// Expected rewards by the edge-weighted vote.
    pub fn edge_weighted(&self, regression: &Regression) -> [f64; ACTIONS] {
        let difference = self.edges * regression.edge_scale();
        [
            self.common + difference,
            self.holding,
            self.common - difference,
        ]
    }
}

fn signed(vote: Action) -> f64 {
    match vote {
        Action::Buy => 1.0,
        Action::Hold => 0.0,
        Action::Sell => -1.0,
    }
}

fn idle(vote: Action) -> f64 {
    if vote == Action::Hold { 1.0 } else { -0.5 }
}

impl Regression {
    /// Makes room for this many slots, as equal votes.
    pub fn grow(&mut self, slots: usize, signal: f64) {
        let slots = slots.min(MAX_REGRESSED);
        widen(&mut self.signed, slots);
        widen(&mut self.idle, slots + 1);
        self.difference.widen(slots, EQUAL_VOTE * signal);
        self.common.widen(slots + 1, 0.0);
        self.holding.widen(slots + 1, 0.0);
    }

    /// Nobody has voted.
    pub fn start(&self) -> Prediction {
        let constant = |target: &Target| target.weights.first().copied().unwrap_or(0.0);
        Prediction {
            common: constant(&self.common),
            holding: constant(&self.holding),
            ..Prediction::default()
        }
    }

    /// Takes in one vote; `arrival` is beyond all slots for one never seen.
    pub fn add(&self, sum: &mut Prediction, arrival: usize, vote: Action, signal: f64) {
        let (s, h) = (signed(vote), idle(vote));
        let equal = EQUAL_VOTE * signal;
        if let Some(weight) = self.difference.weights.get(arrival) {
            sum.difference += weight * s;
            let edge = (self.difference.moments[arrival] + RIDGE * equal)
                / (self.signed[arrival][arrival] + RIDGE);
            sum.edges += edge * s;
            sum.common += self.common.weights[arrival + 1] * h;
            sum.holding += self.holding.weights[arrival + 1] * h;
        } else {
            sum.difference += equal * s;
            sum.edges += equal * s;
        }
    }

    /// What one unit of summed edges is worth.
    fn edge_scale(&self) -> f64 {
        let [product, square] = self.edge_fit;
        product / (square + LEAST_SQUARE)
    }

    /// Learns the difference of the two trades: `edges` is what the edges summed to before.
    pub fn learn_difference(
        &mut self,
        votes: &[(usize, Action)],
        value: f64,
        edges: f64,
        discount: f64,
        signal: f64,
    ) {
        let features = features(votes, signed, 0);
        observe(&mut self.signed, &features, discount);
        self.difference.observe(&features, value, discount);
        self.difference.sweep(&self.signed, EQUAL_VOTE * signal);
        let [product, square] = &mut self.edge_fit;
        *product = *product * discount + edges * value;
        *square = *square * discount + edges * edges;
    }

    /// Learns what the trades have in common, and what holding earned.
    pub fn learn_level(
        &mut self,
        votes: &[(usize, Action)],
        common: f64,
        holding: f64,
        discount: f64,
    ) {
        let mut features = features(votes, idle, 1);
        features.push((0, 1.0));
        observe(&mut self.idle, &features, discount);
        for (target, value) in [(&mut self.common, common), (&mut self.holding, holding)] {
            target.observe(&features, value, discount);
            target.sweep(&self.idle, 0.0);
        }
    }
}

fn features(votes: &[(usize, Action)], of: fn(Action) -> f64, first: usize) -> Vec<(usize, f64)> {
    let mut features = Vec::with_capacity(votes.len() + 1);
    for &(arrival, vote) in votes {
        let value = of(vote);
        if arrival < MAX_REGRESSED && value != 0.0 {
            features.push((arrival + first, value));
        }
    }
    features
}

impl Target {
    fn widen(&mut self, size: usize, weight: f64) {
        self.moments.resize(size, 0.0);
        self.weights.resize(size, weight);
    }

    fn observe(&mut self, features: &[(usize, f64)], value: f64, discount: f64) {
        for moment in &mut self.moments {
            *moment *= discount;
        }
        for &(index, feature) in features {
            self.moments[index] += feature * value;
        }
    }

    /// One Gauss-Seidel sweep over the normal equations.
    fn sweep(&mut self, matrix: &[Vec<f64>], prior: f64) {
        for (index, row) in matrix.iter().enumerate() {
            let own = row[index];
            let others = dot(row, &self.weights) - own * self.weights[index];
            self.weights[index] = (self.moments[index] + RIDGE * prior - others) / (own + RIDGE);
        }
    }
}

fn widen(matrix: &mut Vec<Vec<f64>>, size: usize) {
    for row in matrix.iter_mut() {
        row.resize(size, 0.0);
    }
    matrix.resize_with(size, || vec![0.0; size]);
}

fn observe(matrix: &mut [Vec<f64>], features: &[(usize, f64)], discount: f64) {
    for row in matrix.iter_mut() {
        for cell in row.iter_mut() {
            *cell *= discount;
        }
    }
    for &(i, a) in features {
        for &(j, b) in features {
            matrix[i][j] += a * b;
        }
    }
}

/// Four running sums: shorter chains of additions, always in the same order.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (left, right) = (a.chunks_exact(4), b.chunks_exact(4));
    let (left_rest, right_rest) = (left.remainder(), right.remainder());
    for (x, y) in left.zip(right) {
        for lane in 0..4 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    let mut total = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    for (x, y) in left_rest.iter().zip(right_rest) {
        total += x * y;
    }
    total
}
