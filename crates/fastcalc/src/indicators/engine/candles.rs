//! The columns indicators read.

use super::super::super::{KernelError, checks};

/// A column of a bundle's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Open time of the bar, Unix milliseconds UTC.
    Time,
    /// Price at the bar's start.
    Open,
    /// Highest price.
    High,
    /// Lowest price.
    Low,
    /// Price at the bar's end.
    Close,
    /// Traded amount.
    Volume,
    /// Any first series.
    Real0,
    /// Any second series.
    Real1,
}

/// Names of the columns, in the order of [`Source`].
const NAMES: [&str; 8] = [
    "timeMs", "open", "high", "low", "close", "volume", "real0", "real1",
];

impl Source {
    /// All of them.
    pub const ALL: [Source; 8] = [
        Source::Time,
        Source::Open,
        Source::High,
        Source::Low,
        Source::Close,
        Source::Volume,
        Source::Real0,
        Source::Real1,
    ];

    /// Its name: `close`.
    pub fn name(self) -> &'static str {
        NAMES[self as usize]
    }

    /// The column of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }
}

/// Columns of one length, oldest row first; NaN is missing. Only those an indicator reads are needed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Candles<'a> {
    columns: [Option<&'a [f64]>; 8],
}

impl<'a> Candles<'a> {
    /// No columns yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// All columns that there are, in the order of [`Source::ALL`].
    pub fn of(columns: [Option<&'a [f64]>; 8]) -> Self {
        Candles { columns }
    }

    /// With this column too.
    #[must_use]
    pub fn with(mut self, source: Source, values: &'a [f64]) -> Self {
        self.columns[source as usize] = Some(values);
        self
    }

    /// Open, high, low, close and volume.
    pub fn ohlcv(
        open: &'a [f64],
        high: &'a [f64],
        low: &'a [f64],
        close: &'a [f64],
        volume: &'a [f64],
    ) -> Self {
        Self::new()
            .with(Source::Open, open)
            .with(Source::High, high)
            .with(Source::Low, low)
            .with(Source::Close, close)
            .with(Source::Volume, volume)
    }

    /// A column that must be there.
    ///
    /// # Errors
    /// It is not.
    pub fn column(&self, source: Source) -> Result<&'a [f64], KernelError> {
        self.columns[source as usize].ok_or_else(|| {
            KernelError::new(
                source.name(),
                "nothing",
                "given: an indicator of the spec reads it",
            )
        })
    }

    /// Rows of the longest column.
    pub fn rows(&self) -> usize {
        let lengths = self.columns.iter().flatten().map(|c| c.len());
        lengths.max().unwrap_or(0)
    }

    /// Checks that the columns given are of one length.
    ///
    /// # Errors
    /// They are not.
    pub fn check_lengths(&self) -> Result<(), KernelError> {
        let (given, count) = self.given();
        checks::same_length(&given[..count])
    }

    /// Checks lengths and values of the columns given.
    ///
    /// # Errors
    /// Columns of different length, an infinite value, a negative volume.
    pub fn check(&self) -> Result<(), KernelError> {
        let (given, count) = self.given();
        checks::same_length(&given[..count])?;
        for column in &given[..count] {
            if column.0 == Source::Volume.name() {
                checks::non_negative(*column)?;
            } else {
                checks::finite(*column)?;
            }
        }
        Ok(())
    }

    /// The columns given, with their names, and their number.
    fn given(&self) -> ([(&'static str, &'a [f64]); 8], usize) {
        let mut given = [("", [].as_slice()); 8];
        let mut count = 0;
        for (source, column) in Source::ALL.into_iter().zip(self.columns) {
            if let Some(values) = column {
                given[count] = (source.name(), values);
                count += 1;
            }
        }
        (given, count)
    }
}
