//! Minimising a smooth function: BFGS with a backtracking line search (Nocedal, Wright, Numerical
//! Optimization, 2006).

/// Most iterations; likelihoods of a handful of parameters need a few dozen.
const MOST_ITERATIONS: usize = 500;

/// A minimum as far as it was found.
#[derive(Debug, Clone)]
pub(crate) struct Minimum {
    /// Where it is.
    pub at: Vec<f64>,
    /// The function there.
    pub value: f64,
    /// Whether the gradient came down to nothing before the iterations ran out.
    pub converged: bool,
}

/// Starts at `start` and follows `f`, which returns its value and writes its gradient; where it is
/// not defined it returns NaN or infinity and the search turns back.
pub(crate) fn minimise(start: &[f64], mut f: impl FnMut(&[f64], &mut [f64]) -> f64) -> Minimum {
    let n = start.len();
    let mut at = start.to_vec();
    let mut gradient = vec![0.0; n];
    let mut value = f(&at, &mut gradient);
    let mut inverse = identity(n);
    let mut fresh = true;
    for _ in 0..MOST_ITERATIONS {
        if is_flat(&gradient, value) {
            return Minimum {
                at,
                value,
                converged: true,
            };
        }
        let direction: Vec<f64> = (0..n)
            .map(|i| -dot(&inverse[i * n..(i + 1) * n], &gradient))
            .collect();
        let slope = dot(&direction, &gradient);
        let found = if slope < 0.0 {
            search(&mut f, &at, value, &direction, slope, fresh)
        } else {
            None
        };
        let Some((next, next_value, next_gradient)) = found else {
            if fresh {
                // Not even downhill does the value fall any more: rounding is all that is left.
                let converged = nearly_flat(&gradient, value);
                return Minimum {
                    at,
                    value,
                    converged,
                };
            }
            inverse = identity(n);
            fresh = true;
            continue;
        };
        let step: Vec<f64> = next.iter().zip(&at).map(|(a, b)| a - b).collect();
        let change: Vec<f64> = next_gradient
            .iter()
            .zip(&gradient)
            .map(|(a, b)| a - b)
            .collect();
        update(&mut inverse, &step, &change, fresh);
        (at, value, gradient, fresh) = (next, next_value, next_gradient, false);
    }
    Minimum {
        at,
        value,
        converged: false,
    }
}

/// Halves the step until the value falls enough (Armijo).
fn search(
    f: &mut impl FnMut(&[f64], &mut [f64]) -> f64,
    at: &[f64],
    value: f64,
    direction: &[f64],
    slope: f64,
    fresh: bool,
) -> Option<(Vec<f64>, f64, Vec<f64>)> {
    // Without curvature the length of the gradient says nothing: begin with a small step.
    let mut length = if fresh {
        (0.1 / dot(direction, direction).sqrt()).min(1.0)
    } else {
        1.0
    };
    let mut gradient = vec![0.0; at.len()];
    for _ in 0..60 {
        let next: Vec<f64> = at
            .iter()
            .zip(direction)
            .map(|(a, d)| a + length * d)
            .collect();
        let next_value = f(&next, &mut gradient);
        let falls = next_value <= value + 1e-4 * length * slope && next_value < value;
        if falls && gradient.iter().all(|g| g.is_finite()) {
            return Some((next, next_value, gradient));
        }
        length *= 0.5;
    }
    None
}

/// The BFGS update of the inverse Hessian, skipped where the curvature is not positive.
fn update(inverse: &mut [f64], step: &[f64], change: &[f64], fresh: bool) {
    let n = step.len();
    let curvature = dot(step, change);
    let squares = dot(change, change);
    if curvature <= 1e-300 || curvature <= 1e-12 * (dot(step, step) * squares).sqrt() {
        return;
    }
    if fresh {
        for (i, value) in inverse.iter_mut().enumerate() {
            *value = if i % (n + 1) == 0 {
                curvature / squares
            } else {
                0.0
            };
        }
    }
    let product: Vec<f64> = (0..n)
        .map(|i| dot(&inverse[i * n..(i + 1) * n], change))
        .collect();
    let scale = (1.0 + dot(change, &product) / curvature) / curvature;
    for i in 0..n {
        for j in 0..n {
            inverse[i * n + j] += scale * step[i] * step[j]
                - (product[i] * step[j] + step[i] * product[j]) / curvature;
        }
    }
}

fn identity(n: usize) -> Vec<f64> {
    (0..n * n)
        .map(|i| if i % (n + 1) == 0 { 1.0 } else { 0.0 })
        .collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn is_flat(gradient: &[f64], value: f64) -> bool {
    gradient
        .iter()
        .all(|g| g.abs() <= 1e-10 * (1.0 + value.abs()))
}

fn nearly_flat(gradient: &[f64], value: f64) -> bool {
    gradient
        .iter()
        .all(|g| g.abs() <= 1e-5 * (1.0 + value.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_end_of_rosenbrocks_valley() {
        let minimum = minimise(&[-1.2, 1.0], |p, g| {
            let (x, y) = (p[0], p[1]);
            g[0] = -400.0 * x * (y - x * x) - 2.0 * (1.0 - x);
            g[1] = 200.0 * (y - x * x);
            100.0 * (y - x * x).powi(2) + (1.0 - x).powi(2)
        });
        assert!(minimum.converged && minimum.value < 1e-15);
        assert!((minimum.at[0] - 1.0).abs() < 1e-7 && (minimum.at[1] - 1.0).abs() < 1e-7);
    }

    #[test]
    fn turns_back_where_the_function_ends() {
        let minimum = minimise(&[5.0], |p, g| {
            g[0] = 1.0 - 1.0 / p[0];
            if p[0] > 0.0 {
                p[0] - libm::log(p[0])
            } else {
                f64::NAN
            }
        });
        assert!((minimum.at[0] - 1.0).abs() < 1e-6);
    }
}
