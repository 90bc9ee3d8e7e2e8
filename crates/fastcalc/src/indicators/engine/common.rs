//! Parts that several indicators of a bundle have in common: worked out once a block, found by the others.
//!
//! A part is a function of its state and the rows of a block. Where two indicators have equal states of one part and ask
//! for the same rows, the second takes over the results and the state of the first. States differ after a gap that
//! one of them passes over and the other does not, for instance: then each works out its own.

use super::block_columns::BlockColumns;
use super::parts::ema_weight;
use super::{State, Words};
use crate::simd::{self, Eight, Lanes};

/// What a part is, and its period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Exponential averages, and averages of those; the bits of their weight.
    Ema(u64),
    /// The average gain and the average loss, by Wilder's smoothing.
    Strength(usize),
    /// The highest high and the lowest low.
    Extremes(usize),
    /// Mean and deviation of a window.
    Moments(usize),
    /// Directional movement, upward and downward.
    Movement(usize),
    /// The accumulation/distribution line.
    Line,
}

/// What works out a part.
pub trait Common<const I: usize, const O: usize>: State {
    /// Which part it is.
    fn part(&self) -> Part;

    /// Takes rows of a block and writes columns as long as they are. To be `#[inline(always)]`.
    fn make<V: Eight>(&mut self, inputs: [&[f64]; I], outputs: [&mut [f64]; O]);
}

/// Most columns of a part, and most that it is made of.
const COLUMNS: usize = 2;
const INPUTS: usize = 4;

impl Part {
    /// Exponential averages of a period.
    pub fn ema(period: usize) -> Self {
        Part::Ema(ema_weight(period).to_bits())
    }
}

/// Where the columns of a part are, for as long as the indicator that asked for it works.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    at: usize,
    rows: usize,
}

/// Rows that a part is made of.
#[derive(Clone, Copy)]
pub enum Of<'a, const I: usize> {
    /// Columns of the block: of the candles, not of a [`Work`](super::Work), whose contents change.
    Rows([&'a [f64]; I]),
    /// Columns of a part.
    Part(Slot),
}

/// Where rows are: those of a block stay in their place while it is worked on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Place {
    addresses: [usize; INPUTS],
    rows: usize,
}

/// A part that was worked out.
#[derive(Debug, Clone, Default)]
struct Found {
    part: Option<Part>,
    place: Place,
    /// The state before and after.
    before: Vec<f64>,
    after: Vec<f64>,
    columns: BlockColumns<COLUMNS>,
}

/// The parts of a block of rows.
#[derive(Debug, Clone, Default)]
pub struct Commons {
    found: Vec<Found>,
    /// Found in this block and of use for other indicators.
    kept: usize,
    /// And in use by this indicator.
    used: usize,
    shares: bool,
    state: Vec<f64>,
}

impl Commons {
    /// Forgets all: other rows come.
    pub fn clear(&mut self) {
        (self.kept, self.used) = (0, 0);
    }

    /// An indicator begins; whether another has a part in common with it.
    pub fn begin(&mut self, shares: bool) {
        self.used = self.kept;
        self.shares = shares;
    }

    /// Whether another indicator has a part in common with this one.
    #[inline(always)]
    pub fn shares(&self) -> bool {
        self.shares
    }

    /// The columns of a part, each as long as the rows it is made of.
    #[inline(always)]
    pub fn columns<const O: usize>(&self, slot: Slot) -> [&[f64]; O] {
        let found = &self.found[slot.at].columns;
        std::array::from_fn(|at| found.column(at, slot.rows))
    }

    /// A part, worked out unless it was before.
    pub fn part<S: Common<I, O>, const I: usize, const O: usize>(
        &mut self,
        state: &mut S,
        of: Of<'_, I>,
    ) -> Slot {
        let (part, place) = (state.part(), self.place(&of));
        let rows = place.rows;
        if let Some(at) = self.find(part, place, state) {
            return Slot { at, rows };
        }
        let at = self.used;
        self.used += 1;
        let mut found = self.take(at, part, place);
        let inputs = match of {
            Of::Rows(rows) => rows,
            Of::Part(slot) => self.columns(slot),
        };
        let outputs = {
            let mut columns = found.columns.all().into_iter();
            std::array::from_fn(|_| {
                let column = columns.next().expect("at most as many as there are");
                &mut column[..rows]
            })
        };
        simd::dispatch(Make {
            state: &mut *state,
            inputs,
            outputs,
        });
        self.keep(at, found, state);
        Slot { at, rows }
    }

    fn place<const I: usize>(&self, of: &Of<'_, I>) -> Place {
        let mut place = Place::default();
        let columns: [&[f64]; I] = match *of {
            Of::Rows(rows) => rows,
            Of::Part(slot) => self.columns(slot),
        };
        for (address, column) in place.addresses.iter_mut().zip(columns) {
            *address = column.as_ptr() as usize;
            place.rows = column.len();
        }
        place
    }

    /// Where the part is, once the state is that after it.
    fn find<S: State>(&mut self, part: Part, place: Place, state: &mut S) -> Option<usize> {
        if !self.shares {
            return None;
        }
        self.state.clear();
        state.save(&mut self.state);
        let found = self.found[..self.used].iter();
        let mut same = found.enumerate().filter(|(_, found)| {
            found.part == Some(part) && found.place == place && same(&found.before, &self.state)
        });
        let (at, found) = same.next()?;
        state.load(&mut Words::new(&found.after));
        Some(at)
    }

    /// Columns for the part, whose state before is known.
    fn take(&mut self, at: usize, part: Part, place: Place) -> Found {
        if at == self.found.len() {
            self.found.push(Found::default());
        }
        let mut found = std::mem::take(&mut self.found[at]);
        (found.part, found.place) = (self.shares.then_some(part), place);
        std::mem::swap(&mut found.before, &mut self.state);
        found
    }

    /// For the others.
    fn keep<S: State>(&mut self, at: usize, mut found: Found, state: &S) {
        if self.shares {
            found.after.clear();
            state.save(&mut found.after);
            self.kept = self.used;
        }
        self.found[at] = found;
    }
}

/// A part in the making: compiled by itself, because next to others its loops would not keep all in registers.
struct Make<'a, 'b, S, const I: usize, const O: usize> {
    state: &'a mut S,
    inputs: [&'a [f64]; I],
    outputs: [&'b mut [f64]; O],
}

impl<S: Common<I, O>, const I: usize, const O: usize> Lanes for Make<'_, '_, S, I, O> {
    type Output = ();

    #[inline(always)]
    fn run<V: Eight>(self) {
        self.state.make::<V>(self.inputs, self.outputs);
    }
}

/// Whether both are the same bits.
fn same(a: &[f64], b: &[f64]) -> bool {
    let bits = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits();
    a.len() == b.len() && a.iter().zip(b).all(bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::engine::state;

    /// A running sum that counts how often it was worked out.
    struct Sum {
        part: Part,
        sum: f64,
        made: usize,
    }
    state!(Sum: sum);

    impl Common<1, 1> for Sum {
        fn part(&self) -> Part {
            self.part
        }
        #[inline(always)]
        fn make<V: Eight>(&mut self, [rows]: [&[f64]; 1], [out]: [&mut [f64]; 1]) {
            self.made += 1;
            for (out, row) in out.iter_mut().zip(rows) {
                self.sum += row;
                *out = self.sum;
            }
        }
    }

    fn sum(part: Part) -> Sum {
        Sum {
            part,
            sum: 0.0,
            made: 0,
        }
    }

    const ROWS: [f64; 3] = [1.0, 2.0, 3.0];

    #[test]
    fn an_equal_state_takes_over_results_and_state() {
        let mut commons = Commons::default();
        let (mut one, mut other) = (sum(Part::Line), sum(Part::Line));
        for sum in [&mut one, &mut other] {
            commons.begin(true);
            let slot = commons.part(sum, Of::Rows([&ROWS]));
            assert_eq!(commons.columns(slot), [[1.0, 3.0, 6.0]]);
            let twice = commons.part(&mut self::sum(Part::Moments(1)), Of::Part(slot));
            assert_eq!(commons.columns(twice), [[1.0, 4.0, 10.0]]);
        }
        assert_eq!((one.made, other.made), (1, 0));
        assert_eq!((one.sum, other.sum), (6.0, 6.0));
    }

    #[test]
    fn another_state_part_place_or_block_is_worked_out() {
        let again = ROWS;
        let cases: [(Sum, &[f64], bool); 5] = [
            (sum(Part::Line), &ROWS, false),
            (sum(Part::Moments(2)), &ROWS, false),
            (sum(Part::Line), &again, false),
            (sum(Part::Line), &ROWS[..2], false),
            (sum(Part::Line), &ROWS, true),
        ];
        for (at, (mut other, rows, clear)) in cases.into_iter().enumerate() {
            let mut commons = Commons::default();
            commons.begin(true);
            commons.part(&mut sum(Part::Line), Of::Rows([&ROWS]));
            if at == 0 {
                other.sum = -0.0;
            }
            if clear {
                commons.clear();
            }
            commons.begin(true);
            let slot = commons.part(&mut other, Of::Rows([rows]));
            assert_eq!(other.made, 1, "case {at}");
            assert_eq!(commons.columns::<1>(slot)[0].len(), rows.len());
        }
    }

    #[test]
    fn where_nothing_is_shared_memory_is_used_again() {
        let mut commons = Commons::default();
        for _ in 0..5 {
            commons.begin(false);
            let mut part = sum(Part::Line);
            commons.part(&mut part, Of::Rows([&ROWS]));
            commons.part(&mut part, Of::Rows([&ROWS]));
            assert_eq!(part.made, 2);
        }
        assert_eq!(commons.found.len(), 2);
    }
}
