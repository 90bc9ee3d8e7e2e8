import { expect } from 'chai';
import { CommitteeClient, ExpertClient, TypedClient } from '#conclave/clients/index.js';
import { BaseClient } from '#conclave/service-framework/index.js';
import { questionOf } from '../support/market.js';
import { plainQuestion } from '../support/plain.js';
import {
  killLeftovers,
  removeFolder,
  type ServiceProcess,
  startService,
  temporaryFolder,
} from '../support/service-process.js';

type Question = Parameters<CommitteeClient['predict']>[0];

const QUESTION = plainQuestion(questionOf({ seed: 8 })) as unknown as Question;

describe('the committee client', function () {
  this.timeout(30_000);
  let dataDir: string;
  let service: ServiceProcess;
  let client: CommitteeClient;

  before(async () => {
    dataDir = temporaryFolder();
    service = await startService(dataDir);
  });

  after(() => {
    killLeftovers();
    removeFolder(dataDir);
  });

  beforeEach(() => {
    client = new CommitteeClient({ endpoint: service.endpoints.request, events: service.endpoints.events });
  });

  afterEach(() => client.close());

  it('hears its decisions and outcomes, numbered without gaps', async () => {
    const heard: { id: string; seq: number; missed: number }[] = [];
    const outcomes: string[] = [];
    client.onDecision('ETH/USD', ({ decisionId }, { seq, missed }) =>
      heard.push({ id: decisionId, seq, missed }),
    );
    client.onOutcome('ETH/USD', ({ decisionId }) => outcomes.push(decisionId));
    // A subscription takes a moment to reach the host; the first events heard show that it has.
    const asked: string[] = [];
    while (heard.length < 3) asked.push((await client.predict(QUESTION)).decisionId);
    expect(asked.slice(-heard.length)).to.include(heard[0]?.id);
    for (let i = 1; i < heard.length; i++) {
      expect(heard[i]?.seq).to.equal((heard[i - 1]?.seq ?? 0) + 1);
      expect(heard[i]?.missed).to.equal(0);
    }
    const decision = await client.predict(QUESTION);
    await client.reportTrade({
      decisionId: decision.decisionId,
      side: 'none',
      quantity: 0,
      entryPrice: 100,
      exitPrice: 100,
      entryTimeMs: decision.asOfMs,
      exitTimeMs: decision.asOfMs + 60_000,
      feesPaid: 0,
    });
    while (outcomes.length === 0) await client.status();
    expect(outcomes).to.deep.equal([decision.decisionId]);
  });

  it('does not hear of another symbol whose name begins alike', async () => {
    const heard: string[] = [];
    client.onDecision('ETH', ({ symbol }) => heard.push(symbol));
    client.onDecision('ETH/USD', ({ symbol }) => heard.push(symbol));
    while (heard.length < 3) await client.predict(QUESTION);
    expect(new Set(heard)).to.deep.equal(new Set(['ETH/USD']));
  });

  it('reports a trade under a key of the decision, so that reporting it again changes nothing', async () => {
    const { decisionId, asOfMs } = await client.predict(QUESTION);
    const trade = {
      decisionId,
      side: 'none' as const,
      quantity: 0,
      entryPrice: 100,
      exitPrice: 101,
      entryTimeMs: asOfMs,
      exitTimeMs: asOfMs + 60_000,
      feesPaid: 0,
    };
    const first = await client.reportTrade(trade);
    expect(await client.reportTrade(trade)).to.deep.equal(first);
  });

  it('has a typed stub for each expert', async () => {
    const base = new BaseClient({ endpoint: service.endpoints.request });
    for (const command of ['order_flow.predict', 'regime.detect', 'anomaly.detect'] as const) {
      const vote = await new ExpertClient(base, command).vote(QUESTION);
      expect(`${vote.expert}.`).to.equal(command.slice(0, vote.expert.length + 1));
    }
    const status = await new TypedClient(base).call('rl.status');
    expect(status.stateHash).to.have.length(64);
    await base.close();
  });
});
