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
        while done < n && (done < AHEAD || self.rows < AHEAD) {
            out[done] = self.push(x[done]) + origin;
            done += 1;
        }
        if done == n {
            return;
        }
        let [w0, w1, w2, w3] = self.weights;
        let rest = n - done;
        // The four rows before `done` have their sums in the state.
        let fours = &mut fours[..rest + 4];
        fours[..4].copy_from_slice(&self.fours);
        {
            let (now, x1) = (&x[done..], &x[done - 1..n - 1]);
            let (x2, x3) = (&x[done - 2..n - 2], &x[done - 3..n - 3]);
            let sums = &mut fours[4..];
            for i in 0..rest {
                sums[i] = (w0 * now[i] + w1 * x1[i]) + (w2 * x2[i] + w3 * x3[i]);
            }
        }
        let (a4, a8) = (self.a4, self.a8);
        let out = &mut out[done..];
        let mut y = self.y;
        let blocks = rest / AHEAD * AHEAD;
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
        for at in blocks..rest {
            let lane = at - blocks;
            y[lane] = (fours[at + 4] + a4 * fours[at]) + a8 * y[lane];
            out[at] = y[lane] + origin;
        }
        y.rotate_left(rest - blocks);
        self.y = y;
        self.x = [x[n - 3], x[n - 2], x[n - 1]];
        self.fours.copy_from_slice(&fours[rest..]);
    }
}
