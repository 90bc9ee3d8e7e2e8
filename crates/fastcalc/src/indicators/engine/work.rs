//! Memory for what a block of rows needs in between, shared by all indicators of a bundle.

use super::block_columns::BlockColumns;
use super::common::{Common, Commons, Of, Slot};

/// Columns of a [`Work`].
const COLUMNS: usize = 10;

/// Memory of a bundle, by turns that of each indicator.
#[derive(Debug, Clone, Default)]
pub struct Work {
    columns: BlockColumns<COLUMNS>,
    commons: Commons,
    ahead: usize,
}

impl Work {
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

    /// Columns of any content, to be overwritten.
    #[inline(always)]
    pub fn columns(&mut self) -> [&mut [f64]; COLUMNS] {
        self.columns.all()
    }

    /// The columns of a part, and [`columns`](Self::columns).
    #[inline(always)]
    pub fn with_part<const O: usize>(
        &mut self,
        slot: Slot,
    ) -> ([&[f64]; O], [&mut [f64]; COLUMNS]) {
        (self.commons.columns(slot), self.columns.all())
    }
}
