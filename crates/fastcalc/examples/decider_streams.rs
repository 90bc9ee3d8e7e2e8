//! Measures the decider on the synthetic streams: `cargo run --release --example decider_streams`.

use fastcalc::decider::DeciderConfig;
use fastcalc::simulation::run::{Options, mean, run};
use fastcalc::simulation::stream::{B, Payoff, Settings, generate};

fn main() {
    let seeds: u64 = std::env::args()
        .nth(1)
        .and_then(|s| s.parse().ok())
        .unwrap_or(5);
    let mut config = DeciderConfig::default();
    for setting in std::env::args().skip(2) {
        let (name, value) = setting.split_once('=').expect("name=value");
        let values: Vec<f64> = value
            .split(',')
            .map(|v| v.parse().expect("a number"))
            .collect();
        match name {
            "discounts" => config.discounts = values,
            _ => {
                let field = match name {
                    "realised" => &mut config.realised_discount,
                    "share" => &mut config.share_rate,
                    "linear" => &mut config.linear_prior,
                    "accuracy" => &mut config.prior_accuracy,
                    "votes" => &mut config.prior_votes,
                    "row" => &mut config.row_shrinkage,
                    "plurality" => &mut config.plurality_discount,
                    "reward" => &mut config.reward_discount,
                    "shrink" => &mut config.reward_shrinkage,
                    "signal" => &mut config.prior_signal,
                    "winsor" => &mut config.winsor_sigmas,
                    other => panic!("no setting {other}"),
                };
                *field = values[0];
            }
        }
    }
    let a = Settings::of(Payoff::ZeroOne);
    let b = Settings::of(B);
    let returns = |sigma, student_t3| Settings::of(Payoff::Returns { sigma, student_t3 });
    let plain = Options::default;
    let cases = [
        ("A", a.clone(), plain()),
        (
            "A bandit",
            a,
            Options {
                bandit: true,
                ..plain()
            },
        ),
        ("B", b.clone(), plain()),
        (
            "B bandit",
            b.clone(),
            Options {
                bandit: true,
                ..plain()
            },
        ),
        (
            "B delay 200",
            b.clone(),
            Options {
                delay: 200,
                ..plain()
            },
        ),
        (
            "B missing .4",
            b.clone(),
            Options {
                missing: 0.4,
                ..plain()
            },
        ),
        ("B t3", returns(30.0, true), plain()),
        ("B sigma 100", returns(100.0, false), plain()),
        (
            "B every 40",
            Settings {
                regime: (40, 40),
                ..b.clone()
            },
            plain(),
        ),
        (
            "B herding .8",
            Settings {
                herding: 0.8,
                ..b.clone()
            },
            plain(),
        ),
        (
            "B newcomer .98",
            Settings {
                newcomer: 0.98,
                ..b
            },
            plain(),
        ),
    ];
    println!(
        "{:15} {:>8} {:>8} {:>8} {:>7} {:>7} {:>9} {:>9}",
        "", "learner", "plural", "best", "H", "min H", "shortfall", "first1000"
    );
    let only = std::env::var("ONLY").unwrap_or_default();
    for (name, settings, options) in cases.into_iter().filter(|case| case.0.contains(&only)) {
        let mut rows = Vec::new();
        let mut early = f64::INFINITY;
        for seed in 0..seeds {
            let steps = generate(&settings, seed + 1);
            let (_, books) =
                run(&steps, &settings, config.clone(), &options).expect("sound settings");
            let books = if std::env::var("SIZED").is_ok() {
                books.at_size()
            } else {
                books
            };
            rows.push([
                mean(&books.learner),
                mean(&books.plurality),
                mean(&books.best),
                books.headroom(),
                books.shortfall(),
            ]);
            early = early.min(mean(&books.learner[..1000]) - mean(&books.plurality[..1000]));
        }
        let column = |i: usize| rows.iter().map(|r| r[i]).collect::<Vec<f64>>();
        let min = column(3).into_iter().fold(f64::INFINITY, f64::min);
        let worst = column(4).into_iter().fold(0.0, f64::max);
        println!(
            "{name:15} {:8.3} {:8.3} {:8.3} {:7.3} {min:7.3} {worst:9.1} {early:9.3}",
            mean(&column(0)),
            mean(&column(1)),
            mean(&column(2)),
            mean(&column(3))
        );
    }
}
