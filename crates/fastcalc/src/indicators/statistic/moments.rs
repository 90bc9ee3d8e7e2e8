//! Standard deviation and variance.

use crate::indicators::prelude::*;

struct Spread {
    window: SlidingPair<Squares>,
    share: f64,
    factor: f64,
    root: bool,
}
state!(Spread: window);

impl Kernel<1, 1> for Spread {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let [_, variance] = moments_of(self.window.push(x)?, self.share);
        Some([if self.root {
            variance.sqrt() * self.factor
        } else {
            variance
        }])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([x], [out], cold) = (inputs, outputs, self.window.cold());
        let n = x.len();
        let slot = work.part(&mut self.window, Of::Rows([x]));
        let [_, sums, squares] = work.part_columns(slot);
        let (out, sums, squares) = (&mut out[..n], &sums[..n], &squares[..n]);
        for i in 0..n {
            [_, out[i]] = moments_of([0.0, sums[i], squares[i]], self.share);
        }
        if self.root {
            for value in out.iter_mut() {
                *value = value.sqrt() * self.factor;
            }
        }
        blank([out], cold);
    }
}

pub const STDDEV: Definition = Definition {
    part: |p| Some(Part::Squares(p.n(0))),
    ..define(
        "stddev",
        Group::Statistic,
        "Population standard deviation of the last `period` rows, times `nbdev`.",
        &[Input::Real],
        &[period(2, 5), real("nbdev", -1e6, 1e6, 1.0)],
        |p| p.n(0) - 1,
        |p| {
            node(Spread {
                window: SlidingPair::new(p.n(0)),
                share: 1.0 / p.n(0) as f64,
                factor: p.x(1),
                root: true,
            })
        },
    )
};

pub const VAR: Definition = Definition {
    part: |p| Some(Part::Squares(p.n(0))),
    range: Some((0.0, f64::INFINITY)),
    ..define(
        "var",
        Group::Statistic,
        "Population variance of the last `period` rows; `nbdev` changes nothing (as in TA-Lib).",
        &[Input::Real],
        &[period(1, 5), real("nbdev", -1e6, 1e6, 1.0)],
        |p| p.n(0) - 1,
        |p| {
            node(Spread {
                window: SlidingPair::new(p.n(0)),
                share: 1.0 / p.n(0) as f64,
                factor: 1.0,
                root: false,
            })
        },
    )
};
