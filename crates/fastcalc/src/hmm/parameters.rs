//! What a hidden Markov model consists of.

use crate::KernelError;

/// Most states a model may have: the cost of a row grows with the square.
pub const MAX_STATES: usize = 256;

/// How far a distribution may be from adding up to 1.
const SUM_TOLERANCE: f64 = 1e-6;

/// Distribution of the observations of one state around its mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Emission {
    /// Normal; `variance` is its variance.
    Gaussian,
    /// Student's t; `variance` is the squared scale, which times df / (df - 2) is the variance.
    StudentT {
        /// Degrees of freedom, above 0, the same for all states and never fitted.
        degrees_of_freedom: f64,
    },
}

impl Emission {
    pub(crate) fn check(self) -> Result<(), KernelError> {
        match self {
            Emission::StudentT {
                degrees_of_freedom: df,
            } if !(df > 0.0 && df.is_finite()) => Err(KernelError::new(
                "degreesOfFreedom",
                df,
                "a finite number above 0",
            )),
            _ => Ok(()),
        }
    }
}

/// A complete model of K states.
#[derive(Debug, Clone, PartialEq)]
pub struct HmmParameters {
    /// Family of the emissions.
    pub emission: Emission,
    /// K probabilities of the state of the first row.
    pub initial: Vec<f64>,
    /// K * K probabilities, row-major: `transition[i * K + j]` goes from state i to state j.
    pub transition: Vec<f64>,
    /// K means.
    pub mean: Vec<f64>,
    /// K variances (squared scales for Student's t), above 0.
    pub variance: Vec<f64>,
}

impl HmmParameters {
    /// Number of states, K.
    pub fn states(&self) -> usize {
        self.mean.len()
    }

    /// Checks that lengths agree and that every number can be what it stands for.
    ///
    /// # Errors
    /// The first field at fault: `states`, `degreesOfFreedom`, `initial`, `transition`, `mean` or
    /// `variance`.
    pub fn check(&self) -> Result<(), KernelError> {
        let k = self.states();
        check_states(k)?;
        self.emission.check()?;
        for (field, values, length) in [
            ("initial", &self.initial, k),
            ("transition", &self.transition, k * k),
            ("variance", &self.variance, k),
        ] {
            if values.len() != length {
                return Err(KernelError::new(
                    field,
                    format!("{} values", values.len()),
                    format!("{length} values for {k} states"),
                ));
            }
        }
        distribution("initial", &self.initial)?;
        for row in self.transition.chunks_exact(k) {
            distribution("transition", row)?;
        }
        if let Some(bad) = self.mean.iter().find(|v| !v.is_finite()) {
            return Err(KernelError::new("mean", bad, "finite numbers"));
        }
        if let Some(bad) = self.variance.iter().find(|v| !v.is_normal() || **v < 0.0) {
            return Err(KernelError::new("variance", bad, "finite numbers above 0"));
        }
        Ok(())
    }

    /// The same model with its states in order of rising variance (then of rising mean).
    pub(crate) fn ordered(&self) -> Self {
        let k = self.states();
        let mut order: Vec<usize> = (0..k).collect();
        order.sort_by(|&a, &b| {
            self.variance[a]
                .total_cmp(&self.variance[b])
                .then(self.mean[a].total_cmp(&self.mean[b]))
        });
        let pick = |values: &[f64]| order.iter().map(|&i| values[i]).collect::<Vec<f64>>();
        Self {
            emission: self.emission,
            initial: pick(&self.initial),
            transition: order
                .iter()
                .flat_map(|&i| pick(&self.transition[i * k..(i + 1) * k]))
                .collect(),
            mean: pick(&self.mean),
            variance: pick(&self.variance),
        }
    }
}

/// A number of states the kernels accept.
pub(crate) fn check_states(states: usize) -> Result<(), KernelError> {
    if (1..=MAX_STATES).contains(&states) {
        return Ok(());
    }
    Err(KernelError::new(
        "states",
        states,
        format!("an integer from 1 to {MAX_STATES}"),
    ))
}

fn distribution(field: &str, values: &[f64]) -> Result<(), KernelError> {
    if let Some(bad) = values.iter().find(|v| !(0.0..=1.0).contains(*v)) {
        return Err(KernelError::new(field, bad, "probabilities from 0 to 1"));
    }
    let sum: f64 = values.iter().sum();
    if (sum - 1.0).abs() > SUM_TOLERANCE {
        return Err(KernelError::new(
            field,
            format!("a sum of {sum}"),
            "probabilities that add up to 1",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Break = fn(&mut HmmParameters);

    fn model() -> HmmParameters {
        HmmParameters {
            emission: Emission::Gaussian,
            initial: vec![0.25, 0.75],
            transition: vec![0.9, 0.1, 0.3, 0.7],
            mean: vec![1.0, -1.0],
            variance: vec![4.0, 1.0],
        }
    }

    #[test]
    fn accepts_a_sound_model_and_names_what_is_wrong_with_another() {
        assert!(model().check().is_ok());
        let broken: [(&str, Break); 8] = [
            ("initial", |m| m.initial = vec![1.0]),
            ("initial", |m| m.initial[0] = 0.5),
            ("transition", |m| m.transition[0] = -0.1),
            ("transition", |m| m.transition[3] = f64::NAN),
            ("mean", |m| m.mean[0] = f64::INFINITY),
            ("variance", |m| m.variance[1] = 0.0),
            ("states", |m| m.mean.clear()),
            ("degreesOfFreedom", |m| {
                m.emission = Emission::StudentT {
                    degrees_of_freedom: 0.0,
                }
            }),
        ];
        for (field, break_it) in broken {
            let mut m = model();
            break_it(&mut m);
            assert_eq!(m.check().unwrap_err().field, field);
        }
    }

    #[test]
    fn ordering_renames_states_and_changes_nothing_else() {
        let ordered = model().ordered();
        assert_eq!(ordered.variance, [1.0, 4.0]);
        assert_eq!(ordered.mean, [-1.0, 1.0]);
        assert_eq!(ordered.initial, [0.75, 0.25]);
        assert_eq!(ordered.transition, [0.7, 0.3, 0.1, 0.9]);
    }
}
