//! What a set of votes says about the classes, built up vote by vote.

use super::action::{ACTIONS, Action};
use super::config::{BAYES, LATENT, LINEAR, REALISED, REGRESSIONS};
use super::confusion::{normalised, sum};
use super::regression::Prediction;
use super::slot::Rows;
use super::state::State;
use super::vote::plurality;

/// Share of the uniform distribution in every component's belief: no class is ever impossible, so
/// no single outcome can end a component.
const UNIFORM_SHARE: f64 = 1e-6;
/// Below this, products of likelihoods are scaled up again; far from the smallest f64.
const SMALL: f64 = 1e-100;

/// The votes so far: counts for plurality, and per naive Bayes component the product of prior and
/// likelihoods.
#[derive(Clone, Copy)]
pub(crate) struct Belief {
    counts: [u32; ACTIONS],
    products: [[f64; ACTIONS]; BAYES],
    /// What the regressions predict.
    pub linear: [Prediction; REGRESSIONS],
    signal: f64,
}

impl Belief {
    /// No votes yet: the class priors.
    pub fn new(state: &State) -> Self {
        let mut products = [[1.0; ACTIONS]; BAYES];
        for (product, classes) in products.iter_mut().zip(&state.classes) {
            *product = state.class_prior(classes);
        }
        let mut linear = [Prediction::default(); REGRESSIONS];
        for (sum, regression) in linear.iter_mut().zip(&state.regressions) {
            *sum = regression.start();
        }
        Belief {
            counts: [0; ACTIONS],
            products,
            linear,
            signal: state.signal(),
        }
    }

    /// Takes in the vote of the expert who arrived in this place, with its likelihoods.
    pub fn add(&mut self, state: &State, arrival: usize, vote: Action, rows: &Rows) {
        self.counts[vote.index()] += 1;
        for (sum, regression) in self.linear.iter_mut().zip(&state.regressions) {
            regression.add(sum, arrival, vote, self.signal);
        }
        for (product, row) in self.products.iter_mut().zip(rows) {
            for (value, likelihood) in product.iter_mut().zip(row) {
                *value *= likelihood;
            }
            if product[0] < SMALL && product[1] < SMALL && product[2] < SMALL {
                *product = normalised(product);
            }
        }
    }

    /// Takes in that a vote repeats the one it copies, both being in already: its likelihood turns
    /// from `p` to `c + (1 - c) p`.
    pub fn link(&mut self, rows: &Rows, copying: f64) {
        for (product, row) in self.products.iter_mut().zip(rows) {
            for (value, likelihood) in product.iter_mut().zip(row) {
                *value *= (1.0 - copying) + copying / likelihood;
            }
        }
    }

    /// The plurality of the votes so far.
    pub fn plurality(&self) -> Action {
        plurality(&self.counts)
    }

    /// Component 0's probabilities of the classes: how plurality's action has turned out so far.
    pub fn calibrated(&self, state: &State) -> [f64; ACTIONS] {
        if self.counts == [0; ACTIONS] {
            state.class_prior(&state.plurality_classes)
        } else {
            soft(&state.calibration_rows[self.plurality().index()])
        }
    }

    /// The probabilities of the classes in naive Bayes component `index`.
    pub fn bayes(&self, index: usize) -> [f64; ACTIONS] {
        soft(&self.products[index])
    }

    /// The mixture's probabilities of the classes; the components without classes have no say.
    pub fn mixed(&self, state: &State) -> [f64; ACTIONS] {
        let mut mixed = self.calibrated(state).map(|p| p * state.mixture.weights[0]);
        let bayes = state.config.bayes_components();
        for (index, weight) in state.mixture.weights[1..=bayes].iter().enumerate() {
            for (total, p) in mixed.iter_mut().zip(self.bayes(index)) {
                *total += weight * p;
            }
        }
        normalised(&mixed)
    }

    /// Expected basis points of every action, net of costs. Until rewards of trades are known they
    /// follow plurality alone and leave costs out, so that the best of them is plurality's action.
    pub fn scores(&self, state: &State, round_trip_bps: f64) -> [f64; ACTIONS] {
        if !state.rewards.proven() {
            if self.counts == [0; ACTIONS] {
                return [0.0; ACTIONS];
            }
            let p = self.calibrated(state);
            let move_bps = state.config.prior_move_bps;
            return [(p[0] - p[1]) * move_bps, 0.0, (p[2] - p[1]) * move_bps];
        }
        let [buy, hold, sell] = self.expected(state);
        [buy - round_trip_bps, hold, sell - round_trip_bps]
    }

    /// Expected gross rewards of every action.
    pub fn expected(&self, state: &State) -> [f64; ACTIONS] {
        let linear = self.linear_expects(state);
        let parts = [
            self.plurality_expects(state),
            self.bayes_expects(state, LATENT),
            self.bayes_expects(state, REALISED),
        ];
        let mut expected = [0.0; ACTIONS];
        for (weight, part) in state
            .mixture
            .weights
            .iter()
            .zip(parts.iter().chain(&linear))
        {
            for (total, value) in expected.iter_mut().zip(part) {
                *total += weight * value;
            }
        }
        expected
    }

    /// The gross rewards a naive Bayes component expects.
    pub fn bayes_expects(&self, state: &State, index: usize) -> [f64; ACTIONS] {
        let table = if index == LATENT {
            &state.rewards.classes
        } else {
            &state.rewards.realised
        };
        table.expected(&self.bayes(index))
    }

    /// The gross rewards the regressions and the edge-weighted vote expect.
    pub fn linear_expects(&self, state: &State) -> [[f64; ACTIONS]; LINEAR] {
        [
            self.linear[0].expected(),
            self.linear[1].expected(),
            self.linear[0].edge_weighted(&state.regressions[0]),
        ]
    }

    /// The gross rewards component 0 expects: what came after this answer of plurality's so far.
    pub fn plurality_expects(&self, state: &State) -> [f64; ACTIONS] {
        if self.counts == [0; ACTIONS] {
            state
                .rewards
                .plurality
                .expected(&state.class_prior(&state.plurality_classes))
        } else {
            state.rewards.plurality.means[self.plurality().index()]
        }
    }
}

/// Normalised, with a trace of the uniform distribution.
fn soft(values: &[f64; ACTIONS]) -> [f64; ACTIONS] {
    let scale = (1.0 - UNIFORM_SHARE) / sum(values);
    let floor = UNIFORM_SHARE / ACTIONS as f64;
    values.map(|value| value * scale + floor)
}
