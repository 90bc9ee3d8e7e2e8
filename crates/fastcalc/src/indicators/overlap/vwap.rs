//! Volume-weighted average price since a point in time.

use crate::indicators::prelude::*;

/// Milliseconds of a day.
const DAY_MS: f64 = 86_400_000.0;

struct Vwap {
    /// Length of a session and its start after midnight UTC; none when anchored.
    session: Option<[f64; 2]>,
    anchor: f64,
    current: f64,
    flow: f64,
    volume: f64,
}
state!(Vwap: current, flow, volume);

impl Kernel<5, 1> for Vwap {
    #[inline]
    fn next(&mut self, [time, high, low, close, volume]: [f64; 5]) -> Option<[f64; 1]> {
        if let Some([length, start]) = self.session {
            let session = ((time - start) / length).floor();
            if session != self.current {
                (self.current, self.flow, self.volume) = (session, 0.0, 0.0);
            }
        } else if time < self.anchor {
            return None;
        }
        let typical = (high + low + close) / 3.0;
        self.flow += typical * volume;
        self.volume += volume;
        Some([if self.volume > 0.0 {
            self.flow / self.volume
        } else {
            typical
        }])
    }
}

fn vwap(session: Option<[f64; 2]>, anchor: f64) -> Box<dyn Stream> {
    node(Vwap {
        session,
        anchor,
        current: f64::NEG_INFINITY,
        flow: 0.0,
        volume: 0.0,
    })
}

const INPUTS: &[Input] = &[TIME, HIGH, LOW, CLOSE, VOLUME];

pub const VWAP: Definition = Definition {
    gap: Gap::PassOver,
    ..define(
        "vwap",
        Group::Overlap,
        "Volume-weighted average of the typical price since the session began: `sessionhours` long, the first of a day \
         `starthour` hours after 00:00 UTC.",
        INPUTS,
        &[
            real("sessionhours", 0.01, 8784.0, 24.0),
            real("starthour", 0.0, 24.0, 0.0),
        ],
        |_| 0,
        |p| vwap(Some([p.x(0) * DAY_MS / 24.0, p.x(1) * DAY_MS / 24.0]), 0.0),
    )
};

pub const ANCHORED_VWAP: Definition = Definition {
    gap: Gap::PassOver,
    may_be_silent: true,
    ..define(
        "anchored_vwap",
        Group::Overlap,
        "Volume-weighted average of the typical price from the time `anchorms` (Unix milliseconds) on.",
        INPUTS,
        &[real("anchorms", -8.64e15, 8.64e15, 0.0)],
        |_| 0,
        |p| vwap(None, p.x(0)),
    )
};
