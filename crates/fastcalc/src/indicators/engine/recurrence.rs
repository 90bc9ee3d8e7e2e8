//! First-order recurrences, eight rows at a time.

use super::state;

/// Rows between a value and the one it is made from.
const AHEAD: usize = 8;

/// y = a y + w x from row to row, a and w of at least 0.
///
/// Worked out as y(t) = a^8 y(t - 8) + the weighted sum of the last eight x: eight chains that do not
/// wait for one another, which is many times faster and as exact as waiting for every row.
#[derive(Debug, Clone)]
pub struct Recurrence {
    /// Weights of the last four rows, latest first: w, w a, w a^2, w a^3.
    weights: [f64; 4],
    a: f64,
    a4: f64,
    a8: f64,
    /// Rows since the start, up to [`AHEAD`].
    rows: usize,
    /// The last three x, oldest first.
    x: [f64; 3],
    /// The last four weighted sums of four x, oldest first.
    fours: [f64; 4],
    /// The last eight results, oldest first.
    y: [f64; AHEAD],
}
state!(Recurrence: rows, x, fours, y);

impl Recurrence {
    /// Not started.
    pub fn new(a: f64, w: f64) -> Self {
        let a2 = a * a;
        let a4 = a2 * a2;
        Recurrence {
            weights: [w, w * a, w * a2, w * (a2 * a)],
            a,
            a4,
            a8: a4 * a4,
            rows: 0,
            x: [0.0; 3],
            fours: [0.0; 4],
            y: [0.0; AHEAD],
        }
    }

    /// Starts with a value.
    pub fn start(&mut self, value: f64) {
        self.rows = 0;
        self.x = [0.0; 3];
        self.fours = [0.0; 4];
        self.y[AHEAD - 1] = value;
    }

    /// The latest result.
    #[inline(always)]
    pub fn value(&self) -> f64 {
        self.y[AHEAD - 1]
    }

    /// Takes a row.
    #[inline(always)]
    pub fn push(&mut self, x: f64) -> f64 {
        let [w0, w1, w2, w3] = self.weights;
        let [x3, x2, x1] = self.x;
        let four = (w0 * x + w1 * x1) + (w2 * x2 + w3 * x3);
        let y = if self.rows < AHEAD {
            self.rows += 1;
            self.a * self.y[AHEAD - 1] + w0 * x
        } else {
            (four + self.a4 * self.fours[0]) + self.a8 * self.y[0]
        };
        self.x = [x2, x1, x];
        self.fours = [self.fours[1], self.fours[2], self.fours[3], four];
        self.y.copy_within(1.., 0);
        self.y[AHEAD - 1] = y;
        y
    }

    /// Takes rows, as `push` does one by one; `out` gets `origin` added.
    #[inline(always)]
    pub fn block(&mut self, x: &[f64], out: &mut [f64], origin: f64, fours: &mut [f64]) {
        let n = out.len();
        let x = &x[..n];
        let mut done = 0;
        while done < n && self.rows < AHEAD {
            out[done] = self.push(x[done]) + origin;
            done += 1;
        }
        let (x, out) = (&x[done..], &mut out[done..]);
        let n = out.len();
        if n == 0 {
            return;
        }
        // The four rows before have their sums in the state.
        let fours = &mut fours[..n + 4];
        fours[..4].copy_from_slice(&self.fours);
        self.sum_fours(x, &mut fours[4..]);
        let (a4, a8) = (self.a4, self.a8);
        let mut y = self.y;
        let blocks = n / AHEAD * AHEAD;
        for at in (0..blocks).step_by(AHEAD) {
            let now: &[f64; AHEAD] = fours[at + 4..at + 12].try_into().expect("eight");
            let before: &[f64; AHEAD] = fours[at..at + 8].try_into().expect("eight");
            let out: &mut [f64; AHEAD] = (&mut out[at..at + 8]).try_into().expect("eight");
            for lane in 0..AHEAD {
                y[lane] = (now[lane] + a4 * before[lane]) + a8 * y[lane];
            }
            for lane in 0..AHEAD {
                out[lane] = y[lane] + origin;
            }
        }
        // Written back at once: numbers that are used one by one would not stay in a vector.
        self.y = y;
        for at in blocks..n {
            let y = &mut self.y[at - blocks];
            *y = (fours[at + 4] + a4 * fours[at]) + a8 * *y;
            out[at] = *y + origin;
        }
        self.y.rotate_left(n - blocks);
        self.fours.copy_from_slice(&fours[n..]);
        for value in &x[n - n.min(3)..] {
            self.x = [self.x[1], self.x[2], *value];
        }
    }

    /// Weighted sums of four x that end at each row; the state has the three before.
    #[inline(always)]
    fn sum_fours(&self, x: &[f64], sums: &mut [f64]) {
        let [w0, w1, w2, w3] = self.weights;
        let n = sums.len();
        let first = n.min(3);
        let mut last = self.x;
        for (sum, x) in sums.iter_mut().zip(&x[..first]) {
            let [x3, x2, x1] = last;
            *sum = (w0 * x + w1 * x1) + (w2 * x2 + w3 * x3);
            last = [x2, x1, *x];
        }
        let rest = n - first;
        let (now, x1) = (&x[first..], &x[first - first.min(1)..]);
        let (x2, x3) = (&x[first - first.min(2)..], &x[first - first.min(3)..]);
        let sums = &mut sums[first..];
        let (now, x1, x2, x3) = (&now[..rest], &x1[..rest], &x2[..rest], &x3[..rest]);
        for i in 0..rest {
            sums[i] = (w0 * now[i] + w1 * x1[i]) + (w2 * x2[i] + w3 * x3[i]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<f64> {
        (0..600_u32)
            .map(|i| f64::from(i * i % 251) * 0.25 + 1.0)
            .collect()
    }

    #[test]
    fn is_the_recurrence_row_by_row_and_block_by_block() {
        for (a, w) in [(0.9, 0.1), (0.0, 1.0), (1.0, 1.0), (13.0 / 14.0, 1.0)] {
            let (mut plain, mut one, mut many) =
                (5.0, Recurrence::new(a, w), Recurrence::new(a, w));
            one.start(plain);
            many.start(plain);
            let rows = rows();
            let mut out = vec![0.0; rows.len()];
            let mut work = vec![0.0; rows.len() + 4];
            let (mut from, mut length) = (0, 1);
            while from < rows.len() {
                let to = rows.len().min(from + length);
                many.block(&rows[from..to], &mut out[from..to], 0.0, &mut work);
                (from, length) = (to, length * 5 % 83);
            }
            for (row, (x, value)) in rows.iter().zip(&out).enumerate() {
                plain = a * plain + w * x;
                assert_eq!(one.push(*x).to_bits(), value.to_bits(), "{a} row {row}");
                assert!((plain - value).abs() <= 1e-13 * plain, "{a} row {row}");
            }
        }
    }
}
