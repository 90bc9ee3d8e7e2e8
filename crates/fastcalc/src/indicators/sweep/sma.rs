//! Simple averages of many periods: windows of 2, 4, 8 … rows are made once for all of them.

use crate::indicators::engine::{BLOCK, Divide, Track};
use crate::simd::{self, Lanes};

/// Sums of stretches of 1, 2, 4 … rows that end at each row.
struct Levels(Vec<Track>);

pub fn sweep(
    series: &[f64],
    periods: &[usize],
    columns: &mut [&mut [f64]],
    cancelled: &impl Fn() -> bool,
) -> bool {
    let longest = periods.iter().copied().max().unwrap_or(1);
    let levels = (0..=longest.ilog2()).map(|_| Track::new(longest));
    let mut levels = Levels(levels.collect());
    for start in (0..series.len()).step_by(BLOCK) {
        if cancelled() {
            return false;
        }
        let end = series.len().min(start + BLOCK);
        simd::dispatch(Block {
            levels: &mut levels,
            rows: &series[start..end],
            periods,
            columns,
            start,
        });
    }
    for (period, column) in periods.iter().zip(columns) {
        let silent = column.len().min(period - 1);
        column[..silent].fill(f64::NAN);
    }
    true
}

struct Block<'a, 'b> {
    levels: &'a mut Levels,
    rows: &'a [f64],
    periods: &'a [usize],
    columns: &'a mut [&'b mut [f64]],
    start: usize,
}

impl Lanes for Block<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let n = self.rows.len();
        let levels = &mut self.levels.0;
        let keep = levels[0].keep();
        levels[0].extend(n)[keep..].copy_from_slice(self.rows);
        for level in 1..levels.len() {
            let (from, to) = levels.split_at_mut(level);
            let from = &from[level - 1];
            let (earlier, later) = (from.delayed(n, 1 << (level - 1)), from.delayed(n, 0));
            let to = &mut to[0].extend(n)[keep..];
            for i in 0..n {
                to[i] = earlier[i] + later[i];
            }
        }
        for (period, column) in self.periods.iter().zip(self.columns) {
            let out = &mut column[self.start..self.start + n];
            average::<FMA>(levels, *period, out);
        }
    }
}

/// Windows of one period, put together as `SlidingSum` does: the same bits.
#[inline(always)]
fn average<const FMA: bool>(levels: &[Track], period: usize, out: &mut [f64]) {
    let n = out.len();
    let mut parts = [&[][..]; usize::BITS as usize];
    let (mut count, mut covered) = (0, 0);
    for (bit, level) in levels.iter().enumerate() {
        if period >> bit & 1 == 1 {
            parts[count] = level.delayed(n, covered);
            count += 1;
            covered += 1 << bit;
        }
    }
    let divide = Divide::new(period);
    match parts[..count] {
        [a] => {
            for i in 0..n {
                out[i] = divide.of::<FMA>(a[i]);
            }
        }
        [a, b] => {
            for i in 0..n {
                out[i] = divide.of::<FMA>(b[i] + a[i]);
            }
        }
        [a, b, c] => {
            for i in 0..n {
                out[i] = divide.of::<FMA>(c[i] + (b[i] + a[i]));
            }
        }
        [a, b, c, d] => {
            for i in 0..n {
                out[i] = divide.of::<FMA>(d[i] + (c[i] + (b[i] + a[i])));
            }
        }
        [a, b, c, d, ref rest @ ..] => {
            for i in 0..n {
                out[i] = d[i] + (c[i] + (b[i] + a[i]));
            }
            for earlier in rest {
                for i in 0..n {
                    out[i] += earlier[i];
                }
            }
            for value in out {
                *value = divide.of::<FMA>(*value);
            }
        }
        [] => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::engine::SlidingSum;

    #[test]
    fn windows_are_those_of_the_indicator_bit_for_bit() {
        let series: Vec<f64> = (0..3000)
            .map(|i| libm::sin(f64::from(i) * 0.37) * 1e3)
            .collect();
        let periods: Vec<usize> = (1..80).chain([127, 200, 255, 1000]).collect();
        let mut out = vec![vec![0.0; series.len()]; periods.len()];
        let mut columns: Vec<&mut [f64]> = out.iter_mut().map(|c| &mut c[..]).collect();
        assert!(sweep(&series, &periods, &mut columns, &|| false));
        for (period, column) in periods.iter().zip(&out) {
            let mut window = SlidingSum::new(*period);
            for (x, value) in series.iter().zip(column) {
                let expected = window.push(*x).map_or(f64::NAN, |sum| sum / *period as f64);
                assert!(expected == *value || (expected.is_nan() && value.is_nan()));
            }
        }
    }
}
