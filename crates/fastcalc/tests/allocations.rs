//! A bundle that has run before takes no memory: what its caller gives for the results is all there is.

use fastcalc::indicators::engine::Bundle;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

#[path = "catalogue/bars.rs"]
#[allow(dead_code)]
mod bars;
#[path = "shared/mod.rs"]
mod shared;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const SPEC: &str = "sma(20),ema(20),wma(20),dema(20),tema(20),trix(20),kama(20),trima(20),rsi(14),cmo(14),macd(12,26,9),\
                    bbands(20,2,2),stddev(20),atr(14),adx(14),plus_di(14),stoch(14,3,sma,3,sma),stochrsi(14,5,3,sma),\
                    cci(20),willr(14),aroon(14),sar(0.02,0.2),obv,ad,adosc(3,10),mfi(14),ultosc(7,14,28),roc(10),\
                    linearreg(14),correl(30)";

#[test]
fn a_second_run_of_thirty_indicators_allocates_nothing() {
    let bars = bars::Bars::random(5_000, 3);
    let mut bundle = Bundle::new(SPEC).unwrap();
    let mut out = vec![0.0; bundle.width() * 5_000];
    let mut run = || bundle.run(&bars.candles(), &mut out, || false).unwrap();
    assert!(run());
    let region = Region::new(ALLOCATOR);
    assert!(run());
    let change = region.change();
    assert_eq!((change.allocations, change.reallocations), (0, 0));
}
