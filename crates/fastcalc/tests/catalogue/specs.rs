//! Specs: what they accept, how columns are headed, what they refuse and how.

use fastcalc::indicators::engine::Bundle;

fn headings(spec: &str) -> Vec<String> {
    let bundle = Bundle::new(spec).unwrap();
    bundle
        .columns()
        .into_iter()
        .map(|column| column.heading)
        .collect()
}

#[test]
fn columns_are_headed_as_the_spec_was_written() {
    let expected = [
        "rsi(14)",
        "macd(12,26,9).macd",
        "macd(12,26,9).macdsignal",
        "macd(12,26,9).macdhist",
        "obv",
    ];
    assert_eq!(headings(" RSI(14), macd( 12,26 ,9),obv"), expected);
}

#[test]
fn parameters_go_by_place_or_name_and_choices_by_name_or_number() {
    let lookback = |spec: &str| Bundle::new(spec).unwrap().lookback();
    assert_eq!(lookback("rsi"), 14);
    assert_eq!(lookback("rsi(period=5)"), 5);
    assert_eq!(lookback("ma(10,4)"), 27);
    assert_eq!(lookback("ma(10,tema)"), 27);
    assert_eq!(lookback("ema(20,seed=first)"), 0);
    assert_eq!(lookback("sma(20,real=high),bbands(30)"), 29);
}

#[test]
fn what_is_wrong_is_named() {
    for (spec, field) in [
        ("", "spec"),
        ("rsi(14),", "spec"),
        ("rsi(14", "spec"),
        ("rsi)14(", "spec"),
        ("rsi((14))", "spec"),
        ("nothing(3)", "spec"),
        ("rsi(14),rsi(14)", "spec"),
        ("rsi(0)", "rsi.period"),
        ("rsi(14.5)", "rsi.period"),
        ("rsi(nan)", "rsi.period"),
        ("rsi(1e9)", "rsi.period"),
        ("rsi(14,0,14)", "rsi"),
        ("rsi(14,period=14)", "rsi.period"),
        ("rsi(length=14)", "rsi"),
        ("sma(3,real=price)", "sma.real"),
        ("atr(3,real=close)", "atr.real"),
        ("ma(3,none)", "ma.matype"),
        ("mavp(30,2)", "mavp.minperiod"),
    ] {
        let error = Bundle::new(spec)
            .err()
            .unwrap_or_else(|| panic!("{spec} was accepted"));
        assert_eq!(error.field, field, "{spec}: {error}");
    }
}
