//! Rows of the extremes of windows.

use crate::indicators::prelude::*;

/// Row of the highest value. Of equals it is the latest when that came in, and the earliest when the
/// one before has left the window (TA-Lib).
#[derive(Debug, Clone)]
struct Place {
    period: f64,
    window: Window<Earliest>,
    held: Earliest,
}
state!(Place: window, held);

/// The highest value and its row; the earlier one of equals.
#[derive(Debug, Clone, Copy, Default)]
struct Earliest {
    value: f64,
    row: f64,
}
state!(Earliest: value, row);

impl Merge for Earliest {
    #[inline]
    fn merge(self, later: Self) -> Self {
        if later.value > self.value {
            later
        } else {
            self
        }
    }
}

impl Place {
    fn new(period: usize) -> Self {
        let held = Earliest {
            value: 0.0,
            row: f64::NEG_INFINITY,
        };
        Place {
            period: period as f64,
            window: Window::new(period),
            held,
        }
    }

    #[inline]
    fn push(&mut self, value: f64, row: f64) -> Option<f64> {
        let now = Earliest { value, row };
        let earliest = self.window.push(now)?;
        if row - self.held.row >= self.period {
            self.held = earliest;
        } else if value >= self.held.value {
            self.held = now;
        }
        Some(self.held.row)
    }

    fn clear(&mut self) {
        self.window.clear();
        self.held.row = f64::NEG_INFINITY;
    }
}

struct Index {
    row: f64,
    lowest: Place,
    highest: Place,
}
state!(Index: row, lowest, highest);

impl Index {
    fn new(p: &Params) -> Self {
        Index {
            row: 0.0,
            lowest: Place::new(p.n(0)),
            highest: Place::new(p.n(0)),
        }
    }
}

impl Kernel<1, 2> for Index {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 2]> {
        let row = self.row;
        self.row += 1.0;
        if x.is_nan() {
            // Row numbers count on, the windows start anew.
            self.lowest.clear();
            self.highest.clear();
            return None;
        }
        let lowest = self.lowest.push(-x, row);
        let highest = self.highest.push(x, row);
        Some([lowest?, highest?])
    }
}

/// One of both.
struct One<const AT: usize>(Index);

impl<const AT: usize> State for One<AT> {
    fn save(&self, words: &mut Vec<f64>) {
        self.0.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.0.load(words);
    }
}

impl<const AT: usize> Kernel<1, 1> for One<AT> {
    #[inline]
    fn next(&mut self, row: [f64; 1]) -> Option<[f64; 1]> {
        self.0.next(row).map(|both| [both[AT]])
    }
}

const fn index(
    name: &'static str,
    about: &'static str,
    build: fn(&Params) -> Box<dyn Stream>,
) -> Definition {
    Definition {
        outputs: &["integer"],
        gap: Gap::Seen,
        ..define(
            name,
            Group::Math,
            about,
            &[Input::Real],
            const { &[period(1, 30)] },
            |p| p.n(0) - 1,
            build,
        )
    }
}

pub const MAXINDEX: Definition = index(
    "maxindex",
    "Row of the highest of the last `period` rows; rows count from 0. Of equals the latest, or the earliest where the one before has left.",
    |p| node(One::<1>(Index::new(p))),
);
pub const MININDEX: Definition = index(
    "minindex",
    "Row of the lowest of the last `period` rows; rows count from 0. Of equals the latest, or the earliest where the one before has left.",
    |p| node(One::<0>(Index::new(p))),
);
pub const MINMAXINDEX: Definition = Definition {
    outputs: &["minidx", "maxidx"],
    ..index(
        "minmaxindex",
        "Rows of the lowest and of the highest of the last `period` rows.",
        |p| node(Index::new(p)),
    )
};
