//! Exponential moving average.

use crate::indicators::prelude::*;

impl Kernel<1, 1> for Ema {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.push(x).map(|v| [v])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], work: &mut Work) {
        let ([x], [out]) = settled(self, inputs, outputs, Ema::is_warm);
        if work.shares() {
            let slot = work.part(self, Of::Rows([x]));
            let [average] = work.part_columns(slot);
            out.copy_from_slice(average);
            return;
        }
        Ema::block::<V>(self, x, out);
    }
}

pub const EMA: Definition = Definition {
    part: |p| (p.n(1) == 0).then(|| Part::ema(p.n(0))),
    ..define(
        "ema",
        Group::Overlap,
        "Exponential moving average: e += 2/(period + 1) * (x - e); starts as the mean of the first \
     `period` rows (TA-Lib), or with seed=first as the first row.",
        &[Input::Real],
        &[period(1, 30), choice("seed", &["sma", "first"])],
        |p| if p.n(1) == 0 { p.n(0) - 1 } else { 0 },
        |p| {
            node(if p.n(1) == 0 {
                Ema::new(p.n(0))
            } else {
                Ema::from_first(p.n(0))
            })
        },
    )
};
