//! Discounted counts of what was said against what was true, and the smoothed table behind them.

use super::action::{ACTIONS, Action};

/// A 3 by 3 table; what the rows and columns mean is the owner's.
pub(crate) type Table = [[f64; ACTIONS]; ACTIONS];

/// What a table is pulled to while its counts are few.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Smoothing {
    /// Prior hit rate.
    pub accuracy: f64,
    /// Pseudo-votes behind it.
    pub votes: f64,
    /// Pseudo-votes per row that pull to the symmetric table.
    pub rows: f64,
}

/// Discounted counts `[row][column]`; a hit is a count on the diagonal.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Confusion {
    pub counts: Table,
}

impl Confusion {
    /// Forgets a part of everything.
    pub fn decay(&mut self, discount: f64) {
        for row in &mut self.counts {
            for cell in row {
                *cell *= discount;
            }
        }
    }

    /// Adds one observation of `column`, its row known only as a distribution.
    pub fn add_column(&mut self, column: Action, rows: &[f64; ACTIONS]) {
        for (row, mass) in self.counts.iter_mut().zip(rows) {
            row[column.index()] += mass;
        }
    }

    /// Adds one observation of `row`, its column known only as a distribution.
    pub fn add_row(&mut self, row: Action, columns: &[f64; ACTIONS]) {
        for (cell, mass) in self.counts[row.index()].iter_mut().zip(columns) {
            *cell += mass;
        }
    }

    /// Rows as probabilities. Two levels of shrinkage: the hit rate is pulled to the prior one,
    /// and every row to the symmetric table of that hit rate, so that short memories estimate one
    /// number well before they estimate six.
    pub fn smoothed(&self, prior: Smoothing) -> Table {
        let c = &self.counts;
        let rows: [f64; ACTIONS] = [sum(&c[0]), sum(&c[1]), sum(&c[2])];
        let hits = c[0][0] + c[1][1] + c[2][2];
        let accuracy = (hits + prior.votes * prior.accuracy) / (sum(&rows) + prior.votes);
        let miss = (1.0 - accuracy) * 0.5;
        let mut table = [[0.0; ACTIONS]; ACTIONS];
        for (i, row) in table.iter_mut().enumerate() {
            let scale = 1.0 / (rows[i] + prior.rows);
            for (j, cell) in row.iter_mut().enumerate() {
                let symmetric = if i == j { accuracy } else { miss };
                *cell = (c[i][j] + prior.rows * symmetric) * scale;
            }
        }
        table
    }
}

/// Turns `[class][vote]` into `[vote][class]`: the likelihood of every class given one vote.
pub(crate) fn transposed(table: &Table) -> Table {
    let mut out = [[0.0; ACTIONS]; ACTIONS];
    for (i, row) in table.iter().enumerate() {
        for (j, cell) in row.iter().enumerate() {
            out[j][i] = *cell;
        }
    }
    out
}

/// Sum of three, always in the same order.
pub(crate) fn sum(values: &[f64; ACTIONS]) -> f64 {
    values[0] + values[1] + values[2]
}

/// Values scaled to sum to 1; they must be non-negative with a positive sum.
pub(crate) fn normalised(values: &[f64; ACTIONS]) -> [f64; ACTIONS] {
    let scale = 1.0 / sum(values);
    [values[0] * scale, values[1] * scale, values[2] * scale]
}

#[cfg(test)]
mod tests {
    use super::super::config::DeciderConfig;
    use super::*;

    #[test]
    fn an_unknown_expert_is_as_good_as_the_prior_says() {
        let table = Confusion::default().smoothed(DeciderConfig::default().smoothing());
        for (i, row) in table.iter().enumerate() {
            for (j, cell) in row.iter().enumerate() {
                let expected = if i == j { 0.5 } else { 0.25 };
                assert!((cell - expected).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn rows_are_probabilities_and_follow_the_counts() {
        let mut confusion = Confusion::default();
        for _ in 0..1000 {
            confusion.decay(0.998);
            confusion.add_column(Action::Sell, &[1.0, 0.0, 0.0]);
        }
        let table = confusion.smoothed(DeciderConfig::default().smoothing());
        for row in &table {
            assert!((sum(row) - 1.0).abs() < 1e-12);
        }
        assert!(table[0][2] > 0.9, "buy read as sell: {table:?}");
        assert!(
            table[2][2] < 0.05,
            "the miss counts for the other rows too: {table:?}"
        );
    }
}
