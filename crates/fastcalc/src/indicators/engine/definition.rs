//! What an indicator is: name, columns, parameters, warm-up, bounds.

use super::kernel::Stream;
use super::{Params as P, Part, Source};

/// Families, after TA-Lib's groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Lines in the price chart.
    Overlap,
    /// Speed and direction.
    Momentum,
    /// Made of traded amounts.
    Volume,
    /// Width of movement.
    Volatility,
    /// Prices made of prices.
    Price,
    /// Of windows.
    Statistic,
    /// Dominant cycle.
    Cycle,
    /// Functions and operators row by row.
    Math,
    /// Shapes of candles.
    Pattern,
}

impl Group {
    /// Its name in lists.
    pub fn name(self) -> &'static str {
        match self {
            Group::Overlap => "overlap",
            Group::Momentum => "momentum",
            Group::Volume => "volume",
            Group::Volatility => "volatility",
            Group::Price => "price",
            Group::Statistic => "statistic",
            Group::Cycle => "cycle",
            Group::Math => "math",
            Group::Pattern => "pattern",
        }
    }
}

/// A column an indicator reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// This column of the candles.
    Of(Source),
    /// Any series: `real=` in a spec chooses, the close by default.
    Real,
    /// A second series: `real1=` chooses, the volume by default.
    Real1,
}

/// What a row with a missing value does; its own outputs are NaN in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// The indicator warms up anew: a window is whole again when the gap has left it.
    Restart,
    /// The row is passed over: sums over all rows carry on.
    PassOver,
    /// The indicator deals with it itself.
    Seen,
}

/// Kind of a parameter and its bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ParamKind {
    /// A whole number.
    Whole {
        /// Least.
        least: usize,
        /// Most.
        most: usize,
    },
    /// A number.
    Real {
        /// Least.
        least: f64,
        /// Most.
        most: f64,
    },
    /// One of these names, or its place in the list.
    Choice(&'static [&'static str]),
}

/// Who asks for the memory of rows before they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// The bundle.
    Bundle,
    /// The indicator, in a loop that leaves the processor time for it.
    Indicator,
    /// The bundle first, and the indicator once more for what the processor had no room for.
    Both,
}

/// A parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it may be.
    pub kind: ParamKind,
    /// What it is when not given; of a choice, the place in its list.
    pub default: f64,
}

/// Longest window, as in TA-Lib.
const LONGEST: usize = 100_000;

/// `period`, at least `least`.
pub const fn period(least: usize, default: usize) -> Param {
    whole("period", least, default)
}

/// A whole number of rows.
pub const fn whole(name: &'static str, least: usize, default: usize) -> Param {
    let most = LONGEST;
    Param {
        name,
        kind: ParamKind::Whole { least, most },
        default: default as f64,
    }
}

/// A number.
pub const fn real(name: &'static str, least: f64, most: f64, default: f64) -> Param {
    Param {
        name,
        kind: ParamKind::Real { least, most },
        default,
    }
}

/// One of several ways, the first by default.
pub const fn choice(name: &'static str, of: &'static [&'static str]) -> Param {
    Param {
        name,
        kind: ParamKind::Choice(of),
        default: 0.0,
    }
}

/// Values of the parameters, checked, in the order of the definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Params(Vec<f64>);

impl Params {
    /// Values that were checked.
    pub(super) fn checked(values: Vec<f64>) -> Self {
        Params(values)
    }

    /// The values.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// A whole number or a choice.
    pub fn n(&self, at: usize) -> usize {
        self.0[at] as usize
    }

    /// A number.
    pub fn x(&self, at: usize) -> f64 {
        self.0[at]
    }
}

/// An indicator of the catalogue.
#[derive(Clone, Copy)]
pub struct Definition {
    /// Its name in specs: TA-Lib's in lower case where it has the function.
    pub name: &'static str,
    /// Its family.
    pub group: Group,
    /// Formula, source and convention.
    pub about: &'static str,
    /// Columns read.
    pub inputs: &'static [Input],
    /// Parameters, in order.
    pub params: &'static [Param],
    /// Outputs, in order.
    pub outputs: &'static [&'static str],
    /// Rows before the first output.
    pub lookback: fn(&P) -> usize,
    /// What a missing value does.
    pub gap: Gap,
    /// Bounds of all outputs.
    pub range: Option<(f64, f64)>,
    /// Whether rows after the warm-up may have no value, for what it measures may not exist there.
    pub may_be_silent: bool,
    /// What the parameters must satisfy together: the parameter at fault and what is allowed.
    pub constraint: fn(&P) -> Option<(&'static str, &'static str)>,
    /// Who asks for the memory of coming rows, where it is the only one.
    pub asking: Asking,
    /// The part of it that other indicators may have, too.
    pub part: fn(&P) -> Option<Part>,
    /// A state before its first row.
    pub build: fn(&P) -> Box<dyn Stream>,
}

/// Columns by short names, for definitions.
pub const OPEN: Input = Input::Of(Source::Open);
/// High.
pub const HIGH: Input = Input::Of(Source::High);
/// Low.
pub const LOW: Input = Input::Of(Source::Low);
/// Close.
pub const CLOSE: Input = Input::Of(Source::Close);
/// Volume.
pub const VOLUME: Input = Input::Of(Source::Volume);
/// Time.
pub const TIME: Input = Input::Of(Source::Time);

/// The common part of a definition: one output, no bounds, restart at a gap.
pub const fn define(
    name: &'static str,
    group: Group,
    about: &'static str,
    inputs: &'static [Input],
    params: &'static [Param],
    lookback: fn(&P) -> usize,
    build: fn(&P) -> Box<dyn Stream>,
) -> Definition {
    Definition {
        name,
        group,
        about,
        inputs,
        params,
        outputs: &["real"],
        lookback,
        gap: Gap::Restart,
        range: None,
        may_be_silent: false,
        constraint: |_| None,
        asking: Asking::Bundle,
        part: |_| None,
        build,
    }
}
