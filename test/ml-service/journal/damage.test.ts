import { copyFileSync, cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { type JournalVerification, verifyJournal } from '#conclave/ml-service/journal/index.js';
import { SeededRng, ServiceError } from '#conclave/runtime/index.js';
import { AppenderProcess } from './appender-process.js';
import { errorOf, fill, journalSandbox, request } from './support.js';

/** `make crash` asks for more. */
const FLIPS = Number(process.env['CONCLAVE_FLIPS'] ?? 150);

describe('Damage to a journal', function () {
  this.timeout(60_000);
  const sandbox = journalSandbox();

  /** A closed journal of 30 records with keys, long bodies among them, and a checkpoint at 20. */
  async function sample(): Promise<string> {
    const folder = sandbox.folder();
    const journal = await sandbox.open(folder);
    for (let n = 1; n <= 30; n++) {
      const idempotency = { command: 'test', key: `key-${n}`, digest: `digest-${n}` };
      const body = { n, column: new Float64Array(n % 10 === 0 ? 1500 : 20).fill(n) };
      journal.append(request(n, { body, ...(n % 3 === 0 ? { idempotency } : {}) }));
    }
    await journal.writeCheckpoint({ seq: 20, stateHash: 'hash-20', state: new Uint8Array(50).fill(20) });
    await journal.close();
    return folder;
  }

  /** The same journal in another folder, so that each damage starts from a whole one. */
  function copyOf(folder: string): string {
    const copy = sandbox.folder();
    copyFileSync(join(folder, 'journal.db'), join(copy, 'journal.db'));
    copyFileSync(join(folder, 'journal.head'), join(copy, 'journal.head'));
    cpSync(join(folder, 'checkpoints'), join(copy, 'checkpoints'), { recursive: true });
    return copy;
  }

  function verified(folder: string): JournalVerification | ServiceError {
    try {
      return verifyJournal(folder);
    } catch (thrown) {
      if (thrown instanceof ServiceError) return thrown;
      throw thrown;
    }
  }

  const isFound = (result: JournalVerification | ServiceError): boolean =>
    result instanceof ServiceError || result.problems.length > 0;

  /** Everything the journal says, each record also looked up by subject and by key. */
  async function content(folder: string): Promise<unknown[]> {
    const journal = await sandbox.open(folder, { readOnly: true });
    const all = [...journal.read()].map((record) => [
      record,
      journal.findBySubject(record.kind, record.subject ?? ''),
      record.key && journal.findByKey(record.command ?? '', record.key),
    ]);
    await journal.close();
    return all;
  }

  it('of one bit of the database file is found, or the bit means nothing', async () => {
    const folder = await sample();
    const bytes = readFileSync(join(folder, 'journal.db'));
    const whole = await content(folder);
    const rng = new SeededRng(16);
    let found = 0;
    for (let i = 0; i < FLIPS; i++) {
      const at = rng.integer(bytes.length);
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << rng.integer(8)), at);
      const copy = copyOf(folder);
      writeFileSync(join(copy, 'journal.db'), flipped);
      if (isFound(verified(copy))) found++;
      else expect(await content(copy), `byte ${at}`).to.deep.equal(whole);
      rmSync(copy, { recursive: true });
    }
    expect(found).to.be.above(FLIPS / 3);
  });

  it('of one bit of a checkpoint is found, and the checkpoint not used', async () => {
    const folder = await sample();
    const name = join('checkpoints', '0000000000000020.ckpt');
    const bytes = readFileSync(join(folder, name));
    for (let at = 0; at < bytes.length; at += 3) {
      const copy = copyOf(folder);
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at % 8)), at);
      writeFileSync(join(copy, name), flipped);
      const { problems } = verifyJournal(copy);
      expect(problems.map(({ kind, seq }) => ({ kind, seq }))).to.deep.equal([
        { kind: 'checkpoint', seq: 20 },
      ]);
      rmSync(copy, { recursive: true });
    }
    writeFileSync(join(folder, name), bytes.subarray(0, 40));
    const journal = await sandbox.open(folder);
    expect(journal.latestCheckpoint()).to.equal(undefined);
    expect(journal.lastSeq).to.equal(30);
  });

  it('of one bit of the head file is found', async () => {
    const folder = await sample();
    const bytes = readFileSync(join(folder, 'journal.head'));
    const rng = new SeededRng(3);
    for (let i = 0; i < 60; i++) {
      const at = i % 2 === 0 ? rng.integer(160) : rng.integer(bytes.length);
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << rng.integer(8)), at);
      const copy = copyOf(folder);
      writeFileSync(join(copy, 'journal.head'), flipped);
      expect(isFound(verified(copy)), `byte ${at}`).to.equal(true);
      rmSync(copy, { recursive: true });
    }
  });

  const swap = `UPDATE record SET seq = -1 WHERE seq = 5; UPDATE record SET seq = 5 WHERE seq = 6;
    UPDATE record SET seq = 6 WHERE seq = -1`;
  const tampering: [name: string, sql: string, kind: string][] = [
    ['a deleted record', 'DELETE FROM record WHERE seq = 12', 'gap'],
    ['a deleted first record', 'DELETE FROM record WHERE seq = 1', 'gap'],
    ['a deleted last record', 'DELETE FROM record WHERE seq = 30', 'end'],
    [
      'deleted last records with the head adjusted',
      `DELETE FROM record WHERE seq > 25;
       UPDATE head SET seq = 25, hash = (SELECT hash FROM record WHERE seq = 25)`,
      'end',
    ],
    ['all records deleted', 'DELETE FROM record', 'end'],
    ['a changed body', "UPDATE record SET body = x'81a16e01' WHERE seq = 9", 'changed'],
    ['a body that is text now', 'UPDATE record SET body = CAST(body AS TEXT) WHERE seq = 9', 'changed'],
    ['a changed time', 'UPDATE record SET time_ms = time_ms + 1 WHERE seq = 9', 'changed'],
    ['a changed kind', "UPDATE record SET kind = 'outcome' WHERE seq = 9", 'changed'],
    ['a changed subject', "UPDATE record SET subject = 'd-8' WHERE seq = 9", 'changed'],
    ['a removed subject', 'UPDATE record SET subject = NULL WHERE seq = 9', 'changed'],
    ['a changed key', "UPDATE record SET key = 'other' WHERE seq = 9", 'changed'],
    ['a changed digest', "UPDATE record SET digest = 'other' WHERE seq = 9", 'changed'],
    ['a changed hash', 'UPDATE record SET hash = zeroblob(32) WHERE seq = 9', 'changed'],
    ['two records in each other’s place', swap, 'changed'],
    [
      'an added record',
      "INSERT INTO record SELECT 31, hash, kind, time_ms, 'new', NULL, NULL, NULL, body FROM record WHERE seq = 30",
      'end',
    ],
    [
      'a record before the first',
      "INSERT INTO record SELECT 0, hash, kind, time_ms, 'new', NULL, NULL, NULL, body FROM record WHERE seq = 30",
      'gap',
    ],
    ['another journal id', "UPDATE meta SET value = 'x' WHERE name = 'journal_id'", 'end'],
    ['a dropped index', 'DROP INDEX record_key', 'tables'],
    ['a trigger', 'CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM record; END', 'tables'],
  ];
  for (const [name, sql, kind] of tampering)
    it(`by plain SQL is found and refused: ${name}`, async () => {
      const folder = await sample();
      rmSync(join(folder, 'checkpoints'), { recursive: true });
      const database = new Database(join(folder, 'journal.db'));
      database.exec(sql);
      database.close();
      expect(verifyJournal(folder).problems.map((problem) => problem.kind)).to.include(kind);
      const error = await errorOf(() => sandbox.open(folder));
      expect(error).to.include({ code: 'DATA_LOSS' });
      expect(error.message).to.contain(join(folder, 'journal.'));
    });

  it('names the record concerned', async () => {
    const folder = await sample();
    const database = new Database(join(folder, 'journal.db'));
    database.exec('UPDATE record SET time_ms = 1 WHERE seq = 27; DELETE FROM record WHERE seq IN (3, 4, 5)');
    database.close();
    const { problems, records } = verifyJournal(folder);
    expect(records).to.equal(27);
    expect(problems.map(({ seq, kind }) => [seq, kind])).to.deep.equal([
      [3, 'gap'],
      [6, 'changed'],
      [27, 'changed'],
    ]);
    expect(problems[0]?.message).to.contain('records 3 to 5 are missing');
    expect((await errorOf(() => sandbox.open(folder))).details).to.include({ seq: 27 });
  });

  it('is refused on reading, never returned as a record', async () => {
    const folder = await sample();
    const database = new Database(join(folder, 'journal.db'));
    database.exec("UPDATE record SET digest = 'other' WHERE seq = 9; DELETE FROM record WHERE seq = 20");
    database.close();
    const journal = await sandbox.open(folder, { readOnly: true });
    expect(journal.findByKey('test', 'key-6')?.seq).to.equal(6);
    for (const read of [
      () => journal.findByKey('test', 'key-9'),
      () => journal.findBySubject('feedback', 'd-9'),
      () => journal.findBySubject('feedback', 'd-21'),
      () => [...journal.read()],
      () => [...journal.read({ fromSeq: 15 })],
      () => [...journal.read({ fromSeq: 15, kinds: ['feedback'] })],
    ])
      expect((await errorOf(read)).code).to.equal('DATA_LOSS');
  });

  for (const [name, cut] of [
    ['deleted', (log: string) => rmSync(log)],
    ['cut in half', (log: string) => truncateSync(log, Math.floor(readFileSync(log).length / 2))],
    ['emptied', (log: string) => truncateSync(log, 0)],
  ] as const)
    it(`after kill -9 is found when SQLite’s log was ${name}`, async () => {
      const dataDir = sandbox.folder();
      const child = new AppenderProcess({ dataDir, label: 'a', inFlight: 4, bodyBytes: 100, count: 1e9 });
      await child.acknowledged(100);
      await child.kill();
      rmSync(join(dataDir, 'journal.db-shm'));
      cut(join(dataDir, 'journal.db-wal'));
      const result = verifyJournal(dataDir);
      expect(result.problems).to.not.deep.equal([]);
      const error = await errorOf(() => sandbox.open(dataDir));
      expect(error).to.include({ code: 'DATA_LOSS' });
      expect(error.message).to.match(/but record \d+ was written/);
    });

  it('is found when the database file was deleted, emptied, cut, or is something else', async () => {
    const folder = await sample();
    const damages: ((path: string) => void)[] = [
      (path) => rmSync(path),
      (path) => writeFileSync(path, ''),
      (path) => writeFileSync(path, 'no database at all, but long enough to look at: '.repeat(100)),
      (path) => truncateSync(path, 8192),
    ];
    for (const damage of damages) {
      const copy = copyOf(folder);
      damage(join(copy, 'journal.db'));
      expect(isFound(verified(copy))).to.equal(true);
      expect((await errorOf(() => sandbox.open(copy))).code).to.equal('DATA_LOSS');
    }
  });

  it('is suspected when the head file is gone or belongs to another journal', async () => {
    const folder = await sample();
    const path = join(folder, 'journal.head');
    rmSync(path);
    expect((await errorOf(() => sandbox.open(folder))).message).to.contain('cannot tell whether');
    expect(verifyJournal(folder).problems).to.have.lengthOf(1);
    copyFileSync(join(await sample(), 'journal.head'), path);
    expect((await errorOf(() => sandbox.open(folder))).message).to.contain('belongs to journal');
    expect(verifyJournal(folder).problems.map(({ kind }) => kind)).to.include('end');
  });

  it('is found while the journal is in use, and stops it', async () => {
    const folder = sandbox.folder();
    const journal = await sandbox.open(folder);
    await fill(journal, 10);
    const database = new Database(join(folder, 'journal.db'));
    database.exec('UPDATE head SET seq = 9');
    database.close();
    const error = await errorOf(() => journal.append(request(11)).durable);
    expect(error.code).to.equal('DATA_LOSS');
    expect((await errorOf(() => journal.append(request(11)))).code).to.equal('DATA_LOSS');
    expect(journal.durableSeq).to.equal(10);
  });
});
