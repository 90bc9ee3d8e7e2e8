//! What windows combine: sums, extremes, moments.
//!
//! Moments are measured from the first row of their stretch. That origin lies inside the window, so an
//! offset of any size cancels before anything is multiplied.

use super::{Merge, State, Words, state};

/// A single number that combines with its neighbour.
macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $merge:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default)]
        pub struct $name(pub f64);

        impl Merge for $name {
            #[inline]
            fn merge(self, later: Self) -> Self {
                let merge: fn(f64, f64) -> f64 = $merge;
                $name(merge(self.0, later.0))
            }
        }

        impl State for $name {
            fn save(&self, words: &mut Vec<f64>) {
                words.push(self.0);
            }
            fn load(&mut self, words: &mut Words<'_>) {
                self.0 = words.take();
            }
        }
    };
}

number!(
    /// A plain sum.
    Sum,
    |a, b| a + b
);
number!(
    /// The highest value.
    Max,
    |a, b| if b > a { b } else { a }
);
number!(
    /// The lowest value.
    Min,
    |a, b| if b < a { b } else { a }
);

/// Mean and spread of one series.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moments {
    n: f64,
    origin: f64,
    sum: f64,
    squares: f64,
}
state!(Moments: n, origin, sum, squares);

impl Moments {
    /// One row.
    #[inline]
    pub fn of(value: f64) -> Self {
        Moments {
            n: 1.0,
            origin: value,
            ..Self::default()
        }
    }

    /// Mean of the rows.
    #[inline]
    pub fn mean(&self) -> f64 {
        self.origin + self.sum / self.n
    }

    /// Population variance, never negative.
    #[inline]
    pub fn variance(&self) -> f64 {
        let mean = self.sum / self.n;
        (self.squares / self.n - mean * mean).max(0.0)
    }
}

impl Merge for Moments {
    #[inline]
    fn merge(self, later: Self) -> Self {
        let shift = later.origin - self.origin;
        Moments {
            n: self.n + later.n,
            origin: self.origin,
            sum: self.sum + (later.sum + later.n * shift),
            squares: self.squares + (later.squares + shift * (2.0 * later.sum + later.n * shift)),
        }
    }
}
