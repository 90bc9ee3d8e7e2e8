import { expect } from 'chai';
import { tallyOf } from '#conclave/ml-service/committee/index.js';
import {
  comparePolicy,
  DeciderService,
  evaluatePolicy,
  type Journal,
  openJournal,
  type PolicyDifference,
  policySettings,
  replay,
  TradeFeedback,
} from '#conclave/ml-service/index.js';
import { type Rng, SeededRng, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { type Lean, questionOf, voteOf } from '../../support/market.js';
import { removeFolder, temporaryFolder } from '../../support/service-process.js';
import { thrownBy } from '../../support/thrown.js';

const COSTS = { feeBps: 0, spreadBps: 2, slippageBps: 0 };
const QUESTION = questionOf({ bars: 3 });
const LEANS: readonly Lean[] = ['buy', 'hold', 'sell'];
const ACCURACY = [0.7, 0.5, 0.45];

/** Votes that are right as often as their expert is, and what each action then earns. */
function situation(rng: Rng): { votes: Lean[]; rewardsBps: { buy: number; hold: number; sell: number } } {
  const direction = rng.integer(3) - 1;
  const right = LEANS[1 - direction] as Lean;
  const votes = ACCURACY.map((accuracy) =>
    rng.uniform() < accuracy ? right : (LEANS[rng.integer(3)] as Lean),
  );
  const move = 12 * direction + 10 * (rng.uniform() + rng.uniform() - 1);
  return { votes, rewardsBps: { buy: move - 2, hold: 0, sell: -move - 2 } };
}

describe('A policy judged on the journal of another', () => {
  let dataDir: string;
  let journal: Journal;

  before(async function () {
    this.timeout(60_000);
    dataDir = temporaryFolder();
    const clock = new SystemClock();
    const logger = silentLogger();
    journal = await openJournal({ dataDir, clock, logger });
    const service = await DeciderService.open({
      journal,
      clock,
      logger,
      exploration: { rate: 0.4, seed: 3 },
      defaultCosts: COSTS,
      checkpointEvery: 1_000,
    });
    const rng = new SeededRng(12);
    for (let i = 0; i < 800; i++) {
      const { votes, rewardsBps } = situation(rng);
      const tally = tallyOf(
        QUESTION,
        votes.map((action, k) => ({ expert: `expert_${k}`, vote: voteOf(`expert_${k}`, action) })),
      );
      const { decisionId, action } = await service.decide(tally);
      if (i % 50 === 49) continue;
      const feedback = Object.assign(new TradeFeedback(), {
        decisionId,
        feedbackKind: 'full',
        realisedBps: rewardsBps[action],
        rewardsBps,
        takenAction: action,
      });
      await service.learn(feedback, undefined);
    }
    await service.close();
  });

  after(async () => {
    await journal.close();
    removeFolder(dataDir);
  });

  it('finds that not exploring would have earned more, as all payoffs say', () => {
    const report = evaluatePolicy(journal, policySettings({ version: 1 }));
    expect(report).to.include({ decisions: 800, count: 784, unsupported: 0 });
    expect(report.leftOut).to.deep.equal({ noOutcome: 16, otherAction: 0, warmUp: 0 });
    const truth = report.full?.mean as number;
    for (const value of [report.ips, report.snips, report.dr]) {
      expect(truth).to.be.within(value.mean - 4 * value.standardError, value.mean + 4 * value.standardError);
    }
    expect(report.full?.difference.low).to.be.above(0);
    expect(report.effectiveSampleSize).to.be.within(300, 784);
  });

  it('judges the policy that acted as it was', () => {
    const own = policySettings({ version: 1, explorationRate: 0.4, seed: 3 });
    const { acting, ips, largestWeight } = evaluatePolicy(journal, own);
    expect(largestWeight).to.equal(1);
    expect(ips.mean).to.be.closeTo(acting.mean, 1e-9);
  });

  it('leaves the warm-up out, though it is learned from', () => {
    const settings = policySettings({ version: 1 });
    const all: number[] = [];
    const late = evaluatePolicy(journal, settings, { fromSeq: 801, onProgress: (seq) => all.push(seq) });
    expect(late.leftOut.warmUp).to.be.within(300, 500);
    expect(late.count + late.leftOut.warmUp).to.be.within(780, 800);
    expect(all).to.have.lengthOf(journal.lastSeq);
  });

  it('replays to the logged hash when it is the policy that acted, and names what differs when not', () => {
    const differences: PolicyDifference[] = [];
    const keep = (difference: PolicyDifference): number => differences.push(difference);
    const own = policySettings({ version: 1, explorationRate: 0.4, seed: 3 });
    expect(comparePolicy(journal, own, keep)).to.include({
      decisions: 800,
      otherAction: 0,
      otherSize: 0,
      stateHash: replay(journal).stateHash,
    });
    expect(differences).to.deep.equal([]);

    const greedy = comparePolicy(journal, policySettings({ version: 1 }), keep);
    expect(differences).to.have.lengthOf(greedy.otherAction + greedy.otherSize);
    expect(greedy.otherAction).to.be.within(100, 320);
    const [first] = differences;
    expect(first?.was.action).to.not.equal(undefined);
    expect(journal.findBySubject('decision', first?.decisionId as string)?.seq).to.equal(first?.seq);
  });

  it('refuses a journal without one usable decision', async () => {
    const empty = temporaryFolder();
    const fresh = await openJournal({ dataDir: empty, clock: new SystemClock(), logger: silentLogger() });
    const error = thrownBy(() => evaluatePolicy(fresh, policySettings({ version: 1 })));
    expect(error).to.include({ code: 'FAILED_PRECONDITION' });
    await fresh.close();
    removeFolder(empty);
  });
});

describe('A policy file', () => {
  const BAD: readonly [unknown, string][] = [
    [null, 'policy'],
    [[], 'policy'],
    [{}, 'policy.version'],
    [{ version: 2 }, 'policy.version'],
    [{ version: 1, speed: 3 }, 'policy.speed'],
    [{ version: 1, explorationRate: 1.5 }, 'policy.explorationRate'],
    [{ version: 1, explorationRate: '0.1' }, 'policy.explorationRate'],
    [{ version: 1, roundTripBps: -1 }, 'policy.roundTripBps'],
    [{ version: 1, seed: 0.5 }, 'policy.seed'],
    [{ version: 1, decider: [] }, 'policy.decider'],
  ];
  for (const [content, field] of BAD) {
    it(`is refused by its field: ${JSON.stringify(content)}`, () => {
      expect(thrownBy(() => policySettings(content))).to.include({ code: 'INVALID_ARGUMENT', field });
    });
  }

  it('is refused when the decider refuses a setting', () => {
    expect(thrownBy(() => policySettings({ version: 1, decider: { fastRidgeDiscount: 7 } }))).to.include({
      code: 'INVALID_ARGUMENT',
    });
  });
});
