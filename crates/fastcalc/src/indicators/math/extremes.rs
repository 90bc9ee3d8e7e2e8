//! Extremes and sums of windows.

use crate::indicators::prelude::*;

struct Rolling<M, F> {
    window: Window<M>,
    make: fn(f64) -> M,
    read: F,
}

impl<M: Merge, F> State for Rolling<M, F> {
    fn save(&self, words: &mut Vec<f64>) {
        self.window.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.window.load(words);
    }
}

impl<M: Merge, F: Fn(M) -> [f64; O], const O: usize> Kernel<1, O> for Rolling<M, F> {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; O]> {
        self.window.push((self.make)(x)).map(&self.read)
    }
}

fn rolling<M, F, const O: usize>(p: &Params, make: fn(f64) -> M, read: F) -> Box<dyn Stream>
where
    M: Merge + Send + Sync + 'static,
    F: Fn(M) -> [f64; O] + Send + Sync + 'static,
{
    node(Rolling {
        window: Window::new(p.n(0)),
        make,
        read,
    })
}

const fn of_window(
    name: &'static str,
    about: &'static str,
    build: fn(&Params) -> Box<dyn Stream>,
) -> Definition {
    define(
        name,
        Group::Math,
        about,
        &[Input::Real],
        const { &[period(1, 30)] },
        |p| p.n(0) - 1,
        build,
    )
}

/// Lowest and highest.
#[derive(Debug, Clone, Copy, Default)]
struct Both {
    low: Min,
    high: Max,
}
state!(Both: low, high);

impl Merge for Both {
    #[inline]
    fn merge(self, later: Self) -> Self {
        Both {
            low: self.low.merge(later.low),
            high: self.high.merge(later.high),
        }
    }
}

pub const SUM: Definition = of_window("sum", "Sum of the last `period` rows.", |p| {
    rolling(p, Sum, |sum| [sum.0])
});
pub const MAX: Definition = of_window("max", "Highest of the last `period` rows.", |p| {
    rolling(p, Max, |max| [max.0])
});
pub const MIN: Definition = of_window("min", "Lowest of the last `period` rows.", |p| {
    rolling(p, Min, |min| [min.0])
});
pub const MINMAX: Definition = Definition {
    outputs: &["min", "max"],
    ..of_window(
        "minmax",
        "Lowest and highest of the last `period` rows.",
        |p| {
            rolling(
                p,
                |x| Both {
                    low: Min(x),
                    high: Max(x),
                },
                |both| [both.low.0, both.high.0],
            )
        },
    )
};
