//! Negative and positive volume index.

use crate::indicators::prelude::*;

/// Where both begin.
const START: f64 = 1000.0;

struct VolumeIndex {
    previous: Option<[f64; 2]>,
    value: f64,
    rising: bool,
}
state!(VolumeIndex: previous, value);

impl Kernel<2, 1> for VolumeIndex {
    #[inline]
    fn next(&mut self, [close, volume]: [f64; 2]) -> Option<[f64; 1]> {
        if let Some([close0, volume0]) = self.previous.replace([close, volume]) {
            let counts = if self.rising {
                volume > volume0
            } else {
                volume < volume0
            };
            if counts && close0 != 0.0 {
                self.value *= close / close0;
            }
        }
        Some([self.value])
    }
}

const fn index(
    name: &'static str,
    about: &'static str,
    build: fn(&Params) -> Box<dyn Stream>,
) -> Definition {
    Definition {
        gap: Gap::PassOver,
        ..define(
            name,
            Group::Volume,
            about,
            &[CLOSE, VOLUME],
            &[],
            |_| 0,
            build,
        )
    }
}

pub const NVI: Definition = index(
    "nvi",
    "Negative volume index (Dysart): 1000, multiplied by the close's ratio on rows with less volume than the one before.",
    |_| {
        node(VolumeIndex {
            previous: None,
            value: START,
            rising: false,
        })
    },
);
pub const PVI: Definition = index(
    "pvi",
    "Positive volume index (Dysart): 1000, multiplied by the close's ratio on rows with more volume than the one before.",
    |_| {
        node(VolumeIndex {
            previous: None,
            value: START,
            rising: true,
        })
    },
);
