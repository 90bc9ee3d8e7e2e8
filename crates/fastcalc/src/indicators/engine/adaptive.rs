//! First-order recurrences whose weight changes from row to row, four rows at a time.

use super::state;

/// Rows between a value and the one it is made from.
const AHEAD: usize = 4;

/// y += c (x - y) with a c of 0 to 1 a row, as four chains that do not wait for one another: two rows'
/// steps are one step of the same form, and so are four.
#[derive(Debug, Clone, Default)]
pub struct Adaptive {
    /// Rows since the start, up to [`AHEAD`].
    rows: usize,
    /// The last row's step: y becomes `keep` y + `add`.
    one: [f64; 2],
    /// Steps of the last two pairs of rows, older first.
    pairs: [[f64; 2]; 2],
    /// The last four results, oldest first.
    y: [f64; AHEAD],
}
state!(Adaptive: rows, one, pairs, y);

/// The step that does both.
#[inline(always)]
fn then([keep0, add0]: [f64; 2], [keep1, add1]: [f64; 2]) -> [f64; 2] {
    [keep1 * keep0, add1 + keep1 * add0]
}

impl Adaptive {
    /// Starts with a value.
    pub fn start(&mut self, value: f64) {
        *self = Self::default();
        self.y[AHEAD - 1] = value;
    }

    /// Takes a row and its weight.
    #[inline(always)]
    pub fn push(&mut self, x: f64, c: f64) -> f64 {
        let one = [1.0 - c, c * x];
        let pair = then(self.one, one);
        let [keep, add] = if self.rows < AHEAD {
            self.rows += 1;
            [one[0] * self.y[AHEAD - 1], one[1]]
        } else {
            let four = then(self.pairs[0], pair);
            [four[0] * self.y[0], four[1]]
        };
        let y = add + keep;
        self.one = one;
        self.pairs = [self.pairs[1], pair];
        self.y = [self.y[1], self.y[2], self.y[3], y];
        y
    }

    /// Takes rows and their weights, as `push` does one by one.
    #[inline(always)]
    pub fn block(&mut self, x: &[f64], c: &[f64], out: &mut [f64], work: [&mut [f64]; 4]) {
        let n = out.len();
        let mut done = 0;
        while done < n && (done < 1 || self.rows < AHEAD) {
            out[done] = self.push(x[done], c[done]);
            done += 1;
        }
        if done == n {
            return;
        }
        let [keeps, adds, pair_keeps, pair_adds] = work;
        let rest = n - done;
        let (keeps, adds) = (&mut keeps[..rest + 1], &mut adds[..rest + 1]);
        [keeps[0], adds[0]] = self.one;
        let (x, c, out) = (&x[done..n], &c[done..n], &mut out[done..]);
        for i in 0..rest {
            keeps[i + 1] = 1.0 - c[i];
            adds[i + 1] = c[i] * x[i];
        }
        let (pair_keeps, pair_adds) = (&mut pair_keeps[..rest + 2], &mut pair_adds[..rest + 2]);
        for (at, pair) in self.pairs.iter().enumerate() {
            [pair_keeps[at], pair_adds[at]] = *pair;
        }
        for i in 0..rest {
            let pair = then([keeps[i], adds[i]], [keeps[i + 1], adds[i + 1]]);
            [pair_keeps[i + 2], pair_adds[i + 2]] = pair;
        }
        let mut y = self.y;
        let blocks = rest / AHEAD * AHEAD;
        for at in (0..blocks).step_by(AHEAD) {
            for lane in 0..AHEAD {
                let i = at + lane;
                let four = then(
                    [pair_keeps[i], pair_adds[i]],
                    [pair_keeps[i + 2], pair_adds[i + 2]],
                );
                y[lane] = four[1] + four[0] * y[lane];
            }
            out[at..at + AHEAD].copy_from_slice(&y);
        }
        // Written back at once: numbers that are used one by one would not stay in a vector.
        self.y = y;
        for i in blocks..rest {
            let four = then(
                [pair_keeps[i], pair_adds[i]],
                [pair_keeps[i + 2], pair_adds[i + 2]],
            );
            let y = &mut self.y[i - blocks];
            *y = four[1] + four[0] * *y;
            out[i] = *y;
        }
        self.y.rotate_left(rest - blocks);
        self.one = [keeps[rest], adds[rest]];
        self.pairs = [rest, rest + 1].map(|at| [pair_keeps[at], pair_adds[at]]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_recurrence_row_by_row_and_block_by_block() {
        let x: Vec<f64> = (0..600_u32).map(|i| f64::from(i * i % 251)).collect();
        let c: Vec<f64> = (0..600_u32)
            .map(|i| f64::from(i * 7 % 101) / 101.0)
            .collect();
        let (mut plain, mut one, mut many) = (5.0, Adaptive::default(), Adaptive::default());
        one.start(plain);
        many.start(plain);
        let mut out = vec![0.0; x.len()];
        let mut work: [Vec<f64>; 4] = std::array::from_fn(|_| vec![0.0; x.len() + 2]);
        let (mut from, mut length) = (0, 1);
        while from < x.len() {
            let to = x.len().min(from + length);
            let columns = work.each_mut().map(|column| &mut column[..]);
            many.block(&x[from..to], &c[from..to], &mut out[from..to], columns);
            (from, length) = (to, length * 5 % 83);
        }
        for (row, value) in out.iter().enumerate() {
            plain += c[row] * (x[row] - plain);
            assert_eq!(
                one.push(x[row], c[row]).to_bits(),
                value.to_bits(),
                "row {row}"
            );
            assert!((plain - value).abs() <= 1e-12 * plain.max(1.0), "row {row}");
        }
    }
}
