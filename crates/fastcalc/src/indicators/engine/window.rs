//! Sliding windows that forget completely.
//!
//! Rows are taken in blocks of the window's length. A window is then the tail of one block and the
//! head of the next; tails are combined once per block from the back, the head grows row by row. So
//! a window costs three combinations a row whatever its length, is made of its own rows alone, and
//! keeps nothing of a spike that has left (running sums do: TA-Lib's stay wrong for ever).

use super::{State, Words};

/// Something that neighbouring stretches of rows combine to; `self` is the earlier one.
pub trait Merge: Copy + Default + State {
    /// Both stretches as one.
    #[must_use]
    fn merge(self, later: Self) -> Self;
}

/// The last `period` rows, combined.
#[derive(Debug, Clone)]
pub struct Window<M> {
    /// Up to `at` rows of this block, from there on tails of the one before.
    slots: Vec<M>,
    head: M,
    at: usize,
    full: bool,
}

impl<M: Merge> Window<M> {
    /// An empty window; `period` at least 1.
    pub fn new(period: usize) -> Self {
        Window {
            slots: vec![M::default(); period.max(1)],
            head: M::default(),
            at: 0,
            full: false,
        }
    }

    /// Forgets all rows.
    pub fn clear(&mut self) {
        self.at = 0;
        self.full = false;
    }

    /// Takes a row; the whole window once it is full.
    #[inline]
    pub fn push(&mut self, row: M) -> Option<M> {
        self.head = if self.at == 0 {
            row
        } else {
            self.head.merge(row)
        };
        self.slots[self.at] = row;
        self.at += 1;
        if self.at == self.slots.len() {
            self.close_block();
            return Some(self.head);
        }
        self.full.then(|| self.slots[self.at].merge(self.head))
    }

    #[inline(never)]
    fn close_block(&mut self) {
        for slot in (0..self.slots.len() - 1).rev() {
            self.slots[slot] = self.slots[slot].merge(self.slots[slot + 1]);
        }
        self.at = 0;
        self.full = true;
    }
}

impl<M: Merge> State for Window<M> {
    fn save(&self, words: &mut Vec<f64>) {
        self.slots.save(words);
        self.head.save(words);
        self.at.save(words);
        self.full.save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        self.slots.load(words);
        self.head.load(words);
        self.at.load(words);
        // Only a damaged snapshot could point outside.
        self.at = self.at.min(self.slots.len() - 1);
        self.full.load(words);
    }
}
