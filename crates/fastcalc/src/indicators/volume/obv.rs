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
    fn block<const FMA: bool>(
        &mut self,
        inputs: [&[f64]; 2],
        outputs: [&mut [f64]; 1],
        work: &mut Work,
    ) {
        let ([x, volume], [out]) = settled(self, inputs, outputs, |k| k.previous.is_some());
        let [moves, a, ..] = work.columns();
        let n = out.len();
        if n == 0 {
            return;
        }
        let moves = &mut moves[..n];
        moves[0] = signed(x[0], self.previous.unwrap_or_default(), volume[0]);
        for i in 1..n {
            moves[i] = signed(x[i], x[i - 1], volume[i]);
        }
        self.previous = Some(x[n - 1]);
        self.sum.block(moves, out, 0.0, a);
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
