import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { repairJournal, verifyJournal } from '#conclave/ml-service/journal/index.js';
import { projectRoot } from '../../support/shared-data.js';
import { errorOf, journalSandbox, request } from './support.js';

const NOW_MS = 1_700_000_000_000;

describe('Repair of a journal', function () {
  this.timeout(60_000);
  const sandbox = journalSandbox();

  /** A closed journal of 40 records with keys, and a checkpoint at 30. */
  async function sample(): Promise<string> {
    const folder = sandbox.folder();
    const journal = await sandbox.open(folder);
    for (let n = 1; n <= 40; n++) {
      const idempotency = { command: 'test', key: `key-${n}`, digest: `digest-${n}` };
      journal.append(request(n, { body: { n, column: new Float64Array(300).fill(n) }, idempotency }));
    }
    await journal.writeCheckpoint({ seq: 30, stateHash: 'hash', state: new Uint8Array(9) });
    await journal.close();
    return folder;
  }

  function sql(folder: string, ...statements: string[]): void {
    const database = new Database(join(folder, 'journal.db'));
    for (const statement of statements) database.exec(statement);
    database.close();
  }

  const apply = (folder: string) => repairJournal(folder, { nowMs: NOW_MS, apply: true });

  it('finds nothing to do in a whole one', async () => {
    const folder = await sample();
    const before = readFileSync(join(folder, 'journal.db'));
    expect(apply(folder)).to.deep.equal({ whole: true, keptSeq: 40, writtenSeq: 40 });
    expect(readFileSync(join(folder, 'journal.db')).equals(before)).to.equal(true);
  });

  it('says first what it would keep and give up, and changes nothing', async () => {
    const folder = await sample();
    sql(folder, 'UPDATE record SET time_ms = 1 WHERE seq = 17');
    const report = repairJournal(folder, { nowMs: NOW_MS, apply: false });
    expect(report).to.include({ whole: false, keptSeq: 16, writtenSeq: 40 });
    expect(report.problem).to.match(/record 17 does not match its hash/);
    expect(existsSync(join(folder, 'damaged-1'))).to.equal(false);
    expect(verifyJournal(folder).problems).to.not.deep.equal([]);
  });

  it('keeps the records before the damage under their keys and hashes, and goes on from there', async () => {
    const folder = await sample();
    const whole = await sandbox.open(folder, { readOnly: true });
    const hash = whole.findByKey('test', 'key-16')?.hash;
    const id = whole.id;
    await whole.close();
    sql(folder, 'UPDATE record SET time_ms = 1 WHERE seq = 17');
    const damaged = await sandbox.open(folder, { readOnly: true });
    expect(await errorOf(() => [...damaged.read()])).to.include({ code: 'DATA_LOSS' });
    await damaged.close();

    const { setAside } = apply(folder);
    expect(verifyJournal(folder).problems).to.deep.equal([]);
    const journal = await sandbox.open(folder);
    expect(journal).to.include({ id, lastSeq: 16, headHash: hash });
    expect(journal.findByKey('test', 'key-16')?.hash).to.equal(hash);
    expect(journal.findByKey('test', 'key-17')).to.equal(undefined);
    await journal.append(request(17)).durable;
    expect(journal.lastSeq).to.equal(17);
    await journal.close();
    expect(verifyJournal(folder).problems).to.deep.equal([]);

    const lines = readFileSync(join(setAside as string, 'after-the-damage.ndjson'), 'utf8')
      .trim()
      .split('\n');
    const records = lines.map((line) => JSON.parse(line));
    expect(records.map(({ seq }) => seq)).to.deep.equal(Array.from({ length: 24 }, (_, i) => i + 17));
    expect(records.map(({ intact }) => intact)).to.deep.equal([false, ...Array(23).fill(true)]);
    expect(records[5].body.column).to.deep.equal(Array(300).fill(22));
    expect(verifyJournal(setAside as string).problems[0]?.seq).to.equal(17);
  });

  const DAMAGE: readonly (readonly [string, number, (folder: string) => void])[] = [
    ['a record is missing', 8, (folder) => sql(folder, 'DELETE FROM record WHERE seq = 9')],
    [
      'the end was cut off',
      35,
      (folder) =>
        sql(
          folder,
          'DELETE FROM record WHERE seq > 35',
          'UPDATE head SET seq = 35, hash = (SELECT hash FROM record WHERE seq = 35)',
        ),
    ],
    ['the head file is gone', 40, (folder) => rmSync(join(folder, 'journal.head'))],
    ['an index lacks an entry', 40, (folder) => sql(folder, 'DROP INDEX record_subject')],
    [
      'a checkpoint is damaged',
      40,
      (folder) => truncateSync(join(folder, 'checkpoints/0000000000000030.ckpt'), 40),
    ],
    [
      'pages in the middle are overwritten',
      0,
      (folder) => {
        const file = join(folder, 'journal.db');
        const bytes = readFileSync(file);
        bytes.fill(0xa5, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 4096);
        writeFileSync(file, bytes);
      },
    ],
  ];
  for (const [name, kept, damage] of DAMAGE) {
    it(`makes the journal whole again when ${name}`, async () => {
      const folder = await sample();
      damage(folder);
      const report = apply(folder);
      expect(report.whole).to.equal(false);
      if (kept > 0) expect(report.keptSeq).to.equal(kept);
      else expect(report.keptSeq).to.be.within(1, 39);
      expect(verifyJournal(folder)).to.deep.include({ problems: [], records: report.keptSeq });
      const journal = await sandbox.open(folder);
      await journal.append(request(100)).durable;
      await journal.close();
      expect(apply(folder)).to.include({ whole: true });
    });
  }

  it('is refused to be opened while a repair is half done, and the repair can be run again', async () => {
    const folder = await sample();
    sql(folder, 'DELETE FROM record WHERE seq = 9');
    const { setAside } = apply(folder);
    // As a kill between the two renames leaves it: the new database still a draft, the old one in place.
    const draft = join(folder, 'repaired');
    mkdirSync(draft);
    copyFileSync(join(folder, 'journal.db'), join(draft, 'journal.db'));
    copyFileSync(join(setAside as string, 'journal.db'), join(folder, 'journal.db'));
    writeFileSync(join(folder, 'repairing'), 'damaged-1\n');
    expect(await errorOf(() => sandbox.open(folder))).to.include({ code: 'DATA_LOSS' });
    expect(apply(folder)).to.include({ whole: true, keptSeq: 8 });
    expect(verifyJournal(folder).problems).to.deep.equal([]);
  });

  it('refuses a journal in use, and a folder without one', async () => {
    const folder = await sample();
    const journal = await sandbox.open(folder);
    expect(await errorOf(() => apply(folder))).to.include({ code: 'FAILED_PRECONDITION' });
    await journal.close();
    expect(await errorOf(() => apply(sandbox.folder()))).to.include({ code: 'NOT_FOUND' });
  });

  it('is told on the command line, which also exports what is there', async () => {
    const folder = await sample();
    sql(folder, 'DELETE FROM record WHERE seq = 21');
    const cli = join(projectRoot, 'dist/cli/main.js');
    const run = (...args: string[]): string =>
      execFileSync(process.execPath, [cli, 'journal', ...args, '--data-dir', folder], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(() => run('repair')).to.throw();
    expect(run('repair', '--apply')).to.match(/kept records 1 to 20; gave up 20 after them/);
    const lines = run('export', '--from', '3', '--until', '5')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ seq, key }) => [seq, key])).to.deep.equal([
      [3, 'key-3'],
      [4, 'key-4'],
      [5, 'key-5'],
    ]);
    expect(lines[0].body).to.deep.equal({ n: 3, column: Array(300).fill(3) });
  });
});
