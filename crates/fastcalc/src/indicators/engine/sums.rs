//! What windows combine: sums, extremes, moments, lines.
//!
//! Moments and lines are measured from the first row of their stretch. That origin lies inside the
//! window, so an offset of any size cancels before anything is multiplied.

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

/// The highest value and its row; the later one of equals.
#[derive(Debug, Clone, Copy, Default)]
pub struct Highest {
    /// The value.
    pub value: f64,
    /// Its row.
    pub row: f64,
}
state!(Highest: value, row);

impl Merge for Highest {
    #[inline]
    fn merge(self, later: Self) -> Self {
        if later.value >= self.value {
            later
        } else {
            self
        }
    }
}

/// The lowest value and its row; the later one of equals.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lowest {
    /// The value.
    pub value: f64,
    /// Its row.
    pub row: f64,
}
state!(Lowest: value, row);

impl Merge for Lowest {
    #[inline]
    fn merge(self, later: Self) -> Self {
        if later.value <= self.value {
            later
        } else {
            self
        }
    }
}

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

/// How two series move together.
#[derive(Debug, Clone, Copy, Default)]
pub struct CoMoments {
    x: Moments,
    y: Moments,
    products: f64,
}
state!(CoMoments: x, y, products);

impl CoMoments {
    /// One row.
    #[inline]
    pub fn of(x: f64, y: f64) -> Self {
        CoMoments {
            x: Moments::of(x),
            y: Moments::of(y),
            products: 0.0,
        }
    }

    /// Population covariance.
    #[inline]
    pub fn covariance(&self) -> f64 {
        (self.products - self.x.sum * (self.y.sum / self.y.n)) / self.x.n
    }

    /// Pearson's correlation, 0 where a series does not move.
    pub fn correlation(&self) -> f64 {
        let spread = self.x.variance().sqrt() * self.y.variance().sqrt();
        if spread > 0.0 {
            (self.covariance() / spread).clamp(-1.0, 1.0)
        } else {
            0.0
        }
    }

    /// Slope of y on x, 0 where x does not move.
    pub fn slope(&self) -> f64 {
        let variance = self.x.variance();
        if variance > 0.0 {
            self.covariance() / variance
        } else {
            0.0
        }
    }
}

impl Merge for CoMoments {
    #[inline]
    fn merge(self, later: Self) -> Self {
        let shift_x = later.x.origin - self.x.origin;
        let shift_y = later.y.origin - self.y.origin;
        let moved = later.products
            + shift_x * later.y.sum
            + shift_y * later.x.sum
            + later.x.n * shift_x * shift_y;
        CoMoments {
            x: self.x.merge(later.x),
            y: self.y.merge(later.y),
            products: self.products + moved,
        }
    }
}

/// The least-squares line through the rows, and their linearly weighted mean.
#[derive(Debug, Clone, Copy, Default)]
pub struct Line {
    n: f64,
    origin: f64,
    sum: f64,
    /// Sum of row number (from 0) times value.
    ramp: f64,
}
state!(Line: n, origin, sum, ramp);

impl Line {
    /// One row.
    #[inline]
    pub fn of(value: f64) -> Self {
        Line {
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

    /// Change per row.
    #[inline]
    pub fn slope(&self) -> f64 {
        let spread = self.n * (self.n * self.n - 1.0) / 12.0;
        (self.ramp - (self.n - 1.0) / 2.0 * self.sum) / spread
    }

    /// Height of the line at `row`, 0 being the first of the window.
    #[inline]
    pub fn at(&self, row: f64) -> f64 {
        self.mean() + self.slope() * (row - (self.n - 1.0) / 2.0)
    }

    /// Mean with weights 1, 2, 3 …, the latest row counting most.
    #[inline]
    pub fn weighted_mean(&self) -> f64 {
        self.origin + (self.ramp + self.sum) / (self.n * (self.n + 1.0) / 2.0)
    }
}

impl Merge for Line {
    #[inline]
    fn merge(self, later: Self) -> Self {
        let shift = later.origin - self.origin;
        let sum = later.sum + later.n * shift;
        let ramp = later.ramp + shift * (later.n * (later.n - 1.0) / 2.0);
        Line {
            n: self.n + later.n,
            origin: self.origin,
            sum: self.sum + sum,
            ramp: self.ramp + (ramp + self.n * sum),
        }
    }
}
