import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { openJournal, verifyJournal } from '#conclave/ml-service/journal/index.js';
import { createLogger, ManualClock } from '#conclave/runtime/index.js';
import { AppenderProcess } from './appender-process.js';
import { errorOf, fill, journalSandbox, request } from './support.js';

describe('Opening a journal', () => {
  const sandbox = journalSandbox();

  it('gives each new one an identity of its own', async () => {
    const [one, two] = [await sandbox.open(sandbox.folder()), await sandbox.open(sandbox.folder())];
    expect(one.lastSeq).to.equal(0);
    expect(one.headHash)
      .to.match(/^[0-9a-f]{64}$/)
      .and.not.equal(two.headHash);
  });

  it('refuses a newer format, naming both versions, and touches nothing', async () => {
    const folder = sandbox.folder();
    const journal = await sandbox.open(folder);
    await fill(journal, 1);
    await journal.close();
    const database = new Database(join(folder, 'journal.db'));
    database.exec(
      "UPDATE meta SET value = '7' WHERE name = 'format'; ALTER TABLE record ADD COLUMN extra TEXT",
    );
    database.close();
    const attempts = [
      () => sandbox.open(folder),
      () => sandbox.open(folder, { readOnly: true }),
      () => verifyJournal(folder),
    ];
    for (const attempt of attempts) {
      const error = await errorOf(attempt);
      expect(error.code).to.equal('FAILED_PRECONDITION');
      expect(error.message).to.contain('format 7').and.to.contain('up to 1');
    }
    expect((await errorOf(() => sandbox.open(folder))).message).to.contain('format 7');
  });

  it('refuses a folder that is a file, and another database', async () => {
    const folder = sandbox.folder();
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect((await errorOf(() => sandbox.open(file))).code).to.equal('FAILED_PRECONDITION');
    const other = join(folder, 'other');
    mkdirSync(other);
    const database = new Database(join(other, 'journal.db'));
    database.exec('CREATE TABLE customers (name TEXT)');
    database.close();
    expect((await errorOf(() => sandbox.open(other))).code).to.equal('DATA_LOSS');
    expect((await sandbox.open(join(folder, 'fine'))).lastSeq).to.equal(0);
  });

  it('checks the pages after an end that was not in order, and says so', async () => {
    const dataDir = sandbox.folder();
    const child = new AppenderProcess({ dataDir, label: 'a', inFlight: 4, bodyBytes: 100, count: 1e9 });
    await child.acknowledged(20);
    await child.kill();
    const lines: string[] = [];
    const logger = createLogger({ destination: { write: (line) => lines.push(line) } });
    const journal = await sandbox.open(dataDir, { logger });
    expect(lines.join()).to.contain('not closed in order');
    await journal.close();
    lines.length = 0;
    await sandbox.open(dataDir, { logger });
    expect(lines).to.deep.equal([]);
  });

  it('frees the folder when it fails', async () => {
    const folder = sandbox.folder();
    const first = await sandbox.open(folder);
    await fill(first, 2);
    await first.close();
    const change = (sql: string): void => {
      const database = new Database(join(folder, 'journal.db'));
      database.exec(sql);
      database.close();
    };
    change("UPDATE record SET kind = 'outcome' WHERE seq = 2");
    expect((await errorOf(() => sandbox.open(folder))).code).to.equal('DATA_LOSS');
    change("UPDATE record SET kind = 'feedback' WHERE seq = 2");
    expect((await sandbox.open(folder)).lastSeq).to.equal(2);
  });

  it('read-only needs a journal, creates nothing, takes nothing, and sees what is committed later', async () => {
    const folder = sandbox.folder();
    const clock = new ManualClock();
    const { logger } = { logger: createLogger({ level: 'silent' }) };
    const error = await errorOf(() => openJournal({ dataDir: folder, clock, logger, readOnly: true }));
    expect(error.code).to.equal('NOT_FOUND');
    expect((await errorOf(() => verifyJournal(folder))).code).to.equal('NOT_FOUND');
    expect(readdirSync(folder)).to.deep.equal([]);
    const writer = await sandbox.open(folder);
    const reader = await sandbox.open(folder, { readOnly: true });
    expect((await errorOf(() => reader.append(request(1)))).code).to.equal('FAILED_PRECONDITION');
    await fill(writer, 5);
    expect(reader.lastSeq).to.equal(5);
    expect(reader.headHash).to.equal(writer.headHash);
    expect([...reader.read({ fromSeq: 4 })]).to.deep.equal([...writer.read({ fromSeq: 4 })]);
    expect(reader.findBySubject('feedback', 'd-2')).to.deep.equal(writer.findBySubject('feedback', 'd-2'));
    await writer.close();
    expect(reader.lastSeq).to.equal(5);
    expect([...reader.read()]).to.have.lengthOf(5);
  });

  it('read-only finds what a killed process left, and leaves it so', async () => {
    const dataDir = sandbox.folder();
    const child = new AppenderProcess({ dataDir, label: 'a', inFlight: 4, bodyBytes: 100, count: 1e9 });
    await child.acknowledged(30);
    await child.kill();
    const reader = await sandbox.open(dataDir, { readOnly: true });
    expect(reader.lastSeq).to.be.at.least(30);
    await reader.close();
    expect(verifyJournal(dataDir).problems).to.deep.equal([]);
    expect(existsSync(join(dataDir, 'journal.db-wal'))).to.equal(true);
  });

  it('of one whose creator died before its tables were there starts anew; to readers there is none yet', async () => {
    const folder = sandbox.folder();
    new Database(join(folder, 'journal.db')).exec('PRAGMA journal_mode = WAL');
    expect(await errorOf(() => verifyJournal(folder))).to.include({ code: 'NOT_FOUND' });
    expect(await errorOf(() => sandbox.open(folder, { readOnly: true }))).to.include({ code: 'NOT_FOUND' });
    const journal = await sandbox.open(folder);
    await journal.append(request(1)).durable;
    await journal.close();
    expect(verifyJournal(folder)).to.deep.include({ records: 1, problems: [] });
  });
});
