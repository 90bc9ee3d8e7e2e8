//! Several indicators of the same candles, batch and streaming.

use super::block_columns::{BLOCK, BlockColumns, LINE};
use super::kernel::{Stream, Terms};
use super::snapshot::{decode, encode};
use super::tame::{Look, look_at};
use super::work::Work;
use super::{Asking, Candles, Gap, Item, Source, Words, parse_spec};
use crate::KernelError;
use crate::simd::{self, prefetch};
use std::ops::Range;

/// Values of results that the caches could not hold: 4 MiB.
const LARGE: usize = 1 << 19;

/// Values of results that are better not fetched before they are written, where the caches do not hold their memory
/// yet: 256 KiB.
const LARGE_WHERE_NEW: usize = 1 << 15;

/// Columns of no rows.
const NOTHING: [&[f64]; 8] = [&[]; 8];

/// Most columns of an indicator.
const OUTPUTS: usize = 8;

/// Columns that a processor fetches ahead by itself.
const FEW: usize = 3;

/// Rows of a block of one indicator that reads so many columns: it has little to do with them, and the less waits for
/// memory at once, the better.
const SHORT_BLOCK: usize = 512;
const MANY: usize = 3;

/// When a bundle asks for the memory of the next block's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// Never.
    Never,
    /// While this block's are looked at.
    Looking,
    /// A share before each indicator works on this block, so that no one waits for all of it.
    Working,
}

/// One output column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// `rsi(14)`, `macd(12,26,9).signal`.
    pub heading: String,
    /// Rows before its first value.
    pub lookback: usize,
}

/// Indicators with their state: rows may come all at once or one by one, with the same result.
pub struct Bundle {
    spec: String,
    items: Vec<Item>,
    streams: Vec<Box<dyn Stream>>,
    /// Columns read by any of them.
    sources: Vec<Source>,
    outputs: usize,
    /// Rows that are worked on at a time.
    block: usize,
    asks: Asks,
    steps: Vec<Step>,
    work: Work,
    /// Results of a block on their way to memory.
    results: BlockColumns<OUTPUTS>,
    /// The state before a call of many rows.
    before: Vec<f64>,
}

impl Bundle {
    /// Before its first row.
    ///
    /// # Errors
    /// A spec that [`parse_spec`] refuses.
    pub fn new(spec: &str) -> Result<Self, KernelError> {
        let items = parse_spec(spec)?;
        let streams = items
            .iter()
            .map(|item| (item.definition.build)(&item.params));
        let streams = streams.collect();
        let sources = Source::ALL
            .into_iter()
            .filter(|source| items.iter().any(|item| item.sources.contains(source)));
        let sources: Vec<Source> = sources.collect();
        let alone = items.len() == 1;
        let many = sources.len() >= MANY;
        let block = if alone && many { SHORT_BLOCK } else { BLOCK };
        let (asks, ahead) = match items[0].definition.asking {
            Asking::Indicator if alone => (Asks::Never, block),
            Asking::Both if alone => (Asks::Looking, block),
            Asking::Bundle if alone && !many => (Asks::Looking, 0),
            _ => (Asks::Working, 0),
        };
        Ok(Bundle {
            spec: spec.to_owned(),
            streams,
            sources,
            block,
            asks,
            outputs: items.iter().map(|item| item.definition.outputs.len()).sum(),
            steps: items.iter().map(|item| Step::of(item, &items)).collect(),
            work: Work::asking_ahead(ahead),
            items,
            results: BlockColumns::default(),
            before: Vec::new(),
        })
    }

    /// Back to before the first row.
    pub fn reset(&mut self) {
        self.streams.iter_mut().for_each(|stream| stream.reset());
    }

    /// Output columns, in order.
    pub fn columns(&self) -> Vec<Column> {
        let of_item = |item: &Item| {
            let lookback = item.lookback();
            item.headings()
                .map(move |heading| Column { heading, lookback })
                .collect::<Vec<_>>()
        };
        self.items.iter().flat_map(of_item).collect()
    }

    /// Number of output columns.
    pub fn width(&self) -> usize {
        self.outputs
    }

    /// Columns it reads.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Rows before the first value of the slowest.
    pub fn lookback(&self) -> usize {
        self.items.iter().map(Item::lookback).max().unwrap_or(0)
    }

    /// Computes rows from where the last call ended, column after column, into `out` of
    /// [`width`](Self::width) times the number of rows. `cancelled` is asked before each indicator;
    /// where it says yes, false is returned and the state is that of no row in particular.
    ///
    /// # Errors
    /// A missing column, columns or `out` of the wrong length, an infinite value. Nothing is changed then.
    pub fn run(
        &mut self,
        candles: &Candles<'_>,
        out: &mut [f64],
        cancelled: impl Fn() -> bool,
    ) -> Result<bool, KernelError> {
        self.write(candles, out, LARGE, cancelled)
    }

    /// As [`run`](Self::run), into memory that nobody used lately, such as that of a new array.
    ///
    /// # Errors
    /// Those of `run`.
    pub fn run_into_new(
        &mut self,
        candles: &Candles<'_>,
        out: &mut [f64],
        cancelled: impl Fn() -> bool,
    ) -> Result<bool, KernelError> {
        self.write(candles, out, LARGE_WHERE_NEW, cancelled)
    }

    /// Results of `large` values or more go around the caches, unless so few columns are read and written that the
    /// processor fetches all of them ahead.
    fn write(
        &mut self,
        candles: &Candles<'_>,
        out: &mut [f64],
        large: usize,
        cancelled: impl Fn() -> bool,
    ) -> Result<bool, KernelError> {
        let mut read = NOTHING;
        for (slot, source) in read.iter_mut().zip(&self.sources) {
            *slot = candles.column(*source)?;
        }
        let rows = read[0].len();
        let used = self.sources.len();
        if read[..used].iter().any(|column| column.len() != rows) {
            self.read(candles)?.check_lengths()?;
        }
        if out.len() != self.outputs * rows {
            let allowed = format!(
                "{} values: {} columns of {rows} rows",
                self.outputs * rows,
                self.outputs
            );
            return Err(KernelError::new(
                "out",
                format!("{} values", out.len()),
                allowed,
            ));
        }
        if rows == 0 {
            return Ok(true);
        }
        // Values are looked at block by block, while they are in the cache: a refusal after the first block
        // takes the state back.
        let fresh = self.streams.iter().all(|stream| stream.is_fresh());
        self.before.clear();
        // Once in any case, so that the calls after the first need no memory.
        if rows > self.block && !(fresh && self.before.capacity() > 0) {
            let before = &mut self.before;
            self.streams.iter().for_each(|stream| stream.save(before));
        }
        let around = rows * self.outputs >= large && used + self.outputs > FEW;
        let mut start = 0;
        while start < rows {
            let end = rows.min(start + self.block);
            // In the order of the sources, and each source in a place of its own.
            let (mut columns, mut ahead, mut places) = (NOTHING, NOTHING, NOTHING);
            for (at, source) in self.sources.iter().enumerate() {
                columns[at] = &read[at][start..end];
                ahead[at] = &read[at][end..rows.min(end + self.block)];
                places[*source as usize] = columns[at];
            }
            let ahead = &ahead[..used];
            let nothing = &NOTHING[..used];
            let (looking, working) = match self.asks {
                Asks::Never => (nothing, nothing),
                Asks::Looking => (ahead, nothing),
                Asks::Working => (nothing, ahead),
            };
            let mut looks = [Look::NOTHING; 8];
            look_at(&columns[..used], looking, &mut looks[..used]);
            let mut tame = [true; 8];
            for ((source, column), look) in self.sources.iter().zip(columns).zip(looks) {
                tame[*source as usize] = look.tame;
                let infinite = !look.tame && column.iter().any(|v| v.is_infinite());
                let negative =
                    *source == Source::Volume && look.signed && column.iter().any(|v| *v < 0.0);
                if infinite || negative {
                    if fresh {
                        self.reset();
                    } else if start > 0 {
                        let words = &mut Words::new(&self.before);
                        self.streams
                            .iter_mut()
                            .for_each(|stream| stream.load(words));
                    }
                    let refused = self.read(candles)?.check();
                    return Err(refused.expect_err("a value that is not allowed"));
                }
            }
            let mut outputs = Outputs {
                out,
                rows,
                start,
                around,
            };
            let block = Rows {
                columns: &places,
                tame,
                n: end - start,
                ahead: working,
            };
            if !self.block(block, &mut outputs, &cancelled) {
                return Ok(false);
            }
            start = end;
        }
        if around {
            simd::settle_streams();
        }
        Ok(true)
    }

    /// The columns that are read, for what is wrong with them.
    #[cold]
    fn read<'a>(&self, candles: &Candles<'a>) -> Result<Candles<'a>, KernelError> {
        let mut read = Candles::new();
        for source in &self.sources {
            read = read.with(*source, candles.column(*source)?);
        }
        Ok(read)
    }

    /// All indicators over a block of rows, while the rows are in the cache.
    fn block(
        &mut self,
        Rows {
            columns,
            tame,
            n,
            ahead,
        }: Rows<'_>,
        outputs: &mut Outputs<'_>,
        cancelled: &impl Fn() -> bool,
    ) -> bool {
        let mut at = 0;
        let share = n.div_ceil(self.items.len()).next_multiple_of(LINE);
        let mut asked = 0;
        self.work.clear();
        let mut results = self.results.all();
        for (step, stream) in self.steps.iter().zip(&mut self.streams) {
            if cancelled() {
                return false;
            }
            for column in ahead {
                prefetch(&column[asked.min(column.len())..column.len().min(asked + share)]);
            }
            asked += share;
            self.work.begin(step.shares);
            let count = step.outputs;
            let range = at..at + count;
            at += count;
            let read = &step.sources[..step.inputs];
            let mut inputs = NOTHING;
            for (slot, source) in inputs.iter_mut().zip(read) {
                *slot = columns[*source as usize];
            }
            let inputs = &inputs[..step.inputs];
            let terms = Terms {
                gap: step.gap,
                range: step.range,
                tame: read.iter().all(|source| tame[*source as usize]),
            };
            let mut places: [&mut [f64]; OUTPUTS] = Default::default();
            let places = &mut places[..count];
            if !outputs.around {
                outputs.prefetch(at, n);
                for (place, column) in places.iter_mut().zip(outputs.columns(range, n)) {
                    *place = column;
                }
                stream.batch(inputs, places, terms, &mut self.work);
                continue;
            }
            for (place, result) in places.iter_mut().zip(&mut results) {
                *place = &mut result[..n];
            }
            stream.batch(inputs, places, terms, &mut self.work);
            for (place, column) in places.iter().zip(outputs.columns(range, n)) {
                simd::stream(place, column);
            }
        }
        true
    }

    /// All of the state as bytes.
    pub fn snapshot(&self) -> Vec<u8> {
        let mut words = Vec::new();
        for stream in &self.streams {
            stream.save(&mut words);
        }
        encode(&self.spec, &words)
    }

    /// The bundle a snapshot was taken of.
    ///
    /// # Errors
    /// Bytes that are damaged, cut short, or of another format.
    pub fn restore(bytes: &[u8]) -> Result<Self, KernelError> {
        let (spec, words) = decode(bytes)?;
        let mut bundle = Bundle::new(&spec).map_err(|e| e.inside("snapshot"))?;
        let mut words = Words::new(&words);
        for stream in &mut bundle.streams {
            stream.load(&mut words);
        }
        if words.finished() {
            Ok(bundle)
        } else {
            Err(KernelError::new(
                "snapshot",
                "another number of values",
                "that of its spec",
            ))
        }
    }
}

/// Whether another item than this one has its part in common with it.
fn shares(item: &Item, items: &[Item]) -> bool {
    let common = |other: &&Item| {
        let part = (other.definition.part)(&other.params);
        part.is_some()
            && part == (item.definition.part)(&item.params)
            && other.sources == item.sources
    };
    items.iter().filter(common).count() > 1
}

/// What a block needs to know of an indicator, in one place: what else there is of it, the caches hold no longer.
struct Step {
    /// The first `inputs` are read.
    sources: [Source; 8],
    inputs: usize,
    outputs: usize,
    gap: Gap,
    range: Option<(f64, f64)>,
    /// Whether another has a part in common with it.
    shares: bool,
}

impl Step {
    fn of(item: &Item, items: &[Item]) -> Self {
        let mut sources = [Source::Time; 8];
        sources[..item.sources.len()].copy_from_slice(&item.sources);
        Step {
            sources,
            inputs: item.sources.len(),
            outputs: item.definition.outputs.len(),
            gap: item.definition.gap,
            range: item.definition.range,
            shares: shares(item, items),
        }
    }
}

/// A block of rows.
struct Rows<'a> {
    /// Each source in a place of its own.
    columns: &'a [&'a [f64]; 8],
    /// Whether the values of each are.
    tame: [bool; 8],
    n: usize,
    /// Columns of the next block, to be asked for.
    ahead: &'a [&'a [f64]],
}

/// Where the results of a block go: from row `start` on of columns of `rows` rows.
struct Outputs<'a> {
    out: &'a mut [f64],
    rows: usize,
    start: usize,
    /// Whether they go around the caches.
    around: bool,
}

impl Outputs<'_> {
    fn columns(&mut self, which: Range<usize>, n: usize) -> impl Iterator<Item = &mut [f64]> {
        let start = self.start;
        let columns = self.out.chunks_exact_mut(self.rows);
        let columns = columns.skip(which.start).take(which.len());
        columns.map(move |column| &mut column[start..start + n])
    }

    /// Asks for the memory of the column that is written after this block's column `at` - 1: of this
    /// block, or of the next where it was the last.
    fn prefetch(&self, at: usize, n: usize) {
        let width = self.out.len() / self.rows;
        let (column, start) = if at < width {
            (at, self.start)
        } else {
            (0, self.start + n)
        };
        let end = self.rows.min(start + n);
        prefetch(&self.out[column * self.rows + start..column * self.rows + end]);
    }
}
