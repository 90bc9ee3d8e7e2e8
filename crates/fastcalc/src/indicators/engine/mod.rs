//! What all indicators of the catalogue share: definition, state, gaps, specs, bundles.
//!
//! An indicator is a [`Kernel`]: a state that takes one row and may give one. It never sees a missing
//! value: a `Node` around it turns rows with NaN into rows of NaN and, by its [`Gap`] policy, starts anew
//! or carries on.
//!
//! Many kernels also take a block of rows at a time, in straight loops that are compiled for the vectors
//! of the processor ([`crate::simd`]). They are made of parts that do: [`Sliding`] windows, put together
//! from stretches half as long, and a [`Recurrence`], which looks eight rows back. A part does the same
//! operations in the same order in both ways, so batch and streaming agree bit for bit.

mod adaptive;
mod block_columns;
mod bundle;
mod candles;
mod common;
mod comoments;
mod definition;
mod divide;
mod extremes;
mod kernel;
mod lanes;
mod parts;
mod places;
mod recurrence;
mod shared_sums;
mod shifted;
mod sliding;
mod sliding_moments;
mod sliding_pair;
mod snapshot;
mod spec;
mod state;
mod sums;
mod tame;
mod track;
mod window;
mod work;

pub use adaptive::Adaptive;
pub use block_columns::{BLOCK, before_line};
pub use bundle::{Bundle, Column};
pub use candles::{Candles, Source};
pub use definition::{Asking, Definition, Gap, Group, Input, Param, ParamKind, Params};
pub use divide::Divide;
pub use spec::{Item, parse_spec};

pub use common::{Common, Of, Part};
pub use comoments::SlidingCoMoments;
pub use definition::{CLOSE, HIGH, LOW, OPEN, TIME, VOLUME, choice, define, period, real, whole};
pub use extremes::Extremes;
pub use kernel::{Kernel, Map, Stream, blank, node, settled, settled_by_eights};
pub use lanes::{Eights, lanes, lanes_over};
pub use parts::{Delay, Ema, Last, Wilder, ema_weight};
pub use places::SlidingPlace;
pub use recurrence::{Chain, Recurrence};
pub use shared_sums::SharedSums;
pub use shifted::{Ramp, Shifted, Squares, Weighted, moments_of};
pub use sliding::{Combine, Higher, Lower, Sliding, SlidingMax, SlidingMin, SlidingSum};
pub use sliding_moments::SlidingMoments;
pub use sliding_pair::SlidingPair;
pub(in crate::indicators) use state::state;
pub use state::{State, Words};
pub use sums::{Max, Min, Moments, Sum};
pub use tame::{all_tame, is_tame};
pub use track::Track;
pub use window::{Merge, Window};
pub use work::Work;
