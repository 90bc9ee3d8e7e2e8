import { expect } from 'chai';
import fc from 'fast-check';
import {
  ACTIONS,
  type ByAction,
  evaluateOffPolicy,
  type LoggedReward,
  meanInterval,
  type OffPolicyReport,
} from '#conclave/ml-service/index.js';
import { type Rng, SeededRng } from '#conclave/runtime/index.js';

/** Expected basis points of each action in each of three situations; the policies see the situation. */
const PAYOFF: readonly ByAction[] = [
  { buy: 8, hold: 0, sell: -10 },
  { buy: -9, hold: 0, sell: 6 },
  { buy: -2, hold: 0, sell: -2 },
];
const NOISE_BPS = 20;
const LOGGED: readonly ByAction[] = [
  { buy: 0.6, hold: 0.2, sell: 0.2 },
  { buy: 0.2, hold: 0.6, sell: 0.2 },
  { buy: 0.2, hold: 0.2, sell: 0.6 },
];
const TARGET: readonly ByAction[] = [
  { buy: 0.9, hold: 0.05, sell: 0.05 },
  { buy: 0.05, hold: 0.05, sell: 0.9 },
  { buy: 0, hold: 1, sell: 0 },
];

function valueOfPolicy(policy: readonly ByAction[]): number {
  const sum = (i: number): number =>
    ACTIONS.reduce((total, action) => total + (policy[i]?.[action] ?? 0) * (PAYOFF[i]?.[action] ?? 0), 0);
  return (sum(0) + sum(1) + sum(2)) / 3;
}

function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.uniform())) * Math.cos(2 * Math.PI * rng.uniform());
}

function draw(rng: Rng, probabilities: ByAction): LoggedReward['action'] {
  let left = rng.uniform();
  for (const action of ACTIONS) {
    left -= probabilities[action];
    if (left < 0) return action;
  }
  return 'hold';
}

/** A log whose expectation of the payoffs is off by half: the doubly robust estimate must not need it. */
function log(rng: Rng, count: number): LoggedReward[] {
  return Array.from({ length: count }, () => {
    const situation = rng.integer(3);
    const [payoff, logged, target] = [PAYOFF, LOGGED, TARGET].map((each) => each[situation]) as [
      ByAction,
      ByAction,
      ByAction,
    ];
    const action = draw(rng, logged);
    const noise = NOISE_BPS * normal(rng);
    const rewards = {
      buy: payoff.buy + noise,
      hold: 0,
      sell: payoff.sell - noise,
    };
    return {
      action,
      rewardBps: rewards[action],
      logged,
      target,
      expectedBps: { buy: payoff.buy / 2, hold: 0, sell: payoff.sell / 2 },
      rewardsBps: rewards,
    };
  });
}

describe('Off-policy evaluation', () => {
  const TRUE_VALUE = valueOfPolicy(TARGET);
  const TRUE_GAIN = TRUE_VALUE - valueOfPolicy(LOGGED);

  it('covers the truth with 93 to 97 % of its 95 % intervals', function () {
    this.timeout(60_000);
    const rng = new SeededRng(20_261);
    const runs = 2_000;
    const covered = new Map<string, number>();
    const count = (name: string, { low, high }: { low: number; high: number }, truth: number): void => {
      covered.set(name, (covered.get(name) ?? 0) + (low <= truth && truth <= high ? 1 : 0));
    };
    for (let run = 0; run < runs; run++) {
      const report = evaluateOffPolicy(log(rng, 400));
      for (const name of ['ips', 'snips', 'dr', 'full'] as const) {
        const value = report[name] as NonNullable<OffPolicyReport['full']>;
        count(name, value, TRUE_VALUE);
        count(`${name} difference`, value.difference, TRUE_GAIN);
      }
    }
    for (const [name, hits] of covered) expect(hits / runs, name).to.be.within(0.93, 0.97);
  });

  it('is sharper with an expectation than without, and sharpest with all payoffs', () => {
    const report = evaluateOffPolicy(log(new SeededRng(5), 20_000));
    expect(report.dr.standardError).to.be.below(report.ips.standardError);
    expect(report.full?.standardError).to.be.below(report.dr.standardError);
  });

  it('gives a policy judged on its own log its mean reward, every decision counting fully', () => {
    const own = log(new SeededRng(6), 500).map((each) => ({ ...each, target: each.logged }));
    const { acting, ips, snips, dr, effectiveSampleSize, largestWeight, unsupported } =
      evaluateOffPolicy(own);
    for (const value of [ips, snips]) {
      expect(value.mean).to.be.closeTo(acting.mean, 1e-9);
      expect(value.difference.standardError).to.be.closeTo(0, 1e-9);
    }
    expect(dr.low).to.be.below(acting.mean).and.to.be.below(dr.high);
    expect(effectiveSampleSize).to.be.closeTo(500, 1e-9);
    expect(largestWeight).to.equal(1);
    expect(unsupported).to.equal(0);
  });

  it('says how much of the policy the log never tried', () => {
    const sure: ByAction = { buy: 0, hold: 1, sell: 0 };
    const { unsupported, effectiveSampleSize } = evaluateOffPolicy(
      log(new SeededRng(7), 50).map((each) => ({
        ...each,
        action: 'hold' as const,
        rewardBps: 0,
        logged: sure,
        target: { buy: 0.25, hold: 0.5, sell: 0.25 },
      })),
    );
    expect(unsupported).to.be.closeTo(0.5, 1e-12);
    expect(effectiveSampleSize).to.be.closeTo(50, 1e-9);
  });

  it('leaves out the payoffs of all actions when one outcome lacks them', () => {
    const rewards = log(new SeededRng(8), 10);
    expect(
      evaluateOffPolicy(rewards.map((each, i) => (i === 3 ? { ...each, rewardsBps: undefined } : each))),
    ).to.not.have.property('full');
  });
});

describe('A mean and its interval', () => {
  it('is the textbook one for unrelated terms', () => {
    const { mean, standardError, low, high } = meanInterval(Float64Array.of(1, 2, 3, 4), 0);
    expect(mean).to.equal(2.5);
    expect(standardError).to.be.closeTo(Math.sqrt(5 / 3 / 4), 1e-12);
    expect(high - mean).to.be.closeTo(1.959963984540054 * standardError, 1e-12);
    expect(mean - low).to.be.closeTo(high - mean, 1e-12);
  });

  it('widens where neighbours are alike', () => {
    const rng = new SeededRng(9);
    const pairs = new Float64Array(4_000);
    for (let i = 0; i < pairs.length; i += 4) pairs.fill(normal(rng), i, i + 4);
    const ratio = meanInterval(pairs).standardError / meanInterval(pairs, 0).standardError;
    expect(ratio).to.be.within(1.6, 2.2);
  });

  it('moves and scales with its terms', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 2, maxLength: 60 }), number, (values, shift) => {
        const plain = meanInterval(Float64Array.from(values));
        const moved = meanInterval(Float64Array.from(values, (value) => 2 * value + shift));
        expect(moved.mean).to.be.closeTo(2 * plain.mean + shift, 1e-6);
        expect(moved.standardError).to.be.closeTo(2 * plain.standardError, 1e-2);
      }),
    );
  });

  it('has no width to give for one term', () => {
    expect(meanInterval(Float64Array.of(3))).to.deep.equal({
      mean: 3,
      standardError: Number.NaN,
      low: Number.NaN,
      high: Number.NaN,
    });
  });
});
