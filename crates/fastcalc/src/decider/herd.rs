//! Who copies whom: agreement of pairs of experts beyond what their accuracies explain.
//!
//! Naive Bayes takes votes for independent given the class. Experts that copy one another break
//! that twice: their votes count too often, and the latent class drifts to whatever the herd says.
//! So a vote that repeats the vote of an expert it is known to copy has the likelihood
//! `c + (1 - c) p(vote | class)`, with `c` the rate of copying: one parent per vote, as in the
//! tree-augmented naive Bayes of Friedman, Geiger and Goldszmidt (1997).

use super::action::Action;
use super::state::State;

/// Slots that take part, by order of arrival: pairs grow with the square. Those that came later
/// are taken for independent.
pub(crate) const MAX_PAIRED: usize = 128;
/// Discount per common vote of the counts of a pair.
const PAIR_DISCOUNT: f64 = 0.998;
/// Standard errors by which agreement must exceed what independence explains.
const MARGIN: f64 = 2.0;
/// No expert is credited with more accuracy than this when agreement is explained: a herd that
/// drags the latent class along looks accurate, and would explain itself.
const CREDIBLE: f64 = 0.7;
/// Pseudo-votes that pull the rate of copying to zero.
const PRIOR_PAIRS: f64 = 5.0;
/// Nobody is ever taken for a mere echo.
const MOST_COPYING: f64 = 0.95;

/// Discounted counts of common and of equal votes, and the rate of copying made of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Pair {
    pub common: f64,
    pub equal: f64,
    pub copying: f64,
}

/// All pairs of slots by order of arrival, as a lower triangle: (1,0), (2,0), (2,1), (3,0), …
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pairs {
    pub triangle: Vec<Pair>,
}

/// A vote that repeats the vote of the expert it copies, by position among the sorted votes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Link {
    pub parent: usize,
    pub child: usize,
    pub copying: f64,
}

impl Pairs {
    /// Makes room for this many slots.
    pub fn grow(&mut self, slots: usize) {
        let slots = slots.min(MAX_PAIRED);
        let pairs = slots * slots.saturating_sub(1) / 2;
        if pairs > self.triangle.len() {
            self.triangle.resize(pairs, Pair::default());
        }
    }

    /// Rate of copying between two slots, by order of arrival.
    fn copying(&self, a: usize, b: usize) -> f64 {
        self.triangle
            .get(place(a, b))
            .map_or(0.0, |pair| pair.copying)
    }

    /// Counts one common vote of two experts of these accuracies.
    pub fn learn(&mut self, a: usize, b: usize, equal: bool, accuracies: [f64; 2]) {
        let Some(pair) = self.triangle.get_mut(place(a, b)) else {
            return;
        };
        pair.common = pair.common * PAIR_DISCOUNT + 1.0;
        pair.equal = pair.equal * PAIR_DISCOUNT + f64::from(u8::from(equal));
        let [p, q] = accuracies.map(|a| if a < CREDIBLE { a } else { CREDIBLE });
        let chance = p * q + 0.5 * (1.0 - p) * (1.0 - q);
        let expected = pair.common * chance;
        let margin = MARGIN * libm::sqrt(expected * (1.0 - chance) + 1.0);
        let excess = pair.equal - expected - margin;
        let rate = excess / (pair.common - expected + PRIOR_PAIRS);
        pair.copying = rate.clamp(0.0, MOST_COPYING);
    }
}

/// Where the pair of two slots stands; out of reach for slots beyond the limit and for equal ones.
fn place(a: usize, b: usize) -> usize {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    if high >= MAX_PAIRED || low == high {
        return usize::MAX;
    }
    high * (high - 1) / 2 + low
}

/// The links among votes: `seats` are the arrival numbers of the voters (`None`: never seen). The
/// one that the others agree with most leads; every other copies at most one that leads it.
pub(crate) fn links(state: &State, seats: &[Option<usize>], votes: &[Action]) -> Vec<Link> {
    let count = seats.len();
    let mut leads = vec![0.0; count];
    let mut any = false;
    let rate = |a: usize, b: usize| match (seats[a], seats[b]) {
        (Some(a), Some(b)) => state.pairs.copying(a, b),
        _ => 0.0,
    };
    for high in 1..count {
        for low in 0..high {
            let copying = rate(high, low);
            if copying > 0.0 {
                any = true;
                leads[high] += copying;
                leads[low] += copying;
            }
        }
    }
    let mut links = Vec::new();
    if !any {
        return links;
    }
    for child in 0..count {
        let mut best = (child, 0.0);
        for parent in 0..count {
            // Ties go to the earlier name, so that there are no circles.
            let above =
                leads[parent] > leads[child] || (leads[parent] == leads[child] && parent < child);
            if above && parent != child {
                let copying = rate(parent, child);
                if copying > best.1 {
                    best = (parent, copying);
                }
            }
        }
        let (parent, copying) = best;
        if copying > 0.0 && votes[parent] == votes[child] {
            links.push(Link {
                parent,
                child,
                copying,
            });
        }
    }
    links
}
