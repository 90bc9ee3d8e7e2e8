import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openJournal, replay, verifyJournal } from '#conclave/ml-service/index.js';
import { SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { removeFolder, temporaryFolder } from '../../support/service-process.js';
import { projectRoot } from '../../support/shared-data.js';

const DRIVER = join(projectRoot, 'build/test/ml-service/e2e/crash-driver.js');
const SOURCE = join(projectRoot, 'test/ml-service/e2e/crash-point.c');
/** Points of death in one run; `make crash` asks for many more. */
const POINTS = Number(process.env['CONCLAVE_CRASH_POINTS'] ?? 12);
/** More of them make a run longer, so that every point is another system call. */
const STEPS = Math.max(9, 3 * Math.ceil(POINTS / 30));

interface Run {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  /** What was said, in order: `decided …`, `acked …`, `state …`. */
  readonly said: readonly (readonly string[])[];
  readonly stderr: string;
}

describe('The service killed at a system call of its journal (Linux: preloaded)', function () {
  this.timeout(60_000 + 20_000 * POINTS);
  const folders: string[] = [];
  let library: string;

  before(function () {
    if (process.platform !== 'linux') this.skip();
    library = join(folder(), 'crash-point.so');
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, SOURCE, '-ldl']);
  });
  after(() => {
    for (const each of folders) removeFolder(each);
  });

  function folder(): string {
    const made = temporaryFolder();
    folders.push(made);
    return made;
  }

  async function drive(dataDir: string, known: readonly string[], env: Record<string, string>): Promise<Run> {
    const child = spawn(process.execPath, [DRIVER, dataDir, '0', String(STEPS - 1), ...known], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    // A last line without its end was not said.
    const lines = stdout.split('\n').slice(0, -1);
    return { code, signal, said: lines.map((line) => line.split(' ')), stderr };
  }

  const stateOf = ({ said }: Run): string | undefined => said.find(([word]) => word === 'state')?.[1];

  /** Dies at call `at`, runs again to the end, and holds what was promised. */
  async function dieAt(at: number, undisturbed: string): Promise<boolean> {
    const dataDir = folder();
    const where = `killed at call ${at}`;
    const preload = {
      LD_PRELOAD: library,
      CRASH_FOLDER: dataDir,
      CRASH_AT: String(at),
      ...(at % 2 === 0 ? { CRASH_HALF: '1' } : {}),
    };
    const first = await drive(dataDir, [], preload);
    const died = first.signal === 'SIGKILL';
    expect(died || first.code === 0, `${where}: ${first.code} ${first.signal} ${first.stderr}`).to.equal(
      true,
    );
    const decided = first.said.filter(([word]) => word === 'decided');
    const acked = first.said.filter(([word]) => word === 'acked').map(([, step]) => step);

    const known = decided.map(([, step, id, action]) => `${step}=${id}/${action}`);
    const second = await drive(dataDir, known, {});
    expect(second.code, `${where}, started again: ${second.stderr}`).to.equal(0);
    expect(stateOf(second), where).to.equal(undisturbed);

    expect(verifyJournal(dataDir).problems, where).to.deep.equal([]);
    const journal = await openJournal({
      dataDir,
      clock: new SystemClock(),
      logger: silentLogger(),
      readOnly: true,
    });
    const learned = new Map<string, number>();
    for (const { subject = '' } of journal.read({ kinds: ['feedback'] }))
      learned.set(subject, (learned.get(subject) ?? 0) + 1);
    for (const [, step, id = ''] of decided)
      if (acked.includes(step)) expect(learned.get(id), `${where}: step ${step}`).to.equal(1);
    expect([...learned.values()], where).to.deep.equal(Array(STEPS).fill(1));
    const report = replay(journal);
    await journal.close();
    expect(report, where).to.deep.include({ differences: [], stateHash: undisturbed });
    removeFolder(dataDir);
    return died;
  }

  it(`loses nothing acknowledged, learns nothing twice and ends in the same state, ${POINTS} times`, async () => {
    const calm = folder();
    const count = join(folder(), 'calls');
    const run = await drive(calm, [], { LD_PRELOAD: library, CRASH_FOLDER: calm, CRASH_COUNT: count });
    expect(run.code, run.stderr).to.equal(0);
    const undisturbed = stateOf(run) as string;
    expect(undisturbed).to.match(/^[0-9a-f]{16,}$/);
    const calls = Number(readFileSync(count, 'utf8'));
    expect(calls).to.be.above(POINTS);

    let deaths = 0;
    for (let point = 0; point < POINTS; point++) {
      const at = 1 + Math.round((point * (calls - 1)) / (POINTS - 1));
      if (await dieAt(at, undisturbed)) deaths += 1;
      if (process.stderr.isTTY) process.stderr.write(`\r${point + 1}/${POINTS} points of death`);
    }
    // Grouping depends on time, so a run may have a few calls less than the one that was counted.
    expect(deaths).to.be.above(0.9 * POINTS);
  });
});
