import { expect } from 'chai';
import { tallyOf } from '#conclave/ml-service/committee/index.js';
import {
  DeciderService,
  type Journal,
  type JournalFailure,
  openJournal,
  TradeFeedback,
  type VoteTally,
} from '#conclave/ml-service/index.js';
import { ServiceError, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { type Lean, questionOf, voteOf } from '../../support/market.js';
import { removeFolder, temporaryFolder } from '../../support/service-process.js';

const FREE = { feeBps: 0, spreadBps: 0, slippageBps: 0 };
const QUESTION = questionOf({ bars: 3 });

function tally(...votes: Lean[]): VoteTally {
  return tallyOf(
    QUESTION,
    votes.map((action, i) => ({ expert: `expert_${i}`, vote: voteOf(`expert_${i}`, action) })),
  );
}

function feedback(decisionId: string, buyBps: number): TradeFeedback {
  return Object.assign(new TradeFeedback(), {
    decisionId,
    feedbackKind: 'full',
    realisedBps: buyBps,
    rewardsBps: { buy: buyBps, hold: 0, sell: -buyBps },
    takenAction: 'buy',
  });
}

/** A real journal in which a test can make appends fail. */
class FaultyJournal {
  refuseNext = false;
  readonly listeners: ((failure: JournalFailure) => void)[] = [];

  constructor(private readonly inner: Journal) {}

  asJournal(): Journal {
    return new Proxy(this.inner, {
      get: (target, property) => {
        if (property === 'append') return this.#append.bind(this);
        if (property === 'onFailure') {
          return (listener: (failure: JournalFailure) => void) => {
            this.listeners.push(listener);
            return target.onFailure(listener);
          };
        }
        const found: unknown = Reflect.get(target, property, target);
        return typeof found === 'function' ? found.bind(target) : found;
      },
    });
  }

  #append(request: Parameters<Journal['append']>[0]) {
    if (!this.refuseNext) return this.inner.append(request);
    this.refuseNext = false;
    throw new ServiceError('RESOURCE_EXHAUSTED', 'too much waits for the disk');
  }
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (thrown: unknown) => (thrown instanceof ServiceError ? thrown.code : String(thrown)),
  );
}

describe('the decider service', () => {
  let dataDir: string;
  let journal: Journal;
  let faults: FaultyJournal;
  let service: DeciderService;

  beforeEach(async () => {
    dataDir = temporaryFolder();
    const clock = new SystemClock();
    const logger = silentLogger();
    journal = await openJournal({ dataDir, clock, logger });
    faults = new FaultyJournal(journal);
    service = await DeciderService.open({
      journal: faults.asJournal(),
      clock,
      logger,
      defaultCosts: FREE,
      checkpointEvery: 5,
    });
  });

  afterEach(async () => {
    await journal.close();
    removeFolder(dataDir);
  });

  it('goes back to what the journal holds when an outcome is refused, and learns it when it is reported again', async () => {
    for (let round = 0; round < 12; round++) {
      const { decisionId } = await service.decide(tally('buy', 'buy', 'sell'));
      await service.learn(feedback(decisionId, 10), undefined);
    }
    const { decisionId } = await service.decide(tally('sell', 'buy', 'sell'));
    const before = service.status();
    faults.refuseNext = true;
    expect(await codeOf(service.learn(feedback(decisionId, -25), undefined))).to.equal('RESOURCE_EXHAUSTED');
    expect(service.status()).to.deep.equal(before);
    const learned = await service.learn(feedback(decisionId, -25), undefined);
    expect(learned.stateHash).to.not.equal(before.stateHash);
    expect(service.status().outcomes).to.equal(13);
  });

  it('rebuilds its state from the journal when records were refused', async () => {
    const { decisionId } = await service.decide(tally('buy', 'buy', 'sell'));
    const before = service.status();
    await service.learn(feedback(decisionId, 40), undefined);
    const error = new ServiceError('RESOURCE_EXHAUSTED', 'disk full');
    for (const listener of faults.listeners) listener({ kind: 'refused', error, durableSeq: before.seq });
    // The real journal did keep the record, so the rebuilt state has it too.
    expect(service.status().outcomes).to.equal(1);
    expect(service.failure).to.equal(undefined);
  });

  it('answers nothing any more once the journal has failed for good, and says why', async () => {
    const { decisionId } = await service.decide(tally('buy', 'buy', 'sell'));
    const error = new ServiceError('UNAVAILABLE', 'EIO on fsync');
    for (const listener of faults.listeners) listener({ kind: 'failed', error, durableSeq: 2 });
    expect(await codeOf(service.decide(tally('buy')))).to.equal('UNAVAILABLE');
    expect(await codeOf(service.learn(feedback(decisionId, 1), undefined))).to.equal('UNAVAILABLE');
    expect(service.failure?.message).to.contain('EIO');
  });

  it('leaves a checkpoint every so many outcomes', async () => {
    for (let round = 0; round < 6; round++) {
      const { decisionId } = await service.decide(tally('buy', 'buy', 'sell'));
      await service.learn(feedback(decisionId, round), undefined);
    }
    await service.close();
    expect(journal.latestCheckpoint()?.stateHash).to.equal(service.status().stateHash);
  });

  it('answers a tally without votes with a hold, and learns nothing from its outcome', async () => {
    const decision = await service.decide(tally());
    expect(decision).to.include({ action: 'hold', size: 0 });
    expect(decision.scores).to.deep.equal({ buy: 0, hold: 0, sell: 0 });
    expect(decision.contributions).to.deep.equal([]);
    expect((await service.learn(feedback(decision.decisionId, 5), undefined)).learned).to.equal(false);
  });

  it('charges the costs of the question in the scores', async () => {
    for (let round = 0; round < 60; round++) {
      const action = round % 2 === 0 ? 'buy' : 'sell';
      const { decisionId } = await service.decide(tally(action, action, action));
      await service.learn(feedback(decisionId, action === 'buy' ? 20 : -20), undefined);
    }
    const free = await service.decide(tally('buy', 'buy', 'buy'));
    const costs = { feeBps: 100, spreadBps: 10, slippageBps: 5 };
    const dear = await service.decide(Object.assign(tally('buy', 'buy', 'buy'), { costs }));
    expect(free.action).to.equal('buy');
    expect(free.scores.buy - dear.scores.buy).to.be.closeTo(220, 1e-6);
    expect(dear.action).to.equal('hold');
  });
});
