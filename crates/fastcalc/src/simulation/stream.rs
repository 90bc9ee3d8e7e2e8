//! The synthetic committee: eight experts, changing regimes, one that turns bad, one that joins.

use super::rng::Rng;

/// What a decision earns.
#[derive(Clone, Copy, PartialEq)]
pub enum Payoff {
    /// Stream A: 1 for the right action, else 0.
    ZeroOne,
    /// Stream B: r = 10 d + sigma N(0, 1) basis points; trading costs 2.
    Returns {
        /// Standard deviation of the noise.
        sigma: f64,
        /// Noise of a Student t with 3 degrees of freedom in place of the normal.
        student_t3: bool,
    },
}

/// Stream B as it is.
pub const B: Payoff = Payoff::Returns {
    sigma: 30.0,
    student_t3: false,
};

/// A stream and its variants.
#[derive(Clone)]
pub struct Settings {
    /// What a decision earns.
    pub payoff: Payoff,
    /// Number of decisions.
    pub decisions: usize,
    /// Shortest and longest regime.
    pub regime: (usize, usize),
    /// Probability that an expert does not vote.
    pub abstention: f64,
    /// Probability that experts 2 to 4 copy expert 1.
    pub herding: f64,
    /// Accuracy of the expert that joins halfway.
    pub newcomer: f64,
    /// Where above 0, regimes are not new ones but return: this many, drawn at random, each with a
    /// label that can be seen.
    pub recurring: usize,
}

impl Settings {
    /// The plain stream of 20,000 decisions.
    #[must_use]
    pub fn of(payoff: Payoff) -> Self {
        Settings {
            payoff,
            decisions: 20_000,
            regime: (1500, 2500),
            abstention: 0.1,
            herding: 0.0,
            newcomer: 0.62,
            recurring: 0,
        }
    }
}

/// Number of experts.
pub const EXPERTS: usize = 8;

/// One decision: who votes what, the truth behind it, and what each action earns.
pub struct Step {
    /// By expert; 0 buy, 1 hold, 2 sell.
    pub votes: [Option<usize>; EXPERTS],
    /// True accuracies.
    pub accuracy: [f64; EXPERTS],
    /// Which of the returning regimes it is.
    pub label: Option<usize>,
    /// Whether a new regime starts here.
    pub switched: bool,
    /// 0 buy, 1 hold, 2 sell.
    pub truth: usize,
    /// As observed, net of costs.
    pub rewards: [f64; 3],
    /// In expectation, net of costs.
    pub expected: [f64; 3],
}

/// The stream of a seed.
#[must_use]
pub fn generate(settings: &Settings, seed: u64) -> Vec<Step> {
    let mut rng = Rng::new(seed);
    let mut accuracies = [0.36, 0.412, 0.464, 0.516, 0.568, 0.62];
    let mut returning = Vec::with_capacity(settings.recurring);
    for _ in 0..settings.recurring {
        rng.shuffle(&mut accuracies);
        returning.push(accuracies);
    }
    let mut label = None;
    let mut until = 0;
    let mut steps = Vec::with_capacity(settings.decisions);
    for t in 0..settings.decisions {
        let switched = t == until;
        if switched {
            if returning.is_empty() {
                rng.shuffle(&mut accuracies);
            } else {
                let drawn = rng.below(returning.len());
                accuracies = returning[drawn];
                label = Some(drawn);
            }
            let (shortest, longest) = settings.regime;
            until += shortest + rng.below(longest - shortest + 1);
        }
        let mut accuracy = [0.0; EXPERTS];
        accuracy[..6].copy_from_slice(&accuracies);
        accuracy[6] = if t < 5000 { 0.70 } else { 0.05 };
        accuracy[7] = settings.newcomer;
        let truth = rng.below(3);
        let mut votes = [None; EXPERTS];
        for (expert, vote) in votes.iter_mut().enumerate() {
            let right = rng.uniform() < accuracy[expert];
            let wrong = (truth + 1 + rng.below(2)) % 3;
            let awake = rng.uniform() >= settings.abstention;
            if awake && (expert != 7 || t >= 10_000) {
                *vote = Some(if right { truth } else { wrong });
            }
        }
        for follower in 1..4 {
            if rng.uniform() < settings.herding && votes[follower].is_some() && votes[0].is_some() {
                votes[follower] = votes[0];
            }
        }
        let (rewards, expected) = payoff(settings.payoff, truth, &mut rng);
        steps.push(Step {
            votes,
            accuracy,
            label,
            switched,
            truth,
            rewards,
            expected,
        });
    }
    steps
}

fn payoff(payoff: Payoff, truth: usize, rng: &mut Rng) -> ([f64; 3], [f64; 3]) {
    match payoff {
        Payoff::ZeroOne => {
            let mut rewards = [0.0; 3];
            rewards[truth] = 1.0;
            (rewards, rewards)
        }
        Payoff::Returns { sigma, student_t3 } => {
            let mean = 10.0 * (1.0 - truth as f64);
            let mut noise = rng.normal();
            if student_t3 {
                let chi = (rng.normal(), rng.normal(), rng.normal());
                let square = chi.0 * chi.0 + chi.1 * chi.1 + chi.2 * chi.2;
                // Unit variance: a t with 3 degrees of freedom has variance 3.
                noise /= libm::sqrt(square);
            }
            let r = mean + sigma * noise;
            ([r - 2.0, 0.0, -r - 2.0], [mean - 2.0, 0.0, -mean - 2.0])
        }
    }
}

/// The best combination: Bayes with the true accuracies and the true rate of copying.
#[must_use]
pub fn best_action(step: &Step, settings: &Settings) -> usize {
    let mut p = [1.0; 3];
    for (expert, (vote, accuracy)) in step.votes.iter().zip(step.accuracy).enumerate() {
        let Some(vote) = vote else { continue };
        let follows = (1..4).contains(&expert) && step.votes[0].is_some();
        let copying = if follows { settings.herding } else { 0.0 };
        let copied = if step.votes[0] == Some(*vote) {
            copying
        } else {
            0.0
        };
        for (class, value) in p.iter_mut().enumerate() {
            let own = if class == *vote {
                accuracy
            } else {
                (1.0 - accuracy) / 2.0
            };
            *value *= copied + (1.0 - copying) * own;
        }
    }
    let total = p[0] + p[1] + p[2];
    let score = match settings.payoff {
        Payoff::ZeroOne => p,
        Payoff::Returns { .. } => {
            let gross = 10.0 * (p[0] - p[2]) / total;
            [gross - 2.0, 0.0, -gross - 2.0]
        }
    };
    (0..3).fold(1, |best, a| if score[a] > score[best] { a } else { best })
}
