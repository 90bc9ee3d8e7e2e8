import { spawnSync } from 'node:child_process';
import { expect } from 'chai';

import * as fastcalc from '#conclave/fastcalc/index.js';
import { ServiceError } from '#conclave/runtime/index.js';
import { projectRoot } from '../../support/shared-data.js';

const returns = Float64Array.from({ length: 3000 }, (_, row) => 0.01 * Math.sin(row * row));
const options: fastcalc.FitHmmOptions = { states: 2, emission: 'gaussian', maxIterations: 20, tolerance: 0 };
/** Work of a second or more on any machine. */
const LONG = { paths: 200_000, steps: 1000, seed: 1, threads: 1 } as const;

/** The ServiceError a promise rejects with. */
async function rejection(promise: Promise<unknown>): Promise<ServiceError> {
  try {
    await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(ServiceError);
    return error as ServiceError;
  }
  throw new Error('the promise was kept');
}

describe('kernel workers', () => {
  let workers: fastcalc.KernelWorkers;
  beforeEach(() => {
    workers = new fastcalc.KernelWorkers({ threads: 2 });
  });
  afterEach(() => workers.close());

  it('give what the kernels give on the calling thread', async () => {
    const monteCarlo = { paths: 50, seed: 3 };
    const [fit, changes, paths] = await Promise.all([
      workers.run('fitHmm', [returns, options]),
      workers.run('pelt', [returns, { cost: 'mean', penalty: 0.01 }]),
      workers.run('monteCarlo', [returns, monteCarlo]),
    ]);
    expect(fit).to.deep.equal(fastcalc.fitHmm(returns, options));
    expect(changes).to.deep.equal(fastcalc.pelt(returns, { cost: 'mean', penalty: 0.01 }));
    expect(paths).to.deep.equal(fastcalc.monteCarlo(returns, monteCarlo));
  });

  it('work on the arguments as they were at the call, shared memory included', async () => {
    const expected = fastcalc.fitGarch(returns);
    const shared = new Float64Array(new SharedArrayBuffer(8 * returns.length));
    shared.set(returns);
    const own = returns.slice();
    const fits = [workers.run('fitGarch', [own]), workers.run('fitGarch', [shared])];
    own.fill(1);
    shared.fill(1);
    for (const fit of await Promise.all(fits)) expect(fit).to.deep.equal(expected);
  });

  it('reject with the error of the kernel, its code and field', async () => {
    const detached = new Float64Array(4);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    const wrong = (value: unknown): never => value as never;
    const calls: [string, () => Promise<unknown>][] = [
      ['states', () => workers.run('fitHmm', [returns, { ...options, states: 0 }])],
      ['returns', () => workers.run('fitGarch', [wrong([1, 2])])],
      ['returns[1]', () => workers.run('fitGarch', [Float64Array.of(1, Number.POSITIVE_INFINITY)])],
      ['args[0]', () => workers.run('fitGarch', [detached])],
      ['args', () => workers.run('fitGarch', [wrong(() => 1)])],
      ['kernel', () => workers.run(wrong('constructor'), wrong([]))],
      ['threads', async () => new fastcalc.KernelWorkers({ threads: 0 })],
    ];
    for (const [field, call] of calls) {
      const error = await rejection(call());
      expect([error.code, error.field], error.message).to.deep.equal(['INVALID_ARGUMENT', field]);
    }
  });

  it('reject a cancelled call at once, before, while it waits and while it runs', async () => {
    const controllers = [1, 2, 3].map(() => new AbortController());
    const before = await rejection(workers.run('fitGarch', [returns], { signal: AbortSignal.abort() }));
    // Two threads: the third has to wait.
    const calls = controllers.map(({ signal }) => workers.run('monteCarlo', [returns, LONG], { signal }));
    const last = workers.run('fitTail', [returns, { thresholdLevel: 0.9 }]);
    const ends = calls.map(rejection);
    for (const controller of controllers) controller.abort();
    const codes = [before, ...(await Promise.all(ends))].map((error) => [error.code, error.field]);
    expect(codes).to.deep.equal(new Array(4).fill(['CANCELLED', 'signal']));
    expect(await last).to.deep.equal(fastcalc.fitTail(returns, { thresholdLevel: 0.9 }));
  }).timeout(120_000);

  it('do not keep a process alive that has nothing else to do', () => {
    const script = `
      import { KernelWorkers } from '#conclave/fastcalc/index.js';
      const fit = await new KernelWorkers({ threads: 2 }).run('pelt', [Float64Array.of(1, 1, 9, 9), { cost: 'mean', penalty: 1 }]);
      process.stdout.write(fit.join());`;
    const options = { cwd: projectRoot, encoding: 'utf8', timeout: 60_000 } as const;
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', script], options);
    expect([run.status, run.stdout], run.stderr).to.deep.equal([0, '2']);
  }).timeout(60_000);

  it('end what waits and runs when closed, and take nothing afterwards', async () => {
    const call = rejection(workers.run('fitHmm', [returns, options]));
    await workers.close();
    expect((await call).code).to.equal('CANCELLED');
    expect((await rejection(workers.run('fitGarch', [returns]))).code).to.equal('FAILED_PRECONDITION');
  });
});
