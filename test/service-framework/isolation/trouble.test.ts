import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { HandlerHealth, Isolation } from '#conclave/service-framework/index.js';
import { errorOf } from '../support/test-host.js';
import { eventually, type IsolatedHost, isolatedHost, QUICK } from './support.js';

interface IsolationDetail {
  readonly state: string;
  readonly restarts: number;
  readonly lastError?: string;
  readonly in?: string;
}

function detailOf({ handler }: IsolatedHost): IsolationDetail {
  return handler.health().detail as unknown as IsolationDetail;
}

async function healthOf({ host }: IsolatedHost): Promise<{ ready: boolean; handler: HandlerHealth }> {
  const { ready, handlers } = await host.health();
  return { ready, handler: handlers.find(({ handler }) => handler === 'TroubledHandler') as HandlerHealth };
}

/** What goes wrong, the time its caller gives it, and how it may end. */
const TROUBLES: readonly (readonly [
  command: string,
  timeoutMs: number,
  codes: readonly string[],
  lastError: RegExp,
  only?: Isolation,
])[] = [
  ['spin', 500, ['DEADLINE_EXCEEDED'], /spun/],
  ['leak', 40_000, ['UNAVAILABLE'], /out of memory|killed by SIG|exited with code/],
  ['leak_buffers', 40_000, ['UNAVAILABLE'], /MB of memory/],
  ['uncaught', 40_000, ['UNAVAILABLE'], /nobody catches this|exited with code 1/],
  ['exit', 40_000, ['UNAVAILABLE'], /with code 7/],
  ['abort', 40_000, ['UNAVAILABLE'], /killed by SIGABRT|exited with code/, 'process'],
];

/** Whether Node.js survives a worker at its heap limit: 20 and 22 end the worker, 24 aborts with it. */
function outlivesFullWorker(): boolean {
  const script = `
    const { Worker } = require('node:worker_threads');
    const fill = 'const kept = []; for (;;) kept.push(new Array(1000).fill(kept.length));';
    new Worker(fill, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 32 } }).on('error', () => process.exit(0));`;
  return spawnSync(process.execPath, ['-e', script], { stdio: 'ignore' }).status === 0;
}

for (const isolation of ['worker', 'process'] as const) {
  describe(`trouble in a ${isolation}`, function () {
    this.timeout(120_000);
    let at: IsolatedHost;

    beforeEach(async () => {
      const maxMemoryMb = isolation === 'worker' ? 160 : 320;
      at = await isolatedHost({ isolation, ...QUICK, maxHung: 2, maxHeapMb: 64, maxMemoryMb });
    });
    afterEach(() => at.close());

    for (const [trouble, timeoutMs, codes, lastError, only] of TROUBLES) {
      if (only !== undefined && only !== isolation) continue;
      it(`costs the calls of the handler only: ${trouble}`, async function () {
        if (trouble === 'leak' && isolation === 'worker' && !outlivesFullWorker()) {
          process.stderr.write(
            '      Node.js here ends with any worker whose heap is full; only a process of its own helps\n',
          );
          this.skip();
        }
        const before = detailOf(at).in;
        const neighbour = errorOf(at.call('troubled.wait', undefined, 60_000));
        const ended = errorOf(at.call(`troubled.${trouble}`, undefined, timeoutMs));
        let open = true;
        void ended.finally(() => {
          open = false;
        });
        let pings = 0;
        do {
          await at.call('service.ping');
          pings++;
          await new Promise((resolve) => setTimeout(resolve, 5));
        } while (open);
        expect(codes).to.include((await ended).code);
        expect(pings).to.be.greaterThan(0);
        // Whoever shared the thread is told at once, and may try again.
        expect((await neighbour).code).to.equal('UNAVAILABLE');
        await eventually(() => detailOf(at).state === 'ready' && detailOf(at).restarts > 0);
        expect(detailOf(at).lastError).to.match(lastError);
        expect(detailOf(at).in).not.to.equal(before);
        const { values } = await at.call('troubled.scale', { values: Float64Array.of(5) });
        expect(values).to.deep.equal(Float64Array.of(5));
      });
    }

    it('starts a handler again that hangs, once nobody waits for it', async () => {
      const hung = Array.from({ length: 3 }, () => errorOf(at.call('troubled.hang', undefined, 50)));
      for (const { code } of await Promise.all(hung)) expect(code).to.equal('DEADLINE_EXCEEDED');
      await eventually(() => detailOf(at).restarts === 1 && detailOf(at).state === 'ready');
      expect(detailOf(at).lastError).to.match(/hung: 3 requests never ended/);
      const stats = at.host.stats().commands.find(({ command }) => command === 'troubled.hang');
      expect(stats?.abandoned).to.equal(0);
    });

    it('draws other random numbers in each life', async () => {
      const first = await at.call<{ draw: number }>('troubled.context');
      await errorOf(at.call('troubled.exit'));
      await eventually(() => detailOf(at).state === 'ready');
      const second = await at.call<{ draw: number }>('troubled.context');
      expect(second.draw).not.to.equal(first.draw);
    });
  });

  describe(`a ${isolation} that does not come back`, function () {
    this.timeout(120_000);

    it('fails its calls fast with a time to wait, and the host says so', async () => {
      const restart = { firstMs: 60_000, maxMs: 60_000 };
      const at = await isolatedHost({ isolation, ...QUICK, restart });
      expect((await healthOf(at)).ready).to.equal(true);
      await errorOf(at.call('troubled.exit'));
      const error = await errorOf(at.call('troubled.scale', { values: [1] }));
      expect(error.code).to.equal('UNAVAILABLE');
      expect(error.message).to.match(/waiting to be started again: .*with code 7/);
      expect(error.retryAfterMs).to.be.within(20_000, 70_000);
      const { ready, handler } = await healthOf(at);
      expect(ready).to.equal(false);
      expect(handler).to.deep.include({ ready: false });
      expect(handler.detail).to.include({ isolation, state: 'backoff', restarts: 0 });
      await at.close();
    });

    it('leaves the host ready where it is not essential', async () => {
      const restart = { firstMs: 60_000, maxMs: 60_000 };
      const at = await isolatedHost({ isolation, ...QUICK, restart, essential: false });
      await errorOf(at.call('troubled.exit'));
      const { ready, handler } = await healthOf(at);
      expect(ready).to.equal(true);
      expect(handler).to.include({ ready: false, essential: false });
      await at.close();
    });
  });

  describe(`the end of a host with a ${isolation}`, function () {
    this.timeout(120_000);

    it('waits for what runs, then stops it in order', async () => {
      const at = await isolatedHost({ isolation, ...QUICK });
      const last = at.call('troubled.scale', { values: [1] });
      await at.host.drain('the test');
      expect(await last).to.have.property('values');
      expect(detailOf(at)).to.deep.include({ state: 'stopped', restarts: 0 });
      expect(detailOf(at).lastError).to.equal(undefined);
      expect(detailOf(at).in).to.equal(undefined);
    });

    it('does not wait for a handler that spins', async () => {
      const at = await isolatedHost({
        isolation,
        ...QUICK,
        graceMs: 60_000,
        silenceMs: 60_000,
        stopTimeoutMs: 200,
      });
      await errorOf(at.call('troubled.spin', undefined, 50));
      await at.close();
      expect(detailOf(at).state).to.equal('stopped');
    });
  });
}

describe('a process that is left behind', function () {
  this.timeout(120_000);

  it('ends when its host was killed, even while it spins', async () => {
    const program = fileURLToPath(new URL('./spinning-host.js', import.meta.url));
    const host = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: host.stdout });
    const [line] = (await once(lines, 'line')) as [string];
    const { pid } = JSON.parse(line) as { pid: number };
    expect(alive(pid)).to.equal(true);
    host.kill('SIGKILL');
    await eventually(() => !alive(pid));
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
