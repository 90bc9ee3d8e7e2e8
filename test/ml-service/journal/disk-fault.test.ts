import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { verifyJournal } from '#conclave/ml-service/journal/index.js';
import { projectRoot } from '../../support/shared-data.js';
import { type Acked, AppenderProcess } from './appender-process.js';
import { journalSandbox } from './support.js';

describe('Journal on a disk that fails (Linux: preloaded faults)', function () {
  this.timeout(60_000);
  const sandbox = journalSandbox();

  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  /** Every acknowledged record is there, and the chain is whole. */
  async function expectKept(dataDir: string, acked: readonly Acked[]): Promise<void> {
    expect(verifyJournal(dataDir).problems).to.deep.equal([]);
    const journal = await sandbox.open(dataDir);
    for (const { key, seq, hash } of acked)
      expect(journal.findByKey('test.append', key), key).to.include({ seq, hash });
    await journal.close();
  }

  function preloaded(): { fault: (mode: string) => void; env: Record<string, string> } {
    const folder = sandbox.folder();
    const library = join(folder, 'disk-fault.so');
    const source = join(projectRoot, 'test/ml-service/journal/disk-fault.c');
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl']);
    const control = join(folder, 'mode');
    writeFileSync(control, ' ');
    return {
      fault: (mode) => writeFileSync(control, mode),
      env: { LD_PRELOAD: library, DISK_FAULT: control },
    };
  }

  it('stops acknowledging when a file may not grow (short writes), and keeps what it acknowledged', async () => {
    const dataDir = sandbox.folder();
    const task = { dataDir, label: 'a', inFlight: 8, bodyBytes: 3000, count: 1e9 };
    const child = new AppenderProcess(task, { prelude: 'ulimit -f 4000' });
    await child.ended;
    expect(child.failures().at(-1)?.kind).to.equal('failed');
    const acked = child.acked();
    expect(acked.length).to.be.above(50);
    const lastAck = child.lines.findLastIndex((line) => line.startsWith('acked'));
    expect(lastAck).to.be.below(child.lines.findIndex((line) => line.startsWith('failure failed')));
    expect(child.refusals().map(({ code }) => code)).to.include('UNAVAILABLE');
    await expectKept(dataDir, acked);
  });

  it('refuses appends on a full disk, keeps what it acknowledged, and goes on when there is room', async () => {
    const dataDir = sandbox.folder();
    const { fault, env } = preloaded();
    const child = new AppenderProcess(
      { dataDir, label: 'a', inFlight: 8, bodyBytes: 3000, count: 1e9 },
      { env },
    );
    await child.acknowledged(100);
    fault('f');
    await child.said('failure refused');
    await child.said('refused');
    const before = child.acked().length;
    fault(' ');
    await child.acknowledged(before + 100);
    await child.kill();
    expect(child.failures().map(({ kind }) => kind))
      .to.include('refused')
      .and.not.to.include('failed');
    for (const { code } of child.refusals()) expect(code).to.equal('UNAVAILABLE');
    // A number given back is given again: the acknowledged ones have no gap and no double.
    const seqs = child.acked().map(({ seq }) => seq);
    expect(new Set(seqs).size).to.equal(seqs.length);
    await expectKept(dataDir, child.acked());
  });

  it('acknowledges nothing more after fsync has failed once, even though the next one would succeed', async () => {
    const dataDir = sandbox.folder();
    const { fault, env } = preloaded();
    const child = new AppenderProcess(
      { dataDir, label: 'a', inFlight: 8, bodyBytes: 300, count: 1e9 },
      { env },
    );
    await child.acknowledged(100);
    fault('e');
    await child.ended;
    const failed = child.lines.findIndex((line) => line.startsWith('failure failed'));
    expect(failed).to.be.above(0);
    expect(child.lines.slice(failed).filter((line) => line.startsWith('acked'))).to.deep.equal([]);
    expect(child.failures()).to.deep.equal([
      { kind: 'failed', durableSeq: Math.max(...child.acked().map(({ seq }) => seq)) },
    ]);
    await expectKept(dataDir, child.acked());
  });
});
