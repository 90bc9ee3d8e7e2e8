//! Values that no indicator can overflow with.

use crate::simd::{self, Eight, Lanes, prefetch};

/// Products of four such values, and quotients of two, are far from the ends of f64. A power of two, 2^-127, and
/// [`LIMIT`] is the 256th after it, so that a look at a few bits tells what is between them.
const SMALLEST: f64 = f64::from_bits(896 << 52);
/// 2^129.
const LIMIT: f64 = f64::from_bits((896 + 256) << 52);
/// Bits that the numbers from [`SMALLEST`] to below [`LIMIT`], less `SMALLEST`, do not have.
const OUTSIDE: u64 = !(u64::MAX >> 4);

/// Whether a value is 0 or from 2^-127 (5.9e-39) to below 2^129 (6.8e38) in size.
#[inline(always)]
pub fn is_tame(value: f64) -> bool {
    let size = value.abs();
    size < LIMIT && (size >= SMALLEST || size == 0.0)
}

/// What a column is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether all values are [tame](is_tame).
    pub tame: bool,
    /// Whether a value has the sign of those below 0; a zero may have it, too.
    pub signed: bool,
}

impl Look {
    /// Of a column without values.
    pub const NOTHING: Look = Look {
        tame: true,
        signed: false,
    };

    /// And of more values.
    #[inline(always)]
    fn add(&mut self, more: Look) {
        self.tame &= more.tame;
        self.signed |= more.signed;
    }
}

/// Whether all values are tame.
pub fn all_tame(values: &[f64]) -> bool {
    let mut looks = [Look::NOTHING];
    look_at(&[values], &[&[]], &mut looks);
    looks[0].tame
}

/// What each column is made of; all are of one length.
///
/// Columns are read side by side, and while they are, the memory of those `ahead` is asked for: each may be as
/// long as these, or shorter. All the waits for memory then fall together.
pub fn look_at(columns: &[&[f64]], ahead: &[&[f64]], looks: &mut [Look]) {
    simd::dispatch(All {
        columns,
        ahead,
        looks,
    });
}

struct All<'a> {
    columns: &'a [&'a [f64]],
    ahead: &'a [&'a [f64]],
    looks: &'a mut [Look],
}

/// Values looked at side by side.
const WIDTH: usize = 64;

impl Lanes for All<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Eight>(self) {
        let rows = self.columns.first().map_or(0, |column| column.len());
        let whole = rows / WIDTH * WIDTH;
        for at in (0..whole).step_by(WIDTH) {
            for ((column, ahead), look) in self.columns.iter().zip(self.ahead).zip(&mut *self.looks)
            {
                if let Some(ahead) = ahead.get(at..at + WIDTH) {
                    prefetch(ahead);
                }
                let block = column[at..].first_chunk().expect("a whole block");
                look.add(look_at_block(block));
            }
        }
        for (column, look) in self.columns.iter().zip(self.looks) {
            let rest = &column[whole..];
            look.add(Look {
                tame: rest.iter().all(|value| is_tame(*value)),
                signed: rest.iter().any(|value| value.is_sign_negative()),
            });
        }
    }
}

#[inline(always)]
fn look_at_block(block: &[f64; WIDTH]) -> Look {
    // Nearly all values are tame and positive: their bits less those of the smallest leave the sign and the
    // highest bits of the exponent 0.
    let mut outside = 0;
    for value in block {
        outside |= value.to_bits().wrapping_sub(SMALLEST.to_bits());
    }
    if outside & OUTSIDE == 0 {
        return Look::NOTHING;
    }
    let (mut wild, mut signs) = (false, 0);
    for value in block {
        // Without a branch; a NaN is not within.
        let size = value.abs();
        wild |= !((size < LIMIT) & ((size >= SMALLEST) | (size == 0.0)));
        signs |= value.to_bits();
    }
    Look {
        tame: !wild,
        signed: signs >> 63 == 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_huge_or_tiny_is_not_tame_wherever_it_stands() {
        let below = SMALLEST.next_down();
        for value in [
            f64::NAN,
            f64::INFINITY,
            LIMIT,
            -LIMIT,
            below,
            -below,
            f64::MIN_POSITIVE,
        ] {
            for at in 0..141 {
                let mut values = vec![3.0; 141];
                assert!(all_tame(&values));
                values[at] = value;
                assert!(!all_tame(&values), "{value} at {at}");
            }
        }
        let most = LIMIT.next_down();
        assert!(all_tame(&[0.0, -0.0, most, -most, SMALLEST, -SMALLEST]) && all_tame(&[]));
        for value in [0.0, most, -most, SMALLEST, -SMALLEST] {
            assert!(all_tame(&[value; 64]), "{value}");
        }
    }

    fn looks<const N: usize>(columns: [&[f64]; N], ahead: &[f64]) -> [Look; N] {
        let mut looks = [Look::NOTHING; N];
        look_at(&columns, &[ahead; N], &mut looks);
        looks
    }

    #[test]
    fn a_sign_is_found_wherever_it_stands() {
        let signed = |values: &[f64]| looks([values], &[])[0].signed;
        assert!(!signed(&[0.0, 3.0, f64::INFINITY]) && signed(&[-0.0]));
        for at in 0..71 {
            let mut values = vec![3.0; 71];
            values[at] = -1e-300;
            assert!(signed(&values), "at {at}");
        }
    }

    #[test]
    fn columns_are_looked_at_each_for_itself_whatever_is_ahead() {
        let (good, bad) = ([1.0; 100], [f64::NAN; 100]);
        for ahead in [&bad[..], &bad[..33], &[]] {
            let looks = looks([&good, &bad, &[-1.0; 100]], ahead);
            assert_eq!(looks.map(|look| look.tame), [true, false, true]);
            assert_eq!(looks.map(|look| look.signed), [false, false, true]);
        }
    }
}
