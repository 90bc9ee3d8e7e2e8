import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { verifyJournal } from '#conclave/ml-service/journal/index.js';
import { errorOf, fill, journalSandbox } from './support.js';

describe('Checkpoints of a journal', () => {
  const sandbox = journalSandbox();
  const state = (n: number): Uint8Array => new Uint8Array(1000).fill(n);

  it('come back as they were written, the newest first, over a restart', async () => {
    const folder = sandbox.folder();
    const first = await sandbox.open(folder);
    expect(first.latestCheckpoint()).to.equal(undefined);
    await fill(first, 10);
    await first.writeCheckpoint({ seq: 4, stateHash: 'four', state: state(4) });
    await first.writeCheckpoint({ seq: 8, stateHash: 'acht ✓', state: state(8) });
    await first.close();
    const second = await sandbox.open(folder);
    expect(second.latestCheckpoint()).to.deep.equal({ seq: 8, stateHash: 'acht ✓', state: state(8) });
  });

  it('may stand before the first record and hold an empty state', async () => {
    const journal = await sandbox.open(sandbox.folder());
    await journal.writeCheckpoint({ seq: 0, stateHash: '', state: new Uint8Array() });
    expect(journal.latestCheckpoint()).to.deep.equal({ seq: 0, stateHash: '', state: new Uint8Array() });
  });

  it('are kept to the newest three', async () => {
    const folder = sandbox.folder();
    const journal = await sandbox.open(folder);
    await fill(journal, 9);
    for (const seq of [1, 3, 5, 7, 9])
      await journal.writeCheckpoint({ seq, stateHash: '', state: state(seq) });
    expect(readdirSync(join(folder, 'checkpoints')).sort()).to.deep.equal([
      '0000000000000005.ckpt',
      '0000000000000007.ckpt',
      '0000000000000009.ckpt',
    ]);
  });

  it('wait for their record, and hold the state as it was when they were asked for', async () => {
    const folder = sandbox.folder();
    const journal = await sandbox.open(folder);
    const filled = fill(journal, 50);
    const bytes = state(1);
    const written = journal.writeCheckpoint({ seq: 50, stateHash: 'x', state: bytes });
    bytes.fill(2);
    await written;
    expect(journal.durableSeq).to.equal(50);
    expect(journal.latestCheckpoint()?.state.at(0)).to.equal(1);
    await filled;
  });

  it('are refused beyond the end of the journal', async () => {
    const journal = await sandbox.open(sandbox.folder());
    await fill(journal, 2);
    for (const seq of [3, -1, 1.5, Number.NaN]) {
      const error = await errorOf(() => journal.writeCheckpoint({ seq, stateHash: '', state: state(1) }));
      expect(error).to.include({ code: 'INVALID_ARGUMENT', field: 'seq' });
    }
  });

  it('of another journal, or renamed, are passed over and reported', async () => {
    const [mine, other] = [sandbox.folder(), sandbox.folder()];
    for (const folder of [mine, other]) {
      const journal = await sandbox.open(folder);
      await fill(journal, 6);
      await journal.writeCheckpoint({ seq: 3, stateHash: folder, state: state(3) });
      await journal.writeCheckpoint({ seq: 5, stateHash: folder, state: state(5) });
      await journal.close();
    }
    const at = (folder: string, seq: number): string =>
      join(folder, 'checkpoints', `${seq}`.padStart(16, '0'));
    renameSync(`${at(other, 5)}.ckpt`, `${at(mine, 5)}.ckpt`);
    renameSync(`${at(other, 3)}.ckpt`, `${at(mine, 4)}.ckpt`);
    const journal = await sandbox.open(mine);
    expect(journal.latestCheckpoint()).to.deep.include({ seq: 3, stateHash: mine });
    expect(verifyJournal(mine).problems.map(({ kind, seq }) => `${kind} ${seq}`)).to.deep.equal([
      'checkpoint 5',
      'checkpoint 4',
    ]);
  });

  it('that an interruption left half-written are removed', async () => {
    const folder = sandbox.folder();
    mkdirSync(join(folder, 'checkpoints'));
    writeFileSync(join(folder, 'checkpoints', '0000000000000005.ckpt.tmp'), 'half');
    const journal = await sandbox.open(folder);
    expect(readdirSync(join(folder, 'checkpoints'))).to.deep.equal([]);
    expect(journal.latestCheckpoint()).to.equal(undefined);
  });

  it('beyond the end prove that the journal was cut', async () => {
    const [short, long] = [sandbox.folder(), sandbox.folder()];
    for (const [folder, count] of [
      [short, 2],
      [long, 6],
    ] as const) {
      const journal = await sandbox.open(folder);
      await fill(journal, count);
      if (folder === long) await journal.writeCheckpoint({ seq: 6, stateHash: '', state: state(6) });
      await journal.close();
    }
    const name = join('checkpoints', '0000000000000006.ckpt');
    renameSync(join(long, name), join(short, name));
    const error = await errorOf(() => sandbox.open(short));
    expect(error).to.include({ code: 'DATA_LOSS' });
    expect(error.message).to.contain('there is a checkpoint of record 6');
    expect(verifyJournal(short).problems).to.have.lengthOf(1);
  });

  it('cannot be written read-only', async () => {
    const folder = sandbox.folder();
    const journal = await sandbox.open(folder);
    await fill(journal, 2);
    await journal.writeCheckpoint({ seq: 2, stateHash: 'two', state: state(2) });
    const reader = await sandbox.open(folder, { readOnly: true });
    expect(reader.latestCheckpoint()).to.deep.equal({ seq: 2, stateHash: 'two', state: state(2) });
    const error = await errorOf(() => reader.writeCheckpoint({ seq: 1, stateHash: '', state: state(1) }));
    expect(error.code).to.equal('FAILED_PRECONDITION');
  });
});
