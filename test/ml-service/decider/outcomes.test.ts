import { expect } from 'chai';
import { explanationOf, MarkRequest, Prices, replay, type Trade } from '#conclave/ml-service/index.js';
import { MINUTE_MS } from '../../support/market.js';
import { codeOf, LifeSandbox, tallyFor, told } from './life-support.js';

const DAY_MS = 86_400_000;
const VOTES = { alpha: 'buy', beta: 'buy', gamma: 'sell' } as const;

function pricesFrom(startMs: number, ...price: number[]): Prices {
  return Object.assign(new Prices(), {
    timeMs: Float64Array.from(price, (_, i) => startMs + i * MINUTE_MS),
    price: Float64Array.from(price),
  });
}

function marking(prices: Prices, more: Partial<MarkRequest> = {}): MarkRequest {
  return Object.assign(new MarkRequest(), { symbol: 'ETH/USD', prices, ...more });
}

describe('outcomes', () => {
  let sandbox: LifeSandbox;

  beforeEach(async () => {
    sandbox = new LifeSandbox();
    await sandbox.open();
  });

  afterEach(async () => {
    await sandbox.close();
    sandbox.remove();
  });

  const decide = (votes: Parameters<typeof tallyFor>[0] = VOTES) => sandbox.service.decide(tallyFor(votes));

  async function learnMany(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const { decisionId } = await decide();
      await sandbox.service.learn(told(decisionId, (round % 7) * 9 - 20), undefined);
    }
  }

  it('takes a correction that names the outcome in force, says so, and keeps what was said before', async () => {
    const { decisionId } = await decide();
    const { service } = sandbox;
    const first = await service.learn(told(decisionId, 10), undefined);
    await learnMany(20);
    const second = await service.learn(told(decisionId, -30, { corrects: first.seq }), undefined);
    expect(second.corrects).to.equal(first.seq);
    expect(await codeOf(service.learn(told(decisionId, 5, { corrects: first.seq }), undefined))).to.equal(
      'CONFLICT',
    );
    const third = await service.learn(told(decisionId, 4, { corrects: second.seq }), undefined);
    const { outcome, corrected, reasons } = explanationOf(sandbox.journal, decisionId);
    expect(outcome).to.include({ seq: third.seq, realisedBps: 4 });
    expect(corrected?.map(({ seq, realisedBps }) => [seq, realisedBps])).to.deep.equal([
      [first.seq, 10],
      [second.seq, -30],
    ]);
    expect(reasons.join('\n')).to.contain('it was corrected');
    expect(replay(sandbox.journal)).to.deep.include({ differences: [], corrections: 2 });
  });

  it('reaches the same state when a correction is replayed from a state on disk', async () => {
    await learnMany(20);
    const { decisionId } = await decide();
    const { seq } = await sandbox.service.learn(told(decisionId, 10), undefined);
    await learnMany(10);
    await sandbox.close();
    const service = await sandbox.open();
    await service.learn(told(decisionId, 90, { corrects: seq }), undefined);
    const report = replay(sandbox.journal);
    expect(report.differences).to.deep.equal([]);
    expect(report.stateHash).to.equal(service.status().stateHash);
  });

  it('learns nothing years late', async () => {
    const { decisionId } = await decide();
    const { decisionId: inTime } = await decide();
    sandbox.clock.advance(30 * DAY_MS);
    expect((await sandbox.service.learn(told(inTime, 1), undefined)).learned).to.equal(true);
    const { stateHash, seq } = sandbox.service.status();
    sandbox.clock.advance(3 * 365 * DAY_MS);
    expect(await codeOf(sandbox.service.learn(told(decisionId, 1), undefined))).to.equal(
      'FAILED_PRECONDITION',
    );
    expect(sandbox.service.status()).to.include({ stateHash, seq });
  });

  it('refuses a trade that ended before its decision was made', async () => {
    const { decisionId, asOfMs } = await decide();
    const trade: Trade = {
      decisionId,
      side: 'buy',
      quantity: 1,
      entryPrice: 1,
      exitPrice: 1,
      entryTimeMs: asOfMs - DAY_MS,
      exitTimeMs: asOfMs - DAY_MS + 1,
      feesPaid: 0,
    };
    expect(await codeOf(sandbox.service.learn(told(decisionId, 1, { trade }), undefined))).to.equal(
      'INVALID_ARGUMENT',
    );
    expect(sandbox.service.status().outcomes).to.equal(0);
  });

  it('marks decisions whose horizon lies within the data, holds too, net of the costs of the question', async () => {
    const costs = { feeBps: 1, spreadBps: 2, slippageBps: 0 };
    const bought = await sandbox.service.decide(Object.assign(tallyFor(VOTES), { costs }));
    const held = await decide({ alpha: 'hold', beta: 'hold' });
    const { decisionId: later } = await sandbox.service.decide(
      Object.assign(tallyFor(VOTES), { horizonBars: 5 }),
    );
    const { service } = sandbox;
    const reply = await service.mark(marking(pricesFrom(bought.asOfMs, 100, 101)), undefined);
    expect(reply).to.deep.include({ marked: [bought.decisionId, held.decisionId], open: 1 });
    expect(explanationOf(sandbox.journal, bought.decisionId).outcome?.rewardsBps?.buy).to.be.closeTo(
      96,
      1e-9,
    );
    expect(explanationOf(sandbox.journal, held.decisionId).outcome).to.include({
      marked: true,
      takenAction: 'hold',
      realisedBps: 0,
    });
    expect(service.status().outcomes).to.equal(2);
    const again = await service.mark(marking(pricesFrom(bought.asOfMs, 100, 101, 1, 1, 1, 102)), undefined);
    expect(again).to.deep.include({ marked: [later], open: 0 });
    expect(replay(sandbox.journal).differences).to.deep.equal([]);
  });

  it('leaves decisions open whose beginning or end the data do not tell', async () => {
    const { asOfMs } = await decide();
    const { service } = sandbox;
    for (const prices of [
      pricesFrom(asOfMs, 100),
      pricesFrom(asOfMs + MINUTE_MS, 100, 101),
      pricesFrom(asOfMs - DAY_MS, 100, 101),
    ])
      expect(await service.mark(marking(prices), undefined)).to.deep.include({ marked: [], open: 1 });
    const other = marking(pricesFrom(asOfMs, 100, 101), { session: 'another' });
    expect(await service.mark(other, undefined)).to.deep.include({ marked: [], open: 0 });
  });

  it('remembers over a restart which decisions are open, and forgets them when their time is over', async () => {
    const { decisionId, asOfMs } = await decide();
    const { decisionId: known } = await decide({ alpha: 'hold' });
    await sandbox.service.learn(told(known, 0, { takenAction: 'hold' }), undefined);
    await sandbox.close(false);
    const service = await sandbox.open();
    const prices = marking(pricesFrom(asOfMs, 100, 101));
    expect((await service.mark(prices, undefined)).marked).to.deep.equal([decisionId]);
    await decide();
    sandbox.clock.advance(40 * DAY_MS);
    expect(await service.mark(prices, undefined)).to.deep.include({ marked: [], open: 0 });
  });

  it('lets what a trade really earned take the place of a mark', async () => {
    const { decisionId, asOfMs } = await decide();
    const { service } = sandbox;
    await service.mark(marking(pricesFrom(asOfMs, 100, 101)), undefined);
    const learned = await service.learn(told(decisionId, 70), undefined);
    expect(learned.corrects).to.be.a('number');
    expect(explanationOf(sandbox.journal, decisionId).outcome?.realisedBps).to.equal(70);
    expect(service.status().agreement).to.deep.include({ compared: 1 });
    // And the other way round: a trade that was told first is compared, not marked.
    const { decisionId: next } = await decide();
    await service.learn(told(next, 95), undefined);
    const reply = await service.mark(marking(pricesFrom(asOfMs, 100, 101)), undefined);
    expect(reply).to.deep.include({ marked: [], compared: 1 });
    expect(service.status().agreement.compared).to.equal(2);
    await sandbox.close(false);
    expect((await sandbox.open()).status().agreement.compared).to.equal(2);
    expect(replay(sandbox.journal).differences).to.deep.equal([]);
  });

  it('raises an alarm when trades earn less than the counterfactual model says, and not for noise', async () => {
    const news: (string | undefined)[] = [];
    sandbox.service.onNews(({ alarm }) => news.push(alarm));
    const pass = async (shortfallBps: number): Promise<void> => {
      const { decisionId, asOfMs } = await decide();
      await sandbox.service.mark(marking(pricesFrom(asOfMs, 100, 100.1)), undefined);
      await sandbox.service.learn(told(decisionId, 10 - shortfallBps), undefined);
    };
    for (let round = 0; round < 60; round++) await pass(round % 2 === 0 ? 8 : -8);
    expect(sandbox.service.alarms()).to.deep.equal([]);
    for (let round = 0; round < 150; round++) await pass(25);
    expect(sandbox.service.alarms()).to.deep.equal(['model_disagreement']);
    expect(news).to.deep.equal(['model_disagreement']);
  });
});
