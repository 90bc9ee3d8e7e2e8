//! Measures the decider on the synthetic streams:
//! `cargo run --release --example decider_streams [SEEDS [FIRST [name=value …]]]`. `ONLY` in the environment picks
//! streams by their names, with commas between, `SIZED` scores every trade at its size, `COSTS` is what the rewards are said to be
//! net of, `DECISIONS` cuts the streams short.

use fastcalc::decider::DeciderConfig;
use fastcalc::simulation::run::{Books, Options, mean, run};
use fastcalc::simulation::stream::{B, Payoff, Settings, Step, generate};

/// Decisions looked at after something changed, those at their end that count as settled, and those averaged over.
const SPAN: usize = 1500;
const SETTLED: usize = 500;
const WINDOW: usize = 50;
/// The beginning, in which the learner must not fall behind.
const EARLY: usize = 1000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| {
        arguments
            .next()
            .map_or(default, |s| s.parse().expect("a number"))
    };
    let (seeds, first) = (number(5), number(1));
    let config = configured(arguments);
    println!(
        "{:15} {:>8} {:>8} {:>8} {:>6} {:>6} {:>9} {:>8} {:>9} {:>9}",
        "",
        "learner",
        "plural",
        "best",
        "H",
        "min H",
        "shortfall",
        "at size",
        "not below",
        "first1000"
    );
    let only = text("ONLY").unwrap_or_default();
    for (name, mut settings, mut options) in cases()
        .into_iter()
        .filter(|case| only.is_empty() || only.split(',').any(|name| name == case.0))
    {
        options.round_trip_bps = text("COSTS").map(|costs| costs.parse().expect("basis points"));
        if let Some(decisions) = text("DECISIONS") {
            settings.decisions = decisions.parse().expect("a number of decisions");
        }
        let mut rows = Vec::new();
        let mut curves = [
            ("bad expert", vec![0.0; SPAN]),
            ("switch", vec![0.0; SPAN]),
            ("newcomer", vec![0.0; SPAN]),
        ];
        for seed in first..first + seeds {
            let steps = generate(&settings, seed);
            let (_, books) =
                run(&steps, &settings, config.clone(), &options).expect("sound settings");
            let at_size = books.shortfall_of(&books.sized);
            let books = if text("SIZED").is_some() {
                books.at_size()
            } else {
                books
            };
            let early = EARLY.min(steps.len());
            rows.push([
                mean(&books.learner),
                mean(&books.plurality),
                mean(&books.best),
                books.headroom(),
                books.shortfall(),
                at_size,
                mean(&books.learner[..early]) - mean(&books.plurality[..early]),
            ]);
            for ((event, curve), places) in curves.iter_mut().zip(events(&steps)) {
                if *event != "newcomer" || settings.newcomer > 0.9 {
                    add(curve, &books, &places);
                }
            }
        }
        if text("CURVE").is_some() {
            for (event, curve) in &curves {
                let places = if *event == "switch" {
                    7.5 * seeds as f64
                } else {
                    seeds as f64
                };
                let steps: Vec<String> = curve
                    .chunks(50)
                    .map(|c| format!("{:.2}", mean(c) / places))
                    .collect();
                println!("{event}: {}", steps.join(" "));
            }
        }
        let column = |i: usize| rows.iter().map(|r| r[i]).collect::<Vec<f64>>();
        let least = |i: usize| column(i).into_iter().fold(f64::INFINITY, f64::min);
        let most = |i: usize| column(i).into_iter().fold(0.0, f64::max);
        let not_below = rows.iter().filter(|row| row[6] >= -1e-9).count();
        let recovered: Vec<String> = curves
            .iter()
            .filter_map(|(event, curve)| recovery(curve).map(|after| format!("{event} {after}")))
            .collect();
        println!(
            "{name:15} {:8.3} {:8.3} {:8.3} {:6.3} {:6.3} {:9.1} {:8.1} {not_below:9} {:9.3}  {}",
            mean(&column(0)),
            mean(&column(1)),
            mean(&column(2)),
            mean(&column(3)),
            least(3),
            most(4),
            most(5),
            least(6),
            recovered.join(", ")
        );
    }
}

fn text(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

/// Where the expert turns bad, where regimes switch (but the first), and where the newcomer joins.
fn events(steps: &[Step]) -> [Vec<usize>; 3] {
    let switches = steps
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(_, step)| step.switched);
    [
        vec![5000],
        switches.map(|(at, _)| at).collect(),
        vec![10_000],
    ]
}

fn add(curve: &mut [f64], books: &Books, places: &[usize]) {
    for &start in places
        .iter()
        .filter(|start| **start + SPAN <= books.best.len())
    {
        for (t, gap) in curve.iter_mut().enumerate() {
            *gap += books.best[start + t] - books.learner[start + t];
        }
    }
}

/// The middle of the decisions in which 80 % of the way from the widest gap to the settled one is made.
fn recovery(curve: &[f64]) -> Option<usize> {
    let (widest, settled) = (mean(&curve[..WINDOW]), mean(&curve[SPAN - SETTLED..]));
    if widest <= settled {
        return None;
    }
    let goal = widest + 0.8 * (settled - widest);
    (WINDOW..=SPAN)
        .find(|end| mean(&curve[end - WINDOW..*end]) <= goal)
        .map(|end| end - WINDOW / 2)
}

fn configured(settings: impl Iterator<Item = String>) -> DeciderConfig {
    let mut config = DeciderConfig::default();
    for setting in settings {
        let (name, value) = setting.split_once('=').expect("name=value");
        let values: Vec<f64> = value
            .split(',')
            .map(|v| v.parse().expect("a number"))
            .collect();
        if name == "discounts" {
            config.discounts = values;
            continue;
        }
        let mut scalars = config.scalars();
        let place = scalars
            .iter_mut()
            .find(|(known, _)| *known == name)
            .expect("a setting");
        place.1 = values[0];
        config = DeciderConfig::from_scalars(config.discounts, scalars.map(|(_, value)| value));
    }
    config
}

fn cases() -> Vec<(&'static str, Settings, Options)> {
    let a = Settings::of(Payoff::ZeroOne);
    let b = Settings::of(B);
    let returns = |sigma, student_t3| Settings::of(Payoff::Returns { sigma, student_t3 });
    let plain = Options::default;
    let bandit = || Options {
        bandit: true,
        ..plain()
    };
    let recurring = Settings {
        regime: (100, 300),
        recurring: 4,
        ..b.clone()
    };
    vec![
        ("B seen", recurring.clone(), plain()),
        (
            "B unseen",
            recurring,
            Options {
                blind: true,
                ..plain()
            },
        ),
        ("A", a.clone(), plain()),
        ("A bandit", a, bandit()),
        ("B", b.clone(), plain()),
        ("B bandit", b.clone(), bandit()),
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
        ("B sigma 100", returns(100.0, false), plain()),
        (
            "B newcomer .98",
            Settings {
                newcomer: 0.98,
                ..b
            },
            plain(),
        ),
    ]
}
