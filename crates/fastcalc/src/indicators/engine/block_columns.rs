//! Columns for the rows of a block.

/// Most rows of a block: what is read and written meanwhile stays in the caches, and what a block costs in any case
/// is little by the row.
pub const BLOCK: usize = 1_024;

/// Rows more than a block has, for the values before it.
const BEFORE: usize = 8;

/// Values of a cache line.
pub const LINE: usize = 8;

/// Values before the first that begins a cache line.
#[inline(always)]
pub fn before_line(values: &[f64]) -> usize {
    values.as_ptr().align_offset(LINE * size_of::<f64>()) % LINE
}

/// `N` columns of any content, to be overwritten, each of [`BLOCK`] rows and 8 more. Memory is taken at the first use.
#[derive(Debug, Clone, Default)]
pub struct BlockColumns<const N: usize>(Vec<f64>);

impl<const N: usize> BlockColumns<N> {
    /// Apart by an odd number of cache lines, so that equal rows do not fight for the same places.
    const APART: usize = BLOCK + BEFORE + 64;

    /// All of them.
    #[inline(always)]
    pub fn all(&mut self) -> [&mut [f64]; N] {
        if self.0.is_empty() {
            self.grow();
        }
        let line = before_line(&self.0);
        let mut rest = self.0[line..].chunks_exact_mut(Self::APART);
        std::array::from_fn(|_| {
            let column = rest.next().expect("as many as were made");
            &mut column[..BLOCK + BEFORE]
        })
    }

    /// The first `rows` of one that was written.
    #[inline(always)]
    pub fn column(&self, at: usize, rows: usize) -> &[f64] {
        &self.0[before_line(&self.0) + at * Self::APART..][..rows]
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        self.0.resize(N * Self::APART + LINE, 0.0);
    }
}
