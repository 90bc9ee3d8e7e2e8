import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { CommitteeClient } from '#conclave/clients/index.js';
import { openJournal, replay, verifyJournal } from '#conclave/ml-service/index.js';
import { SeededRng, ServiceError, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { candlesOf, MINUTE_MS } from '../../support/market.js';
import {
  killLeftovers,
  removeFolder,
  type ServiceProcess,
  startService,
  stopService,
  temporaryFolder,
} from '../../support/service-process.js';

/** `make crash` asks for more. */
const KILLS = Number(process.env['CONCLAVE_CRASH_KILLS'] ?? 20);
const WINDOW = 120;
const STEPS_AFTER_LAST_KILL = 20;
/** Longest life between two kills; the shortest is nothing at all. */
const MAX_LIFE_MS = 250;
const CANDLES = candlesOf({ bars: 1_000 * KILLS, seed: 21 });

function window(step: number): Record<string, Float64Array> {
  const cut = (column: Float64Array): Float64Array => column.slice(step, step + WINDOW);
  const { timeMs, open, high, low, close, volume } = CANDLES;
  return {
    timeMs: cut(timeMs),
    open: cut(open),
    high: cut(high),
    low: cut(low),
    close: cut(close),
    volume: cut(volume),
  };
}

function connect(service: ServiceProcess): CommitteeClient {
  return new CommitteeClient({ endpoint: service.endpoints.request, timeoutMs: 3_000 });
}

/** One acknowledged step: a decision and its outcome. What is asked depends on the step alone. */
async function step(
  client: CommitteeClient,
  number: number,
  decided: Map<number, { id: string; action: string }>,
): Promise<void> {
  let decision = decided.get(number);
  if (!decision) {
    const { decisionId, action } = await client.predict({
      symbol: 'ETH/USD',
      timeframe: '1m',
      candles: window(number) as never,
    });
    decision = { id: decisionId, action };
    decided.set(number, decision);
  }
  const traded = decision.action !== 'hold';
  const bar = number + WINDOW;
  await client.reportTrade(
    {
      decisionId: decision.id,
      side: traded ? (decision.action as 'buy') : 'none',
      quantity: traded ? 1 : 0,
      entryPrice: CANDLES.open[bar] as number,
      exitPrice: CANDLES.close[bar] as number,
      entryTimeMs: CANDLES.timeMs[bar] as number,
      exitTimeMs: (CANDLES.timeMs[bar] as number) + MINUTE_MS,
      feesPaid: 0,
    },
    { key: `step-${number}` },
  );
}

/** What a journal says of the steps: how often each was learned. */
async function learnedSteps(dataDir: string): Promise<Map<string, number>> {
  const journal = await openJournal({
    dataDir,
    clock: new SystemClock(),
    logger: silentLogger(),
    readOnly: true,
  });
  const counts = new Map<string, number>();
  for (const { subject } of journal.read({ kinds: ['feedback'] })) {
    counts.set(subject as string, (counts.get(subject as string) ?? 0) + 1);
  }
  await journal.close();
  return counts;
}

describe('kill -9 in the middle of a run', function () {
  this.timeout(KILLS * 12_000);
  const folders: string[] = [];

  afterEach(() => {
    killLeftovers();
    for (const folder of folders.splice(0)) removeFolder(folder);
  });

  function folder(): string {
    const made = temporaryFolder();
    folders.push(made);
    return made;
  }

  it(`loses no acknowledged outcome and learns none twice, ${KILLS} times in a row, and ends in the state of an undisturbed run`, async () => {
    const seed = Number(process.env['CONCLAVE_CRASH_SEED'] ?? Math.floor(performance.now() * 1e3));
    const rng = new SeededRng(seed);
    const dataDir = folder();
    const decided = new Map<number, { id: string; action: string }>();
    let acknowledged = 0;
    for (let kill = 0; kill <= KILLS; kill++) {
      const service = await startService(dataDir);
      const client = connect(service);
      const lastLife = kill === KILLS;
      const end = lastLife
        ? undefined
        : delay(rng.uniform() * MAX_LIFE_MS).then(() => service.signal('SIGKILL'));
      const goal = acknowledged + STEPS_AFTER_LAST_KILL;
      try {
        while (!lastLife || acknowledged < goal) {
          await step(client, acknowledged, decided);
          acknowledged += 1;
        }
      } catch (thrown) {
        if (lastLife || !(thrown instanceof ServiceError)) throw thrown;
        expect(thrown.code, `seed ${seed}: ${thrown.message}`).to.be.oneOf([
          'UNAVAILABLE',
          'DEADLINE_EXCEEDED',
          'CANCELLED',
        ]);
      }
      await client.close();
      await end;
      if (lastLife) await stopService(service);
      else await service.exited();
      const { problems } = verifyJournal(dataDir);
      expect(problems, `seed ${seed}, after kill ${kill}`).to.deep.equal([]);
      const learned = await learnedSteps(dataDir);
      for (let number = 0; number < acknowledged; number++) {
        expect(learned.get(decided.get(number)?.id as string), `seed ${seed}: step ${number}`).to.equal(1);
      }
    }

    const undisturbed = folder();
    const calm = await startService(undisturbed);
    const client = connect(calm);
    const again = new Map<number, { id: string; action: string }>();
    for (let number = 0; number < acknowledged; number++) await step(client, number, again);
    const { stateHash, outcomes } = await client.status();
    await client.close();
    await stopService(calm);
    expect(outcomes).to.equal(acknowledged);

    const journal = await openJournal({
      dataDir,
      clock: new SystemClock(),
      logger: silentLogger(),
      readOnly: true,
    });
    const report = replay(journal);
    await journal.close();
    expect(report.differences).to.deep.equal([]);
    expect(report.stateHash, `seed ${seed}`).to.equal(stateHash);
  });
});
