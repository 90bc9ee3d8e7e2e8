//! Eight columns that are written to side by side.

use super::{EIGHT, Eight};
use std::marker::PhantomData;

/// Columns of one length; what is asked of them is checked once for all.
pub struct Columns<'a> {
    starts: [*mut f64; EIGHT],
    rows: usize,
    columns: PhantomData<&'a mut f64>,
}

impl<'a> Columns<'a> {
    /// # Panics
    /// Columns that differ in length.
    pub fn new(columns: [&'a mut [f64]; EIGHT]) -> Self {
        let rows = columns[0].len();
        assert!(columns.iter().all(|column| column.len() == rows));
        Columns {
            starts: columns.map(<[f64]>::as_mut_ptr),
            rows,
            columns: PhantomData,
        }
    }

    /// Turns eight rows with a value for each column round and writes them from row `from` on, as far as
    /// there are such rows.
    #[inline(always)]
    pub fn write<V: Eight>(&mut self, from: usize, rows: [V; EIGHT]) {
        let turned = V::transpose(rows);
        assert!(from <= self.rows);
        let left = self.rows - from;
        for (start, values) in self.starts.into_iter().zip(turned) {
            // SAFETY: the column has `rows` values from `start` on, `from` of them before this place and
            // `left` behind it, and is borrowed mutably for the life of `self`.
            unsafe {
                let to = start.add(from);
                if left >= EIGHT {
                    values.store(&mut *to.cast::<[f64; EIGHT]>());
                } else {
                    let mut eight = [0.0; EIGHT];
                    values.store(&mut eight);
                    std::slice::from_raw_parts_mut(to, left).copy_from_slice(&eight[..left]);
                }
            }
        }
    }
}
