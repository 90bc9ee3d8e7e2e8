import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Abstained,
  AnomalyExpert,
  type Book,
  type MarketQuestion,
  type Opinion,
  OrderFlowExpert,
  RegimeExpert,
  topAction,
} from '#conclave/ml-service/index.js';
import { candlesOf, firstRows, MINUTE_MS, questionOf, START_MS } from '../../support/market.js';

type Experts = AnomalyExpert | OrderFlowExpert | RegimeExpert;

/** What an expert thinks of a question; none of them looks at anything else. */
function ask(expert: Experts, question: MarketQuestion): Opinion | Abstained {
  return expert.vote(question);
}

function opinionOf(expert: Experts, question: MarketQuestion): Opinion {
  const answer = ask(expert, question);
  if ('abstain' in answer) throw new Error(`abstained: ${answer.abstain}`);
  return answer;
}

const EXPERTS: readonly [string, Experts][] = [
  ['order_flow', new OrderFlowExpert()],
  ['regime', new RegimeExpert()],
  ['anomaly', new AnomalyExpert()],
];

function bookOf(bidSize: number, askSize: number, more: Partial<Book> = {}): Book {
  return {
    timeMs: START_MS + 256 * MINUTE_MS,
    bidPrice: Float64Array.of(99.99, 99.98),
    bidSize: Float64Array.of(bidSize, bidSize),
    askPrice: Float64Array.of(100.01, 100.02),
    askSize: Float64Array.of(askSize, askSize),
    ...more,
  };
}

for (const [name, expert] of EXPERTS) {
  describe(`the ${name} expert`, () => {
    it('gives probabilities, a confidence within 0 and 1, and finite evidence on any walk', () => {
      const walk = fc.record({
        bars: fc.integer({ min: 1, max: 300 }),
        seed: fc.integer({ min: 0, max: 1e6 }),
        sigmaBps: fc.constantFrom(0, 0.001, 1, 20, 500),
        driftBps: fc.constantFrom(-20, 0, 20),
      });
      fc.assert(
        fc.property(walk, (options) => {
          const answer = ask(expert, questionOf(options));
          for (const value of Object.values(answer.evidence ?? {}))
            expect(Number.isFinite(value)).to.equal(true);
          if ('abstain' in answer) {
            expect(answer.abstain).to.match(/\S/);
            return;
          }
          const { buy, hold, sell } = answer.probabilities;
          expect(buy + hold + sell).to.be.closeTo(1, 1e-9);
          for (const p of [buy, hold, sell, answer.confidence]) expect(p).to.be.within(0, 1);
        }),
        { numRuns: 60 },
      );
    });

    it('votes the same on the same rows, whatever it was asked before', () => {
      const question = questionOf({ seed: 11 });
      const first = ask(expert, question);
      ask(expert, questionOf({ seed: 12, sigmaBps: 200 }));
      expect(ask(expert, questionOf({ seed: 11 }))).to.deep.equal(first);
    });

    it('does not change a vote when later rows arrive', () => {
      const all = candlesOf({ bars: 300, seed: 5 });
      const early = questionOf({}, { candles: firstRows(all, 200) });
      const before = ask(expert, early);
      // It sees the later rows in between, and is asked about the early ones once more.
      ask(expert, questionOf({}, { candles: all }));
      expect(ask(expert, early)).to.deep.equal(before);
    });

    it('abstains with a reason on a single candle', () => {
      expect(ask(expert, questionOf({ bars: 1 }))).to.have.property('abstain');
    });

    it('does not change the rows it was given', () => {
      const question = questionOf({ seed: 9 });
      const copy = Float64Array.from(question.candles.close);
      ask(expert, question);
      expect(question.candles.close).to.deep.equal(copy);
    });
  });
}

describe('the order_flow expert on real flow', () => {
  const expert = new OrderFlowExpert();

  it('leans to the side on which the book is deep and takers press', () => {
    const pressed = (bid: number, ask: number, side: number) =>
      opinionOf(
        expert,
        questionOf(
          {},
          {
            book: bookOf(bid, ask),
            trades: {
              timeMs: Float64Array.of(1, 2),
              price: Float64Array.of(100, 100),
              size: Float64Array.of(5, 5),
              side: Float64Array.of(side, side),
            },
          },
        ),
      );
    const buying = pressed(90, 10, 1);
    const selling = pressed(10, 90, -1);
    expect(topAction(buying.probabilities)).to.equal('buy');
    expect(buying.label).to.equal('buy_pressure');
    expect(topAction(selling.probabilities)).to.equal('sell');
    expect(selling.label).to.equal('sell_pressure');
  });

  it('is less confident where it has candles alone', () => {
    const withFlow = opinionOf(expert, questionOf({ driftBps: 15 }, { book: bookOf(90, 10) }));
    const withCandles = opinionOf(expert, questionOf({ driftBps: 15 }));
    expect(withCandles.confidence).to.be.below(withFlow.confidence);
    expect(withCandles.evidence).to.not.have.property('bookImbalance');
  });

  it('abstains when nothing was traded and no book was given', () => {
    const question = questionOf();
    question.candles.volume.fill(0);
    expect(ask(expert, question)).to.have.property('abstain');
  });
});

describe('the regime expert', () => {
  const expert = new RegimeExpert();

  it('tells a calm market from a volatile one', () => {
    const question = questionOf({ bars: 400, sigmaBps: 5, seed: 2 });
    const wild = candlesOf({ bars: 400, sigmaBps: 80, seed: 3 });
    expect(opinionOf(expert, question).label).to.not.match(/volatile/);
    // The last sixty bars of an otherwise calm market move as the wild one does.
    const { close, open, high, low } = question.candles;
    for (let bar = 340; bar < 400; bar++) {
      const before = close[bar - 1] as number;
      open[bar] = before;
      close[bar] = before * ((wild.close[bar] as number) / (wild.close[bar - 1] as number));
      high[bar] = Math.max(open[bar] as number, close[bar] as number);
      low[bar] = Math.min(open[bar] as number, close[bar] as number);
    }
    expect(opinionOf(expert, question).label).to.match(/volatile/);
  });

  it('leans with a steady drift', () => {
    const up = opinionOf(expert, questionOf({ driftBps: 8, sigmaBps: 6, seed: 4 }));
    const down = opinionOf(expert, questionOf({ driftBps: -8, sigmaBps: 6, seed: 4 }));
    expect(up.evidence['lean']).to.be.above(0.2);
    expect(down.evidence['lean']).to.be.below(-0.2);
  });

  it('abstains where the price never moved', () => {
    expect(ask(expert, questionOf({ sigmaBps: 0 }))).to.have.property('abstain');
  });
});

describe('the anomaly expert', () => {
  const expert = new AnomalyExpert();
  const kinds = (answer: Opinion | Abstained) =>
    (answer.alerts ?? []).map(({ kind, severity }) => `${kind} ${severity}`);

  function spiked(change: (question: MarketQuestion, last: number) => void): MarketQuestion {
    const question = questionOf({ seed: 17 });
    change(question, question.candles.close.length - 1);
    return question;
  }

  it('is silent on an ordinary walk', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { alerts = [] } = opinionOf(expert, questionOf({ seed }));
      expect(alerts.filter(({ severity }) => severity !== 'info')).to.deep.equal([]);
    }
  });

  it('calls a crash critical and leans against it', () => {
    const answer = opinionOf(
      expert,
      spiked(({ candles }, last) => {
        candles.close[last] = (candles.close[last] as number) * 0.9;
        candles.low[last] = candles.close[last] as number;
      }),
    );
    expect(kinds(answer)).to.include('flash_move critical');
    expect(answer.label).to.equal('flash_move');
    expect(topAction(answer.probabilities)).to.equal('buy');
  });

  it('still sees a second crash when the first one is in its reference', () => {
    const question = spiked(({ candles }, last) => {
      for (const bar of [last - 10, last]) {
        candles.close[bar] = (candles.close[bar] as number) * 0.9;
        candles.low[bar] = candles.close[bar] as number;
      }
    });
    expect(kinds(opinionOf(expert, question))).to.include('flash_move critical');
  });

  it('warns of a burst of volume and of a wide range without stopping trade', () => {
    const burst = spiked(({ candles }, last) => {
      candles.volume[last] = 1e6;
      candles.high[last] = (candles.high[last] as number) * 1.05;
    });
    expect(kinds(opinionOf(expert, burst))).to.include.members([
      'volume_burst warning',
      'wide_range warning',
    ]);
  });

  it('calls a crossed book and a blown-out spread critical', () => {
    const crossed = questionOf({}, { book: bookOf(1, 1, { bidPrice: Float64Array.of(100.02, 99) }) });
    expect(kinds(opinionOf(expert, crossed))).to.include('crossed_book critical');
    const wide = questionOf(
      {},
      { book: bookOf(1, 1, { bidPrice: Float64Array.of(97, 96), askPrice: Float64Array.of(103, 104) }) },
    );
    expect(kinds(opinionOf(expert, wide))).to.include('spread_blowout critical');
  });

  it('notices missing time, standing still, and a book that lags', () => {
    const gap = spiked(({ candles }, last) => {
      candles.timeMs[last] = (candles.timeMs[last] as number) + 60 * MINUTE_MS;
    });
    expect(kinds(opinionOf(expert, gap))).to.include('data_gap critical');

    const still = spiked(({ candles }, last) => {
      for (let bar = last - 30; bar <= last; bar++) {
        const price = candles.close[last - 31] as number;
        for (const column of [candles.open, candles.high, candles.low, candles.close]) column[bar] = price;
        candles.volume[bar] = 0;
      }
    });
    expect(kinds(opinionOf(expert, still))).to.include('stale_candles critical');

    const lagging = questionOf({}, { book: bookOf(1, 1, { timeMs: START_MS + 200 * MINUTE_MS }) });
    expect(kinds(opinionOf(expert, lagging))).to.include('stale_book critical');
  });

  it('is not disturbed by weekends it has seen before', () => {
    const question = questionOf({ bars: 256, seed: 1 }, { timeframe: '1d' });
    const { timeMs } = question.candles;
    for (let bar = 0, time = START_MS; bar < timeMs.length; bar++) {
      timeMs[bar] = time;
      time += (bar % 5 === 4 ? 3 : 1) * 86_400_000;
    }
    expect(kinds(opinionOf(expert, question)).filter((kind) => kind.startsWith('data_gap'))).to.deep.equal(
      [],
    );
  });
});
