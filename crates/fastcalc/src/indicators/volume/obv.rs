//! On balance volume.

use crate::indicators::prelude::*;

struct Obv {
    previous: Option<f64>,
    sum: Recurrence,
}
state!(Obv: previous, sum);

/// Volume with the sign of the move.
#[inline(always)]
fn signed(x: f64, previous: f64, volume: f64) -> f64 {
    let falling = if x < previous { -volume } else { 0.0 };
    if x > previous { volume } else { falling }
}

impl Kernel<2, 1> for Obv {
    #[inline]
    fn next(&mut self, [x, volume]: [f64; 2]) -> Option<[f64; 1]> {
        let previous = self.previous.replace(x).unwrap_or(f64::NEG_INFINITY);
        Some([self.sum.push(signed(x, previous, volume))])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 2], outputs: [&mut [f64]; 1], _work: &mut Work) {
        let ([x, volume], [out]) = settled_by_eights(self, inputs, outputs, |k| {
            k.previous.is_some() && k.sum.is_ahead()
        });
        let n = out.len();
        let mut sum = self.sum.sum_chain::<V>();
        let mut last = V::splat(self.previous.unwrap_or_default());
        let mut rows = Eights::new([x, volume], [out]);
        while let Some([x, volume]) = rows.read::<V>() {
            let before = x.after::<1>(last);
            last = x;
            let falling = before.where_above(x, V::splat(-1.0) * volume, V::splat(0.0));
            rows.write([sum.next(x.where_above(before, volume, falling))]);
        }
        self.sum.settle_sum(sum);
        self.previous = x[..n].last().copied().or(self.previous);
    }
}

pub const OBV: Definition = Definition {
    gap: Gap::PassOver,
    ..define(
        "obv",
        Group::Volume,
        "On balance volume (Granville 1963): volume added where the price rose, taken off where it fell; starts with the first volume.",
        &[Input::Real, VOLUME],
        &[],
        |_| 0,
        |_| {
            node(Obv {
                previous: None,
                sum: Recurrence::new(1.0, 1.0),
            })
        },
    )
};
