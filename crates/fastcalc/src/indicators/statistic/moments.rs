//! Standard deviation and variance.

use crate::indicators::prelude::*;

struct Deviation {
    window: SlidingMoments,
    factor: f64,
}
state!(Deviation: window);

impl Kernel<1, 1> for Deviation {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        let [_, variance] = self.window.push(x)?;
        Some([variance.sqrt() * self.factor])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([x], [out], cold) = (inputs, outputs, self.window.cold());
        let slot = work.part(&mut self.window, Of::Rows([x]));
        let [_, deviations] = work.part_columns(slot);
        for (out, deviation) in out.iter_mut().zip(deviations) {
            *out = deviation * self.factor;
        }
        blank([out], cold);
    }
}

struct Variance {
    window: SlidingMoments,
}
state!(Variance: window);

impl Kernel<1, 1> for Variance {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.window.push(x).map(|[_, variance]| [variance])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([x], [out], cold) = (inputs, outputs, self.window.cold());
        let [means, ..] = work.columns();
        self.window
            .block::<V>(x, [&mut means[..x.len()], &mut *out]);
        blank([out], cold);
    }
}

pub const STDDEV: Definition = Definition {
    part: |p| Some(Part::Moments(p.n(0))),
    ..define(
        "stddev",
        Group::Statistic,
        "Population standard deviation of the last `period` rows, times `nbdev`.",
        &[Input::Real],
        &[period(2, 5), real("nbdev", -1e6, 1e6, 1.0)],
        |p| p.n(0) - 1,
        |p| {
            node(Deviation {
                window: SlidingMoments::new(p.n(0)),
                factor: p.x(1),
            })
        },
    )
};

pub const VAR: Definition = Definition {
    range: Some((0.0, f64::INFINITY)),
    ..define(
        "var",
        Group::Statistic,
        "Population variance of the last `period` rows; `nbdev` changes nothing (as in TA-Lib).",
        &[Input::Real],
        &[period(1, 5), real("nbdev", -1e6, 1e6, 1.0)],
        |p| p.n(0) - 1,
        |p| {
            node(Variance {
                window: SlidingMoments::new(p.n(0)),
            })
        },
    )
};
