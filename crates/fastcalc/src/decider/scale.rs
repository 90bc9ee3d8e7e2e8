//! A robust rolling scale of reward sizes: a quantile of the last few non-zero sizes.

/// How many sizes are remembered.
pub(crate) const WINDOW: usize = 128;
/// The quantile used: robust against one outlier in five.
const QUANTILE: f64 = 0.8;
/// The .8 quantile of |N(0, 1)|: turns the quantile into a standard deviation.
const NORMAL_QUANTILE: f64 = 1.281_551_565_544_600_4;

/// The last sizes in order of arrival, and the same sorted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RobustScale {
    recent: Vec<f64>,
    /// Index in `recent` that is overwritten next, once it is full.
    next: usize,
    sorted: Vec<f64>,
}

impl RobustScale {
    /// Rebuilds from the sizes in order of arrival, oldest first; at most `WINDOW` of them.
    pub fn from_sizes(sizes: &[f64]) -> Self {
        let mut scale = RobustScale::default();
        for &size in sizes {
            scale.push(size);
        }
        scale
    }

    /// The remembered sizes, oldest first.
    pub fn sizes(&self) -> Vec<f64> {
        let mut sizes = self.recent[self.next..].to_vec();
        sizes.extend_from_slice(&self.recent[..self.next]);
        sizes
    }

    /// Remembers one size. Zeros say nothing about the scale and are left out.
    pub fn push(&mut self, size: f64) {
        if size <= 0.0 {
            return;
        }
        if self.recent.len() < WINDOW {
            self.recent.push(size);
        } else {
            let old = core::mem::replace(&mut self.recent[self.next], size);
            self.next = (self.next + 1) % WINDOW;
            let at = self.sorted.partition_point(|v| *v < old);
            self.sorted.remove(at);
        }
        let at = self.sorted.partition_point(|v| *v < size);
        self.sorted.insert(at, size);
    }

    /// Standard deviation of a normal with the same quantile; 0 before the first size.
    pub fn sigma(&self) -> f64 {
        if self.sorted.is_empty() {
            return 0.0;
        }
        let at = ((self.sorted.len() - 1) as f64 * QUANTILE) as usize;
        self.sorted[at] / NORMAL_QUANTILE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_huge_reward_does_not_move_it() {
        let mut scale = RobustScale::default();
        for i in 0..100 {
            scale.push(f64::from(i % 10) + 1.0);
        }
        let before = scale.sigma();
        scale.push(1e6);
        assert!(scale.sigma() <= before * 1.3);
    }

    #[test]
    fn it_forgets_and_can_be_rebuilt() {
        let mut scale = RobustScale::default();
        for i in 0..(WINDOW * 2 + 17) {
            scale.push(if i < WINDOW {
                1000.0
            } else {
                1.0 + (i % 7) as f64
            });
        }
        assert!(scale.sigma() < 10.0);
        let again = RobustScale::from_sizes(&scale.sizes());
        assert_eq!(again.sigma(), scale.sigma());
        assert_eq!(again.sizes(), scale.sizes());
    }

    #[test]
    fn zeros_are_left_out() {
        let mut scale = RobustScale::default();
        scale.push(0.0);
        assert_eq!(scale.sigma(), 0.0);
        assert!(scale.sizes().is_empty());
    }
}
