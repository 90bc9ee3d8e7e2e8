import { expect } from 'chai';
import type { ResponseOf } from '#conclave/clients/index.js';
import {
  type Abstained,
  ExpertHandler,
  type MarketQuestion,
  type Opinion,
  openJournal,
  probabilitiesOfLean,
  replay,
} from '#conclave/ml-service/index.js';
import { ServiceError, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { type LocalCommittee, openCommittee } from '../support/committee.js';
import { questionOf } from '../support/market.js';
import { plainQuestion } from '../support/plain.js';
import { removeFolder, temporaryFolder } from '../support/service-process.js';

type Question = Parameters<LocalCommittee['client']['predict']>[0];
type Decision = ResponseOf<'voting.predict'>;

const asked = (seed: number): Question =>
  plainQuestion(questionOf({ bars: 80, seed })) as unknown as Question;

/** An expert that does what a test wants of it. */
class Scripted extends ExpertHandler {
  readonly version = '1.0.0';

  constructor(
    readonly expert: string,
    private readonly answer: (question: MarketQuestion) => unknown,
  ) {
    super();
  }

  vote(question: MarketQuestion): Opinion | Abstained {
    return this.answer(question) as Opinion;
  }
}

const opinion = (lean: number, more: Partial<Opinion> = {}): Opinion => ({
  probabilities: probabilitiesOfLean(lean),
  confidence: 0.5,
  label: 'scripted',
  evidence: {},
  ...more,
});

function reasonsOf(decision: Decision): Record<string, string> {
  return Object.fromEntries(decision.tally.abstentions.map(({ expert, reason }) => [expert, reason]));
}

function tradeOf(decision: Decision, returnBps: number) {
  const traded = decision.action !== 'hold';
  return {
    decisionId: decision.decisionId,
    side: traded ? (decision.action as 'buy' | 'sell') : ('none' as const),
    quantity: traded ? 1 : 0,
    entryPrice: 100,
    exitPrice: 100 * (1 + returnBps / 1e4),
    entryTimeMs: decision.asOfMs,
    exitTimeMs: decision.asOfMs + 60_000,
    feesPaid: 0,
  };
}

describe('the committee', function () {
  this.timeout(30_000);
  let dataDir: string;
  let committee: LocalCommittee | undefined;

  beforeEach(() => {
    dataDir = temporaryFolder();
  });

  afterEach(async () => {
    await committee?.close();
    committee = undefined;
    removeFolder(dataDir);
  });

  async function open(
    experts: readonly ExpertHandler[] = [],
    flags: readonly string[] = [],
  ): Promise<LocalCommittee> {
    committee = await openCommittee(dataDir, { experts, flags });
    return committee;
  }

  it('counts an expert that throws, hangs, or answers nonsense as absent, says why, and decides in time', async () => {
    const { client } = await open(
      [
        new Scripted('thrower', () => {
          throw new Error('division by cucumber');
        }),
        new Scripted('refuser', () => {
          throw new ServiceError('FAILED_PRECONDITION', 'not warmed up');
        }),
        new Scripted('hanger', () => new Promise(() => undefined)),
        new Scripted('half', () => opinion(0, { probabilities: { buy: 0.9, hold: 0.9, sell: 0.9 } })),
        new Scripted('nan', () => opinion(0, { confidence: Number.NaN })),
        new Scripted('nothing', () => undefined),
        new Scripted('number', () => 7),
        new Scripted('evidence', () => opinion(0, { evidence: { depth: Number.POSITIVE_INFINITY } })),
      ],
      ['--expert-timeout-ms', '150'],
    );
    const startMs = performance.now();
    const decision = await client.predict(asked(1));
    expect(performance.now() - startMs).to.be.below(2_000);
    expect(decision.tally.votes.map(({ expert }) => expert)).to.deep.equal([
      'anomaly',
      'order_flow',
      'regime',
    ]);
    const reasons = reasonsOf(decision);
    expect(Object.keys(reasons).sort()).to.deep.equal(
      ['evidence', 'half', 'hanger', 'nan', 'nothing', 'number', 'refuser', 'thrower'].sort(),
    );
    expect(reasons['hanger']).to.match(/^DEADLINE_EXCEEDED/);
    expect(reasons['refuser']).to.equal('FAILED_PRECONDITION: not warmed up');
    expect(reasons['half']).to.match(/probabilities/);
    expect(reasons['nan']).to.match(/confidence/);
    const failing = (await client.experts())
      .filter(({ state }) => state === 'failing')
      .map(({ expert }) => expert);
    expect(failing).to.include.members(['thrower', 'hanger', 'half']);
  });

  it('still decides by the deadline of the request when experts use up their time', async () => {
    const { client } = await open(
      [new Scripted('hanger', () => new Promise(() => undefined))],
      ['--expert-timeout-ms', '60000'],
    );
    const decision = await client.predict(asked(2), { timeoutMs: 600 });
    expect(reasonsOf(decision)['hanger']).to.match(/^DEADLINE_EXCEEDED/);
  });

  it('takes an abstention with its reason for what it is', async () => {
    const { client } = await open([new Scripted('shy', () => ({ abstain: 'market closed' }))]);
    expect(reasonsOf(await client.predict(asked(3)))).to.deep.equal({ shy: 'market closed' });
  });

  it('decides exactly as the plurality until the first outcome', async () => {
    const { client } = await open([
      new Scripted('bull_one', () => opinion(0.9)),
      new Scripted('bull_two', () => opinion(0.9)),
      new Scripted('bull_three', () => opinion(0.9)),
      new Scripted('bull_four', () => opinion(0.9)),
    ]);
    for (let seed = 0; seed < 10; seed++) {
      const { action, tally, override } = await client.predict(asked(seed));
      expect(override?.action ?? action).to.equal(tally.plurality);
      if (!override) expect(tally.plurality).to.equal('buy');
    }
  });

  it('learns whom to follow, and gives the right one more weight and a better hit rate', async () => {
    const { client } = await open([
      new Scripted('oracle', ({ horizonBars }) => opinion(horizonBars === 2 ? 0.9 : -0.9)),
      new Scripted('contrarian', ({ horizonBars }) => opinion(horizonBars === 2 ? -0.9 : 0.9)),
    ]);
    // The one bit the oracle sees: the horizon tells whether the market will rise.
    for (let round = 0; round < 150; round++) {
      const rises = (round * 7) % 5 < 2;
      const decision = await client.predict({ ...asked(round), horizonBars: rises ? 2 : 1 });
      await client.reportTrade(tradeOf(decision, rises ? 30 : -30));
    }
    const up = await client.predict({ ...asked(500), horizonBars: 2 });
    expect(up.override?.action ?? up.action).to.equal('buy');
    const down = await client.predict({ ...asked(501), horizonBars: 1 });
    expect(down.override?.action ?? down.action).to.equal('sell');
    const { experts } = await client.status();
    const slot = (id: string) => experts.find(({ expert }) => expert === id);
    expect(slot('oracle')?.hitRate).to.equal(1);
    expect(slot('contrarian')?.hitRate).to.equal(0);
    expect(slot('oracle')?.weight ?? 0).to.be.above(slot('anomaly')?.weight ?? 1);
  });

  it('learns an outcome that was reported many times at once just once', async () => {
    const { client } = await open();
    const decision = await client.predict(asked(4));
    const all = await Promise.all(
      Array.from({ length: 20 }, () => client.reportTrade(tradeOf(decision, 10))),
    );
    for (const feedback of all) expect(feedback).to.deep.equal(all[0]);
    expect((await client.status()).outcomes).to.equal(1);
  });

  it('records but does not learn an outcome of another policy than the logged one', async () => {
    const { client } = await open();
    const decision = await client.predict(asked(5));
    const other = decision.action === 'buy' ? 'sell' : 'buy';
    const before = (await client.status()).stateHash;
    const feedback = await client.reportTrade({
      ...tradeOf(decision, 10),
      side: other,
      quantity: 1,
      liquidity: 'maker',
    });
    expect(feedback).to.include({ feedbackKind: 'bandit', learned: false });
    expect((await client.status()).stateHash).to.equal(before);
    expect((await client.explain(decision.decisionId)).reasons.at(-1)).to.contain('Nothing was learned');
  });

  it('explains a decision in words that name every expert, and a hold with why not', async () => {
    const { client } = await open();
    const decision = await client.predict(asked(6));
    await client.reportTrade(tradeOf(decision, -12));
    const { reasons, outcome } = await client.explain(decision.decisionId);
    const text = reasons.join('\n');
    for (const expert of ['anomaly', 'order_flow', 'regime']) expect(text).to.contain(expert);
    expect(text).to.match(/costs/);
    expect(outcome?.rewardsBps?.hold).to.equal(0);
  });

  it('keeps what it learned when its configuration changes, and a replay follows it', async () => {
    const first = await open();
    for (let round = 0; round < 30; round++) {
      const decision = await first.client.predict(asked(round));
      await first.client.reportTrade(tradeOf(decision, round % 3 === 0 ? 20 : -15));
    }
    const { stateHash } = await first.client.status();
    await first.close();
    const second = await open([], ['--exploration-rate', '0.3', '--seed', '77']);
    expect((await second.client.status()).stateHash).to.equal(stateHash);
    for (let round = 30; round < 60; round++) {
      const decision = await second.client.predict(asked(round));
      const { buy, hold, sell } = decision.propensities;
      expect(buy + hold + sell).to.be.closeTo(1, 1e-12);
      if (!decision.override) expect(Math.min(buy, hold, sell)).to.be.closeTo(0.1, 1e-12);
      await second.client.reportTrade(tradeOf(decision, round % 2 === 0 ? 20 : -15));
    }
    const live = (await second.client.status()).stateHash;
    await second.close();
    committee = undefined;
    const journal = await openJournal({
      dataDir,
      clock: new SystemClock(),
      logger: silentLogger(),
      readOnly: true,
    });
    const report = replay(journal);
    await journal.close();
    expect(report.differences).to.deep.equal([]);
    expect(report.stateHash).to.equal(live);
    expect(report).to.include({ decisions: 60, outcomes: 60 });
  });

  it('starts from a checkpoint in the state of a full replay', async () => {
    const first = await openCommittee(dataDir, { flags: [] });
    for (let round = 0; round < 12; round++) {
      const decision = await first.client.predict(asked(round));
      await first.client.reportTrade(tradeOf(decision, 5 * round));
    }
    const before = await first.client.status();
    await first.close();
    const journal = await openJournal({
      dataDir,
      clock: new SystemClock(),
      logger: silentLogger(),
      readOnly: true,
    });
    expect(journal.latestCheckpoint()?.stateHash).to.equal(before.stateHash);
    expect(replay(journal).stateHash).to.equal(before.stateHash);
    await journal.close();
    const { client } = await open();
    expect(await client.status()).to.deep.equal(before);
  });

  it('refuses two experts of one name', async () => {
    const twice = openCommittee(dataDir, { experts: [new Scripted('regime', () => opinion(0))] });
    const error = await twice.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(ServiceError);
  });
});
