//! What all indicators of the catalogue share: definition, state, gaps, specs, bundles.
//!
//! An indicator is a [`Kernel`]: a state that takes one row and may give one. The same code serves
//! batch and streaming, so both agree bit for bit. It never sees a missing value: a [`Node`] around
//! it turns rows with NaN into rows of NaN and, by its [`Gap`] policy, starts anew or carries on.

mod adaptive;
mod bundle;
mod candles;
mod comoments;
mod definition;
mod kernel;
mod lanes;
mod parts;
mod places;
mod recurrence;
mod shifted;
mod sliding;
mod snapshot;
mod spec;
mod state;
mod sums;
mod tame;
mod track;
mod window;
mod work;

pub use adaptive::Adaptive;
pub use bundle::{Bundle, Column};
pub use candles::{Candles, Source};
pub use definition::{Definition, Gap, Group, Input, Param, ParamKind, Params};
pub use spec::{Item, parse_spec};

pub use comoments::SlidingCoMoments;
pub use definition::{CLOSE, HIGH, LOW, OPEN, TIME, VOLUME, choice, define, period, real, whole};
pub use kernel::{Kernel, Map, Stream, node, settled};
pub use lanes::{lanes, lanes_over};
pub use parts::{Delay, Ema, Last, Wilder};
pub use places::SlidingPlace;
pub use recurrence::Recurrence;
pub use shifted::{Ramp, SlidingPair, Squares, Weighted, moments_of};
pub use sliding::{Combine, Higher, Lower, Sliding, SlidingMax, SlidingMin, SlidingSum};
pub(in crate::indicators) use state::state;
pub use state::{State, Words};
pub use sums::{CoMoments, Highest, Line, Lowest, Max, Min, Moments, Sum};
pub use tame::{all_tame, is_tame};
pub use track::Track;
pub use window::{Merge, Window};
pub use work::{BLOCK, Work};
