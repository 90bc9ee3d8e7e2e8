import { expect } from 'chai';
import { questionOf, voteOf } from '../../support/market.js';
import { plainQuestion } from '../../support/plain.js';
import { RawClient } from '../../support/raw-client.js';
import {
  killLeftovers,
  removeFolder,
  runToEnd,
  type ServiceProcess,
  startService,
  stopService,
  temporaryFolder,
} from '../../support/service-process.js';

const QUESTION = plainQuestion(questionOf({ bars: 256, seed: 3 }));
const FREE = ['--bind', 'tcp://127.0.0.1:0', '--metrics-port', '0'];

interface Outcome {
  readonly decisionId: string;
  readonly action: string;
  readonly asOfMs: number;
}

function tradeOf({ decisionId, action, asOfMs }: Outcome, exitPrice = 101): Record<string, unknown> {
  const traded = action !== 'hold';
  return {
    decisionId,
    side: traded ? action : 'none',
    quantity: traded ? 2 : 0,
    entryPrice: 100,
    exitPrice,
    entryTimeMs: asOfMs,
    exitTimeMs: asOfMs + 60_000,
    feesPaid: 0,
  };
}

describe('the ml-service as a process', function () {
  this.timeout(60_000);
  let dataDir: string;
  let service: ServiceProcess;
  let client: RawClient;

  beforeEach(async () => {
    dataDir = temporaryFolder();
    service = await startService(dataDir);
    client = new RawClient(service.endpoints.request);
  });

  afterEach(() => {
    client.close();
    killLeftovers();
    removeFolder(dataDir);
  });

  it('answers a question with a decision that carries its votes, scores and state', async () => {
    const decision = await client.must('voting.predict', QUESTION);
    expect(decision.action).to.be.oneOf(['buy', 'hold', 'sell']);
    expect(decision.tally.votes.map(({ expert }: { expert: string }) => expert)).to.deep.equal([
      'anomaly',
      'order_flow',
      'regime',
    ]);
    expect(decision.action).to.equal(decision.override ? 'hold' : decision.tally.plurality);
    for (const action of ['buy', 'hold', 'sell']) {
      const parts = decision.contributions.reduce(
        (sum: number, part: Record<string, number>) => sum + (part[action] as number),
        0,
      );
      expect(parts).to.be.closeTo(decision.scores[action], 1e-9);
    }
    const { buy, hold, sell } = decision.propensities;
    expect(buy + hold + sell).to.be.closeTo(1, 1e-12);
    expect(decision.stateHash).to.match(/^[0-9a-f]{64}$/);
    expect(decision).to.include({
      symbol: 'ETH/USD',
      timeframe: '1m',
      session: 'default',
      strategy: 'default',
    });
  });

  it('learns an outcome once per key, and refuses the key for another body', async () => {
    const decision = await client.must('voting.predict', QUESTION);
    const before = (await client.must('rl.status')).stateHash;
    const first = await client.must('post_trade.analyze', tradeOf(decision), { key: 'k1' });
    expect(first.learned).to.equal(true);
    expect(first.stateHash).to.not.equal(before);
    const again = await client.must('post_trade.analyze', tradeOf(decision), { key: 'k1' });
    expect(again).to.deep.equal(first);
    const changed = await client.call('post_trade.analyze', tradeOf(decision, 102), { key: 'k1' });
    expect(changed.body.code).to.equal('CONFLICT');
    const otherKey = await client.call('post_trade.analyze', tradeOf(decision), { key: 'k2' });
    expect(otherKey.body.code).to.equal('ALREADY_EXISTS');
    const status = await client.must('rl.status');
    expect(status.outcomes).to.equal(1);
    expect(status.stateHash).to.equal(first.stateHash);
  });

  it('refuses an outcome without a key, of an unknown decision, or with impossible numbers, and learns nothing', async () => {
    const decision = await client.must('voting.predict', QUESTION);
    const { stateHash } = await client.must('rl.status');
    const cases: [Record<string, unknown>, string | undefined, string, string][] = [
      [tradeOf(decision), undefined, 'INVALID_ARGUMENT', 'key'],
      [{ ...tradeOf(decision), decisionId: 'nobody-1' }, 'a', 'NOT_FOUND', 'decisionId'],
      [{ ...tradeOf(decision), entryPrice: 0 }, 'b', 'INVALID_ARGUMENT', 'entryPrice'],
      [{ ...tradeOf(decision), entryPrice: Number.NaN }, 'c', 'INVALID_ARGUMENT', 'entryPrice'],
      [{ ...tradeOf(decision), exitPrice: 1e308 }, 'd', 'INVALID_ARGUMENT', 'exitPrice'],
      [{ ...tradeOf(decision), exitPrice: 1e14 }, 'e', 'INVALID_ARGUMENT', 'exitPrice'],
      [{ ...tradeOf(decision), side: 'short' }, 'f', 'INVALID_ARGUMENT', 'side'],
      [{ ...tradeOf(decision), side: null }, 'g', 'INVALID_ARGUMENT', 'side'],
    ];
    for (const [body, key, code, field] of cases) {
      const reply = await client.call('post_trade.analyze', body, key === undefined ? {} : { key });
      expect(reply.ok, JSON.stringify(body)).to.equal(false);
      expect(reply.body.code, JSON.stringify(reply.body)).to.equal(code);
      expect(reply.body.field, JSON.stringify(reply.body)).to.equal(field);
    }
    expect((await client.must('rl.status')).stateHash).to.equal(stateHash);
  });

  it('goes on after a restart with the identical state, also for keys it has answered', async () => {
    const decision = await client.must('voting.predict', QUESTION);
    const feedback = await client.must('post_trade.analyze', tradeOf(decision), { key: 'k' });
    const status = await client.must('rl.status');
    client.close();
    await stopService(service);
    service = await startService(dataDir);
    client = new RawClient(service.endpoints.request);
    expect(await client.must('rl.status')).to.deep.equal(status);
    expect(await client.must('post_trade.analyze', tradeOf(decision), { key: 'k' })).to.deep.equal(feedback);
    expect(
      (await client.must('rl.explain', { decisionId: decision.decisionId })).outcome.realisedBps,
    ).to.equal(feedback.realisedBps);
  });

  it('counts a cast vote in the tally of its symbol until it is too old', async () => {
    const vote = {
      ...voteOf('outsider', 'sell', { asOfMs: 1_700_000_000_000, validForMs: 30 * 86_400_000 }),
    };
    expect(await client.must('voting.cast_vote', vote)).to.deep.equal({ accepted: true });
    const counted = await client.must('voting.predict', QUESTION);
    expect(counted.tally.votes.map(({ expert }: { expert: string }) => expert)).to.include('outsider');
    await client.must('voting.cast_vote', { ...vote, asOfMs: 1_700_000_000_001, validForMs: 0 });
    const later = await client.must('voting.predict', QUESTION);
    expect(later.tally.votes.map(({ expert }: { expert: string }) => expert)).to.not.include('outsider');
    expect(await client.must('voting.tally', { symbol: 'ETH/USD' })).to.deep.equal(later.tally);
    const experts = await client.must('voting.experts');
    expect(
      experts.map(({ expert, kind }: { expert: string; kind: string }) => `${expert} ${kind}`),
    ).to.include('outsider cast');
  });

  it('decides without an expert that cannot be reached, and says why', async () => {
    const registration = {
      expert: 'absent',
      version: '1.0.0',
      endpoint: 'tcp://127.0.0.1:9',
      command: 'absent.predict',
      timeoutMs: 200,
    };
    expect(await client.must('voting.register_expert', registration)).to.deep.equal({
      expert: 'absent',
      registered: true,
    });
    const decision = await client.must('voting.predict', QUESTION);
    const [abstention] = decision.tally.abstentions;
    expect(abstention.expert).to.equal('absent');
    expect(abstention.reason).to.match(/UNAVAILABLE|DEADLINE_EXCEEDED/);
    expect(decision.tally.votes).to.have.length(3);
  });

  it('refuses to register an expert under the id of a built-in one or at an address that is not local', async () => {
    const registration = {
      expert: 'regime',
      version: '1.0.0',
      endpoint: 'tcp://127.0.0.1:9',
      command: 'regime.predict',
    };
    const taken = await client.call('voting.register_expert', registration);
    expect(taken.body.code).to.equal('ALREADY_EXISTS');
    const remote = await client.call('voting.register_expert', {
      ...registration,
      expert: 'far',
      endpoint: 'tcp://192.0.2.1:9',
    });
    expect(remote.body.code).to.equal('FAILED_PRECONDITION');
  });

  it('holds on a flash crash and records what the decider wanted', async () => {
    const question = questionOf({ bars: 256, seed: 3 });
    const last = question.candles.close.length - 1;
    const crashed = (question.candles.close[last] as number) * 0.8;
    question.candles.close[last] = crashed;
    question.candles.low[last] = Math.min(question.candles.low[last] as number, crashed);
    const decision = await client.must('voting.predict', plainQuestion(question));
    expect(decision.action).to.equal('hold');
    expect(decision.size).to.equal(0);
    expect(decision.override.rule).to.equal('critical_anomaly');
    expect(decision.override.action).to.be.oneOf(['buy', 'hold', 'sell']);
    expect(decision.propensities).to.deep.equal({ buy: 0, hold: 1, sell: 0 });
  });

  it('names the field of every malformed question and stays alive', async () => {
    const good = QUESTION as { candles: Record<string, Float64Array> };
    const candles = (change: Record<string, unknown>) => ({
      ...QUESTION,
      candles: { ...good.candles, ...change },
    });
    const column = (row: number, value: number): Float64Array => {
      const changed = Float64Array.from(good.candles['close'] as Float64Array);
      changed[row] = value;
      return changed;
    };
    const cases: [string, unknown, RegExp][] = [
      ['no body', undefined, /.*/],
      ['null', null, /.*/],
      ['text', 'buy?', /.*/],
      ['no symbol', { ...QUESTION, symbol: undefined }, /symbol/],
      ['null symbol', { ...QUESTION, symbol: null }, /symbol/],
      ['symbol with a space', { ...QUESTION, symbol: 'ETH USD' }, /symbol/],
      ['no candles', { ...QUESTION, candles: undefined }, /candles/],
      ['candles as text', { ...QUESTION, candles: 'many' }, /candles/],
      ['unequal length', candles({ close: (good.candles['close'] as Float64Array).slice(1) }), /candles/],
      [
        'empty',
        candles(Object.fromEntries(Object.keys(good.candles).map((name) => [name, new Float64Array()]))),
        /candles/,
      ],
      ['NaN', candles({ close: column(7, Number.NaN) }), /candles\.close/],
      ['infinite', candles({ close: column(7, Number.POSITIVE_INFINITY) }), /candles\.close/],
      ['negative price', candles({ close: column(7, -1) }), /candles\.close/],
      ['1e308', candles({ high: column(7, 1e308) }), /candles/],
      [
        'unordered times',
        candles({ timeMs: Float64Array.from(good.candles['timeMs'] as Float64Array).reverse() }),
        /candles\.timeMs/,
      ],
      ['null in a column', candles({ close: [1, null, 3] }), /candles\.close/],
      [
        'negative cost',
        { ...QUESTION, costs: { feeBps: -1, spreadBps: 0, slippageBps: 0 } },
        /costs\.feeBps/,
      ],
      ['null option', { ...QUESTION, costs: null }, /costs/],
      ['horizon 0', { ...QUESTION, horizonBars: 0 }, /horizonBars/],
      ['horizon 1.5', { ...QUESTION, horizonBars: 1.5 }, /horizonBars/],
    ];
    for (const [name, body, field] of cases) {
      const reply = await client.call('voting.predict', body);
      expect(reply.ok, name).to.equal(false);
      expect(reply.body.code, `${name}: ${JSON.stringify(reply.body)}`).to.equal('INVALID_ARGUMENT');
      expect(reply.body.field ?? reply.body.message, name).to.match(field);
    }
    for (const command of [
      'no.such',
      'voting.__proto__',
      'voting.then',
      'voting.constructor',
      '__proto__',
      'then',
      'toString',
    ]) {
      const reply = await client.call(command, {});
      expect(reply.body.code, command).to.be.oneOf(['UNIMPLEMENTED', 'INVALID_ARGUMENT']);
    }
    expect((await client.must('voting.predict', QUESTION)).decisionId).to.be.a('string');
  });

  it('is refused its data folder while another process has it', async () => {
    const second = await runToEnd(['--data-dir', dataDir, ...FREE]);
    expect(second.code).to.equal(1);
    expect(second.stderr).to.contain(dataDir);
  });

  it('ends with 0 after SIGTERM and after SIGINT', async () => {
    service.signal('SIGINT');
    expect((await service.exited()).code).to.equal(0);
    service = await startService(dataDir);
    service.signal('SIGTERM');
    expect((await service.exited()).code).to.equal(0);
  });

  it('serves metrics on loopback', async () => {
    await client.must('voting.predict', QUESTION);
    const page = await (await fetch(service.endpoints.metrics)).text();
    expect(page).to.match(/voting\.predict/);
  });
});

describe('a bad start of the ml-service', function () {
  this.timeout(30_000);
  let dataDir: string;

  beforeEach(() => {
    dataDir = temporaryFolder();
  });
  afterEach(() => {
    killLeftovers();
    removeFolder(dataDir);
  });

  it('ends with 2 and names a setting that is wrong, an unknown flag, and an address that is not local', async () => {
    const cases: [string[], RegExp][] = [
      [['--metrics-port', 'many'], /metricsPort|metrics-port/],
      [['--metrics-prot', '0'], /metrics-port/],
      [['--bind', 'tcp://0.0.0.0:0'], /CURVE/],
      [['--without-expert', 'oracle'], /oracle/],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await runToEnd(['--data-dir', dataDir, ...args]);
      expect(code, stderr).to.equal(2);
      expect(stderr).to.match(message);
    }
  });

  it('prints its settings with --help', async () => {
    expect((await runToEnd(['--help'])).code).to.equal(0);
  });
});
