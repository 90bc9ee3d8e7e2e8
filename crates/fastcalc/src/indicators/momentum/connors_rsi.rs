//! Connors RSI.

use super::rsi::Strength;
use crate::indicators::prelude::*;

struct ConnorsRsi {
    price: Strength,
    previous: Option<f64>,
    streak: f64,
    keep_ties: bool,
    streak_rsi: Strength,
    changes: Last,
}
state!(ConnorsRsi: price, previous, streak, streak_rsi, changes);

impl Kernel<1, 1> for ConnorsRsi {
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let price = self.price.rsi(x);
        let before = self.previous.replace(x);
        if let Some(before) = before {
            self.streak = if x > before {
                self.streak.max(0.0) + 1.0
            } else if x < before {
                self.streak.min(0.0) - 1.0
            } else if self.keep_ties {
                self.streak
            } else {
                0.0
            };
        }
        let streak = self.streak_rsi.rsi(self.streak);
        let before = before?;
        let change = if before == 0.0 { 0.0 } else { x / before - 1.0 };
        let window = self.changes.push(change)?;
        let past = &window[..window.len() - 1];
        let below = past.iter().filter(|v| **v < change).count();
        let rank = 100.0 * below as f64 / past.len() as f64;
        Some([(price? + streak? + rank) / 3.0])
    }
}

pub const CONNORS_RSI: Definition = Definition {
    range: Some((0.0, 100.0)),
    ..define(
        "connors_rsi",
        Group::Momentum,
        "Connors RSI (2012): mean of the RSI of the price, the RSI of the length of its streak, and the share in percent of the \
         last `rankperiod` changes that were smaller than this one. An unchanged price ends a streak, or with ties=keep (LEAN) \
         leaves it.",
        &[Input::Real],
        &[
            whole("rsiperiod", 2, 3),
            whole("streakperiod", 2, 2),
            whole("rankperiod", 1, 100),
            choice("ties", &["end", "keep"]),
        ],
        |p| p.n(0).max(p.n(1)).max(p.n(2) + 1),
        |p| {
            node(ConnorsRsi {
                price: Strength::new(p.n(0)),
                previous: None,
                streak: 0.0,
                keep_ties: p.n(3) == 1,
                streak_rsi: Strength::new(p.n(1)),
                changes: Last::new(p.n(2) + 1),
            })
        },
    )
};
