import { CommitteeClient } from '#conclave/clients/index.js';
import { CommitteeService, ML_SERVICE_CONFIG } from '#conclave/ml-service/index.js';
import { loadConfig, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { InProcessTransport } from '#conclave/service-framework/index.js';
import { candlesOf, MINUTE_MS } from '../../support/market.js';

/**
 * The service in a process that a test kills: `node crash-driver.js FOLDER FIRST LAST`. It makes decisions FIRST … LAST,
 * three in flight at a time, reports the outcome of each under its own key, writes `decided N ID ACTION` and `acked N`
 * as it learns of them, and in the end `state HASH`. A decision that was acknowledged before is given as `N=ID/ACTION`.
 */

const WINDOW = 80;
const IN_FLIGHT = 3;
const [folder = '', first = '0', last = '0', ...known] = process.argv.slice(2);
const CANDLES = candlesOf({ bars: WINDOW + Number(last) + 2, seed: 33 });

function window(step: number): object {
  const cut = (column: Float64Array): Float64Array => column.slice(step, step + WINDOW);
  return Object.fromEntries(
    Object.entries(CANDLES).map(([name, column]) => [name, cut(column as Float64Array)]),
  );
}

/** At once, so that what was said before a kill is what was known. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const { values } = loadConfig(ML_SERVICE_CONFIG, {
  // However busy the machine: an expert that is late abstains, and then the state is another.
  argv: ['--data-dir', folder, '--metrics-port', '0', '--seed', '5', '--expert-timeout-ms', '30000'],
  cwd: process.cwd(),
});
// Often, so that a short run holds checkpoints too.
const config = { ...values, journal: { checkpointEvery: 4 } };
const clock = new SystemClock();
const service = await CommitteeService.open({ config, clock, logger: silentLogger() });
await service.start();
const client = new CommitteeClient({
  transport: new InProcessTransport(service.host),
  clock,
  timeoutMs: 30_000,
});
const decided = new Map(
  known.map((text) => {
    const [number = '', said = ''] = text.split('=');
    const [id = '', action = ''] = said.split('/');
    return [Number(number), { id, action }];
  }),
);

async function decide(step: number): Promise<{ id: string; action: string }> {
  const before = decided.get(step);
  if (before) return before;
  const candles = window(step) as never;
  const { decisionId, action } = await client.predict({ symbol: 'ETH/USD', timeframe: '1m', candles });
  say(`decided ${step} ${decisionId} ${action}`);
  return { id: decisionId, action };
}

async function report(step: number, { id, action }: { id: string; action: string }): Promise<void> {
  const traded = action !== 'hold';
  const bar = step + WINDOW;
  await client.reportTrade(
    {
      decisionId: id,
      side: traded ? (action as 'buy') : 'none',
      quantity: traded ? 1 : 0,
      entryPrice: CANDLES.open[bar] as number,
      exitPrice: CANDLES.close[bar] as number,
      entryTimeMs: CANDLES.timeMs[bar] as number,
      exitTimeMs: (CANDLES.timeMs[bar] as number) + MINUTE_MS,
      feesPaid: 0,
    },
    { key: `step-${step}` },
  );
  say(`acked ${step}`);
}

// Decisions of one group are all made before the first of its outcomes, and outcomes are learned in order: the state
// depends on the steps alone, however often the run is cut and taken up again.
for (let from = Number(first); from <= Number(last); from += IN_FLIGHT) {
  const steps = Array.from({ length: Math.min(IN_FLIGHT, Number(last) - from + 1) }, (_, i) => from + i);
  const all = await Promise.all(steps.map(decide));
  await Promise.all(steps.map((step, i) => report(step, all[i] as { id: string; action: string })));
}
const { stateHash } = await client.status();
say(`state ${stateHash}`);
await client.close();
await service.close('the run is over');
