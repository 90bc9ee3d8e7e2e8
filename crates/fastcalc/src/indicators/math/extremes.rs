//! Extremes and sums of windows.

use crate::indicators::prelude::*;

struct Rolling<C>(Sliding<C>);

impl<C> State for Rolling<C> {
    fn save(&self, words: &mut Vec<f64>) {
        self.0.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.0.load(words);
    }
}

impl<C: Combine> Kernel<1, 1> for Rolling<C> {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.0.push(x).map(|v| [v])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], _work: &mut Work) {
        let ([x], [out], cold) = (inputs, outputs, self.0.cold());
        self.0.block::<V>(x, out);
        blank([out], cold);
    }
}

/// Lowest and highest.
struct Both {
    low: SlidingMin,
    high: SlidingMax,
}
state!(Both: low, high);

impl Kernel<1, 2> for Both {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 2]> {
        let (low, high) = (self.low.push(x), self.high.push(x));
        Some([low?, high?])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 2], _work: &mut Work) {
        let ([x], [low, high], cold) = (inputs, outputs, self.low.cold());
        self.low.block::<V>(x, low);
        self.high.block::<V>(x, high);
        blank([low, high], cold);
    }
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

pub const SUM: Definition = of_window("sum", "Sum of the last `period` rows.", |p| {
    node(Rolling(SlidingSum::new(p.n(0))))
});
pub const MAX: Definition = of_window("max", "Highest of the last `period` rows.", |p| {
    node(Rolling(SlidingMax::new(p.n(0))))
});
pub const MIN: Definition = of_window("min", "Lowest of the last `period` rows.", |p| {
    node(Rolling(SlidingMin::new(p.n(0))))
});
pub const MINMAX: Definition = Definition {
    outputs: &["min", "max"],
    ..of_window(
        "minmax",
        "Lowest and highest of the last `period` rows.",
        |p| {
            node(Both {
                low: SlidingMin::new(p.n(0)),
                high: SlidingMax::new(p.n(0)),
            })
        },
    )
};
