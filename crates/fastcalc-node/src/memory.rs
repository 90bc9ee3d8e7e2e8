//! What the allocator is told about results.

/// Results up to this size come and go. glibc learns from blocks of at most 32 MiB.
const LARGEST_RESULT: usize = 31 * 1024 * 1024;

/// Takes a block and gives it back, untouched.
///
/// Node.js frees the memory of results when it collects garbage. Where blocks of their size come from the
/// system one by one, as with glibc from 128 KiB on, every page of every result is then a fault, which takes longer
/// than the arithmetic. glibc learns from what is freed: blocks as large as this one come from the heap
/// afterwards, of which it keeps up to twice as much for the next (M_MMAP_THRESHOLD in mallopt(3)). Other allocators
/// take no notice.
#[napi_derive::module_init]
fn expect_results() {
    let block: Vec<u8> = Vec::with_capacity(LARGEST_RESULT);
    std::hint::black_box(block.as_ptr());
}
