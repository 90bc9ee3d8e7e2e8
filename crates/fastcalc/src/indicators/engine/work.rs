//! Memory for what a block of rows needs in between, shared by all indicators of a bundle.

use super::common::{Common, Commons, Of, Slot};

/// Most rows of a block: with its columns in between it stays in the first-level cache.
pub const BLOCK: usize = 768;

/// Columns of a [`Work`].
const COLUMNS: usize = 10;

/// Values of a cache line.
const LINE: usize = 8;

/// Rows more than a block has, for the values before it.
const BEFORE: usize = 8;

/// Columns of any content, to be overwritten.
#[derive(Debug, Clone, Default)]
pub struct Work {
    columns: Vec<f64>,
    commons: Commons,
    ahead: usize,
}

impl Work {
    /// Memory is taken at the first use.
    pub fn new() -> Self {
        Self::default()
    }

    /// For an indicator that should ask for the memory of rows so far ahead, 0 where it need not.
    pub fn asking_ahead(rows: usize) -> Self {
        Work {
            ahead: rows,
            ..Self::default()
        }
    }

    /// Rows ahead that an indicator should ask for, 0 where it need not.
    #[inline(always)]
    pub fn ahead(&self) -> usize {
        self.ahead
    }

    /// Other rows come.
    pub fn clear(&mut self) {
        self.commons.clear();
    }

    /// An indicator begins; whether another has a [part](Self::part) in common with it.
    pub fn begin(&mut self, shares: bool) {
        self.commons.begin(shares);
    }

    /// Whether another indicator has a part in common with this one.
    #[inline(always)]
    pub fn shares(&self) -> bool {
        self.commons.shares()
    }

    /// A part of a block of rows: taken over from another indicator, or worked out. The state is that after these
    /// rows then.
    pub fn part<S: Common<I, O>, const I: usize, const O: usize>(
        &mut self,
        state: &mut S,
        of: Of<'_, I>,
    ) -> Slot {
        self.commons.part(state, of)
    }

    /// The columns of a part.
    #[inline(always)]
    pub fn part_columns<const O: usize>(&self, slot: Slot) -> [&[f64]; O] {
        self.commons.columns(slot)
    }

    /// The columns, each of [`BLOCK`] rows and 8 more.
    #[inline(always)]
    pub fn columns(&mut self) -> [&mut [f64]; COLUMNS] {
        self.columns_beside().0
    }

    /// The columns of a part, and [`columns`](Self::columns).
    #[inline(always)]
    pub fn with_part<const O: usize>(
        &mut self,
        slot: Slot,
    ) -> ([&[f64]; O], [&mut [f64]; COLUMNS]) {
        let (columns, commons) = self.columns_beside();
        (commons.columns(slot), columns)
    }

    #[inline(always)]
    fn columns_beside(&mut self) -> ([&mut [f64]; COLUMNS], &Commons) {
        // Apart by an odd number of cache lines, so that equal rows do not fight for the same places.
        const LENGTH: usize = BLOCK + BEFORE + 64;
        if self.columns.is_empty() {
            self.grow(LENGTH);
        }
        // From the start of a cache line on.
        let line = self.columns.as_ptr().align_offset(LINE * size_of::<f64>());
        let mut rest = self.columns[line % LINE..].chunks_exact_mut(LENGTH);
        let columns = std::array::from_fn(|_| {
            let column = rest.next().expect("as many as were made");
            &mut column[..BLOCK + BEFORE]
        });
        (columns, &self.commons)
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, length: usize) {
        self.columns.resize(COLUMNS * length + LINE, 0.0);
    }
}
