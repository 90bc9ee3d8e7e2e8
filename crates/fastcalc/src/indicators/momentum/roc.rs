//! Momentum and rates of change.

use crate::indicators::prelude::*;

struct Change<F> {
    rows: Track,
    period: usize,
    seen: usize,
    of: F,
}

impl<F> State for Change<F> {
    fn save(&self, words: &mut Vec<f64>) {
        self.rows.save(words);
        self.seen.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.rows.load(words);
        self.seen.load(words);
    }
}

impl<F: Fn(f64, f64) -> f64> Kernel<1, 1> for Change<F> {
    #[inline]
    fn next(&mut self, [x]: [f64; 1]) -> Option<[f64; 1]> {
        self.rows.extend(1)[self.period] = x;
        if self.seen < self.period {
            self.seen += 1;
            return None;
        }
        Some([(self.of)(x, self.rows.delayed(1, self.period)[0])])
    }

    const BLOCKS: bool = true;

    #[inline(always)]
    fn block<V: Eight>(&mut self, inputs: [&[f64]; 1], outputs: [&mut [f64]; 1], _work: &mut Work) {
        let ([x], [out]) = settled(self, inputs, outputs, |k| k.seen == k.period);
        let n = out.len();
        let earlier = n.min(self.period);
        for (i, out) in out[..earlier].iter_mut().enumerate() {
            *out = (self.of)(x[i], self.rows.back(self.period - i));
        }
        if n < self.period {
            self.rows.extend(n)[self.period..].copy_from_slice(x);
            return;
        }
        let before = &x[..n - earlier];
        for (out, (x, before)) in out[earlier..]
            .iter_mut()
            .zip(x[earlier..].iter().zip(before))
        {
            *out = (self.of)(*x, *before);
        }
        self.rows.replace(x);
    }
}

fn change(p: &Params, of: impl Fn(f64, f64) -> f64 + Send + Sync + 'static) -> Box<dyn Stream> {
    node(Change {
        rows: Track::new(p.n(0)),
        period: p.n(0),
        seen: 0,
        of,
    })
}

/// x over before, 0 where before is 0.
#[inline]
pub fn ratio(x: f64, before: f64) -> Option<f64> {
    (before != 0.0).then(|| x / before)
}

const fn rate(
    name: &'static str,
    about: &'static str,
    build: fn(&Params) -> Box<dyn Stream>,
) -> Definition {
    define(
        name,
        Group::Momentum,
        about,
        &[Input::Real],
        const { &[period(1, 10)] },
        |p| p.n(0),
        build,
    )
}

pub const MOM: Definition = rate("mom", "Momentum: x minus x of `period` rows ago.", |p| {
    change(p, |x, before| x - before)
});
pub const ROC: Definition = rate(
    "roc",
    "Rate of change in percent: 100 (x / before - 1); 0 where before is 0.",
    |p| {
        change(p, |x, before| {
            // Divided in any case: a loop without a branch.
            let rate = (x / before - 1.0) * 100.0;
            if before == 0.0 { 0.0 } else { rate }
        })
    },
);
pub const ROCP: Definition = rate(
    "rocp",
    "Rate of change: (x - before) / before; 0 where before is 0.",
    |p| change(p, |x, before| ratio(x - before, before).unwrap_or(0.0)),
);
pub const ROCR: Definition = rate(
    "rocr",
    "Rate of change as a ratio: x / before; 0 where before is 0.",
    |p| change(p, |x, before| ratio(x, before).unwrap_or(0.0)),
);
pub const ROCR100: Definition = rate(
    "rocr100",
    "Rate of change as a ratio times 100; 0 where before is 0.",
    |p| change(p, |x, before| ratio(x, before).unwrap_or(0.0) * 100.0),
);
