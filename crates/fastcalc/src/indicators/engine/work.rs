//! Memory for what a block of rows needs in between, shared by all indicators of a bundle.

/// Most rows of a block: with its columns in between it stays in the first-level cache.
pub const BLOCK: usize = 512;

/// Columns of a [`Work`].
const COLUMNS: usize = 10;

/// Values of a cache line.
const LINE: usize = 8;

/// Rows more than a block has, for the values before it.
const BEFORE: usize = 8;

/// Columns of any content, to be overwritten.
#[derive(Debug, Clone, Default)]
pub struct Work(Vec<f64>);

impl Work {
    /// Memory is taken at the first use.
    pub fn new() -> Self {
        Self::default()
    }

    /// The columns, each of [`BLOCK`] rows and 8 more.
    #[inline(always)]
    pub fn columns(&mut self) -> [&mut [f64]; COLUMNS] {
        // Apart by an odd number of cache lines, so that equal rows do not fight for the same places.
        const LENGTH: usize = BLOCK + BEFORE + 64;
        if self.0.is_empty() {
            self.grow(LENGTH);
        }
        // From the start of a cache line on.
        let line = self.0.as_ptr().align_offset(LINE * size_of::<f64>());
        let mut rest = self.0[line % LINE..].chunks_exact_mut(LENGTH);
        std::array::from_fn(|_| {
            let column = rest.next().expect("as many as were made");
            &mut column[..BLOCK + BEFORE]
        })
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, length: usize) {
        self.0.resize(COLUMNS * length + LINE, 0.0);
    }
}
