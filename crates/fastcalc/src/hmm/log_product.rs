//! The logarithm of a long product, without a logarithm a factor.

/// Factors are multiplied up while the product stays well inside f64.
const LARGE: f64 = 1e100;

/// Natural logarithm of a product of positive factors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LogProduct {
    /// Logarithm of the factors already folded away.
    pub log: f64,
    /// Product of the others.
    pub pending: f64,
}

impl LogProduct {
    /// The empty product.
    pub const ONE: Self = Self {
        log: 0.0,
        pending: 1.0,
    };

    /// Multiplies by a factor from 1e-200 to 1e200.
    #[inline]
    pub fn multiply(&mut self, factor: f64) {
        self.pending *= factor;
        if !(1.0 / LARGE..LARGE).contains(&self.pending) {
            self.log += libm::log(self.pending);
            self.pending = 1.0;
        }
    }

    /// Multiplies by a factor of any size, given as its logarithm.
    pub fn multiply_log(&mut self, log: f64) {
        self.log += log;
    }

    /// Logarithm of the product so far.
    pub fn value(&self) -> f64 {
        self.log + libm::log(self.pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_sum_of_the_logarithms() {
        let mut product = LogProduct::ONE;
        let mut sum = 0.0;
        for i in 0..1000 {
            let factor = libm::exp(f64::from(i * 37 % 801) - 400.0);
            product.multiply(factor);
            sum += f64::from(i * 37 % 801) - 400.0;
        }
        product.multiply_log(-5000.0);
        assert!((product.value() - (sum - 5000.0)).abs() < 1e-6);
        assert_eq!(LogProduct::ONE.value(), 0.0);
    }
}
