import { expect } from 'chai';
import {
  MarketSimulator,
  type MarketSimulatorOptions,
  type SimulatedRegime,
} from '#conclave/market-data/index.js';
import { ServiceError } from '#conclave/runtime/index.js';

const make = (options: Partial<MarketSimulatorOptions>) => () => new MarketSimulator({ seed: 1, ...options });
const REGIME: SimulatedRegime = { name: 'a', driftBps: 0, volatilityBps: 10, meanBars: 5 };

describe('options of the simulator', () => {
  const wrong: readonly (readonly [Partial<MarketSimulatorOptions>, string])[] = [
    [{ seed: 1.5 }, 'seed: 1.5; must be an integer'],
    [{ symbol: 'a b' }, 'symbol: "a b"; must be 1 to 64 letters'],
    [{ startMs: 0.5 }, 'startMs: 0.5; must be an integer'],
    [{ barMs: 0 }, 'barMs: 0; must be an integer from 1'],
    [{ startPrice: 0 }, 'startPrice: 0; must be a number from 0.000001 to 1000000000'],
    [{ startPrice: Number.NaN }, 'startPrice: NaN'],
    [{ anomalyRate: 1.1 }, 'anomalyRate: 1.1; must be a number from 0 to 1'],
    [{ anomalyKinds: ['gap', 'meteor' as 'gap'] }, 'anomalyKinds[1]: "meteor"; must be one of flash_crash'],
    [{ flowPredictive: 0.7 }, 'flowPredictive: 0.7'],
    [{ flowPredictive: 0.6, flowContemporaneous: 0.9 }, 'flowPredictive: 0.6; must be small enough'],
    [{ flowContemporaneous: 1 }, 'flowContemporaneous: 1'],
    [{ bookPredictive: -0.7 }, 'bookPredictive: -0.7'],
    [{ spreadBps: 0 }, 'spreadBps: 0'],
    [{ levels: 51 }, 'levels: 51; must be an integer from 1 to 50'],
    [{ depth: 0 }, 'depth: 0'],
    [{ tradesPerBar: 0 }, 'tradesPerBar: 0'],
    [{ tradeSize: Number.POSITIVE_INFINITY }, 'tradeSize: Infinity'],
    [{ regimes: [] }, 'regimes: an array of 0; must be at least one regime'],
    [{ regimes: [REGIME, REGIME] }, 'regimes[1].name: "a"; must be a name that no other regime has'],
    [{ regimes: [{ ...REGIME, name: '' }] }, 'regimes[0].name: ""'],
    [{ regimes: [{ ...REGIME, volatilityBps: 0 }] }, 'regimes[0].volatilityBps: 0'],
    [{ regimes: [{ ...REGIME, driftBps: -1e9 }] }, 'regimes[0].driftBps: -1000000000'],
    [{ regimes: [{ ...REGIME, meanBars: 0.5 }] }, 'regimes[0].meanBars: 0.5'],
    [{ regimes: [{ ...REGIME, weight: -1 }] }, 'regimes[0].weight: -1'],
    [{ regimes: [{ ...REGIME, activity: 0 }] }, 'regimes[0].activity: 0'],
    [{ regimes: [{ ...REGIME, spreadMultiple: 0 }] }, 'regimes[0].spreadMultiple: 0'],
  ];

  for (const [options, message] of wrong)
    it(`refuse ${message.split(';')[0]}`, () => {
      expect(make(options)).to.throw(ServiceError, message);
    });

  it('stay in the only regime there is, and in one that no weight leads out of', () => {
    const alone = make({ regimes: [{ ...REGIME, meanBars: 1 }] })().run(20);
    expect(new Set(alone.bars.map(({ truth }) => truth.regime))).to.deep.equal(new Set(['a']));
    const trap = [
      { ...REGIME, meanBars: 1 },
      { ...REGIME, name: 'b', weight: 0 },
    ];
    expect(
      new Set(
        make({ regimes: trap })()
          .run(20)
          .bars.map(({ truth }) => truth.regime),
      ),
    ).to.have.property('size', 1);
  });

  it('move between regimes in proportion to their weights', () => {
    const regimes = [
      { ...REGIME, meanBars: 1 },
      { ...REGIME, name: 'b', meanBars: 1, weight: 3 },
      { ...REGIME, name: 'c', meanBars: 1, weight: 1 },
    ];
    const { bars } = make({ regimes, tradesPerBar: 1, anomalyRate: 0 })().run(8000);
    const after = bars.filter((_, i) => bars[i - 1]?.truth.regime === 'a').map(({ truth }) => truth.regime);
    expect(after.filter((name) => name === 'b').length / after.length).to.be.closeTo(0.75, 0.04);
    expect(after).to.not.include('a');
  });
});
