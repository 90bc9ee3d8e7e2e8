//! Fixed-Share over the components (Herbster and Warmuth 1998), by predictive log loss.

use super::config::DeciderConfig;

/// The most one outcome can take from a component, as a logarithm: e^-10.
const WORST_FALL: f64 = -10.0;

/// Weights of the components; they sum to 1. Component 0 is plurality.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mixture {
    pub weights: Vec<f64>,
}

impl Mixture {
    /// The prior weights.
    pub fn new(config: &DeciderConfig) -> Self {
        let components = config.components();
        Mixture {
            weights: (0..components)
                .map(|component| prior(config, component))
                .collect(),
        }
    }

    /// One outcome: weights times the probability each component gave to it, then a share of the
    /// weight back to the prior, so that a component that was bad for long can return quickly.
    /// Returns by how much the mixture foretold the outcome better than plurality did, as a
    /// logarithm.
    pub fn learn(&mut self, log_densities: &[f64], config: &DeciderConfig) -> f64 {
        let best = log_densities
            .iter()
            .fold(f64::NEG_INFINITY, |best, value| best.max(*value));
        // No single outcome ends a component.
        let fall = |value: f64| {
            if value - best > WORST_FALL {
                value - best
            } else {
                WORST_FALL
            }
        };
        let mut total = 0.0;
        for (weight, value) in self.weights.iter_mut().zip(log_densities) {
            *weight *= libm::exp(fall(*value));
            total += *weight;
        }
        let keep = (1.0 - config.share_rate) / total;
        for (component, weight) in self.weights.iter_mut().enumerate() {
            *weight = *weight * keep + config.share_rate * prior(config, component);
        }
        let plurality = log_densities.first().copied().unwrap_or(best);
        libm::log(total) - fall(plurality)
    }
}

fn prior(config: &DeciderConfig, component: usize) -> f64 {
    if component == 0 {
        config.plurality_prior
    } else if component == 1 {
        config.latent_prior()
    } else if component == config.bayes_components() {
        config.realised_prior
    } else {
        config.linear_prior
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weight_moves_to_the_better_component_and_back() {
        let config = DeciderConfig::default();
        let mut mixture = Mixture::new(&config);
        assert_eq!(mixture.weights[0], 0.5);
        let mut gain = 0.0;
        for _ in 0..2000 {
            gain += mixture.learn(&[-1.2, -0.7, -1.2, -1.2, -1.2, -1.2], &config);
        }
        assert!(mixture.weights[1] > 0.99);
        assert!(
            gain > 990.0 && gain < 1000.0,
            "half a unit an outcome: {gain}"
        );
        for _ in 0..60 {
            mixture.learn(&[-0.7, -1.2, -1.2, -1.2, -1.2, -1.2], &config);
        }
        assert!(mixture.weights[0] > 0.9);
        assert!((mixture.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
