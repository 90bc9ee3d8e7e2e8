//! Candles full of patterns, in quarters, so that every sum of them is exact.

use crate::shared::Random;

/// One of the cases, each as often as its weight says.
fn pick(random: &mut Random, cases: &[(f64, f64)]) -> f64 {
    let mut left = random.uniform() * cases.iter().map(|(_, weight)| weight).sum::<f64>();
    for (value, weight) in cases {
        left -= weight;
        if left < 0.0 {
            return *value;
        }
    }
    0.0
}

/// Candles of patterns that chance hardly makes: (open, close, shadow above, shadow below).
const RARE: &[&[(f64, f64, f64, f64)]] = &[
    // Three stars in the south, mat hold, two crows, kicking, upside gap two crows, breakaway.
    &[
        (10.0, 4.0, 0.0, 7.0),
        (6.0, 2.0, 0.5, 3.0),
        (3.0, 2.5, 0.0, 0.0),
    ],
    &[
        (0.0, 8.0, 0.0, 0.0),
        (9.5, 9.0, 0.0, 0.0),
        (8.5, 7.5, 0.0, 0.0),
        (8.0, 7.0, 0.0, 0.0),
        (7.5, 12.0, 0.0, 0.0),
    ],
    &[
        (0.0, 8.0, 0.0, 0.0),
        (11.0, 9.0, 0.0, 0.0),
        (10.0, 4.0, 0.0, 0.0),
    ],
    &[(10.0, 4.0, 0.0, 0.0), (12.0, 18.0, 0.0, 0.0)],
    &[
        (0.0, 8.0, 0.0, 0.0),
        (10.0, 9.5, 0.0, 0.0),
        (11.0, 9.0, 0.0, 0.0),
    ],
    &[
        (20.0, 12.0, 0.0, 0.0),
        (10.0, 8.0, 0.5, 0.5),
        (8.0, 7.0, 0.5, 0.5),
        (7.0, 5.0, 0.5, 0.5),
        (5.0, 11.0, 0.5, 0.5),
    ],
];

/// Open, high, low, close: swings of one direction with pauses, gaps, ties and doji among them.
pub fn pattern_bars(rows: usize, seed: u64) -> [Vec<f64>; 4] {
    let mut random = Random(seed);
    let mut bars: [Vec<f64>; 4] = Default::default();
    let (mut close, mut swing) = (1000.0_f64, 1.0);
    let mut push = |open: f64, end: f64, above: f64, below: f64| {
        let bar = [open, open.max(end) + above, open.min(end) - below, end];
        for (column, value) in bars.iter_mut().zip(bar) {
            column.push(value);
        }
    };
    let mut row = 0;
    while row < rows {
        if random.uniform() < 0.01 {
            let planted = RARE[(random.uniform() * RARE.len() as f64) as usize];
            let mut jitter = || if random.uniform() < 0.1 { 0.25 } else { 0.0 };
            for &(open, end, above, below) in planted {
                push(
                    close + open + jitter(),
                    close + end + jitter(),
                    above + jitter(),
                    below + jitter(),
                );
            }
            row += planted.len();
            continue;
        }
        row += 1;
        if random.uniform() < 0.25 {
            swing = -swing;
        }
        let against = if random.uniform() < 0.2 { -1.0 } else { 1.0 };
        let gap = pick(
            &mut random,
            &[
                (0.0, 4.0),
                (0.25, 2.0),
                (0.75, 1.0),
                (2.0, 1.0),
                (-0.5, 3.0),
            ],
        );
        let body = pick(
            &mut random,
            &[(0.0, 1.0), (0.25, 2.0), (1.0, 3.0), (2.0, 2.0), (5.0, 2.0)],
        );
        // Back to where it came from, lest prices lose their last digits.
        let home = if (close - 1000.0).abs() > 500.0 {
            (1000.0 - close).signum()
        } else {
            0.0
        };
        let open = close + swing * gap + home;
        let end = open + swing * against * body;
        let shadow =
            |random: &mut Random| pick(random, &[(0.0, 5.0), (0.25, 2.0), (1.0, 2.0), (4.0, 1.0)]);
        let (above, below) = (shadow(&mut random), shadow(&mut random));
        close = end;
        push(open, end, above, below);
    }
    for column in &mut bars {
        column.truncate(rows);
    }
    bars
}
