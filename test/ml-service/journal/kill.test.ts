import { expect } from 'chai';
import { type JournalVerification, verifyJournal } from '#conclave/ml-service/journal/index.js';
import { SeededRng, ServiceError } from '#conclave/runtime/index.js';
import { type Acked, AppenderProcess } from './appender-process.js';
import { errorOf, fill, journalSandbox } from './support.js';

const KILLS = 20;
/** Long enough for the log to be copied into the database now and then. */
const LONGEST_LIFE_ACKS = 500;
/** Starting a process and opening a journal takes about so long: some are killed in the middle of it. */
const OPENING_MS = 500;

describe('Journal of a process that is killed', function () {
  this.timeout(120_000);
  const sandbox = journalSandbox();

  /** Killed before there was a journal: nothing is wrong with none. */
  function verified(dataDir: string): Pick<JournalVerification, 'problems' | 'records'> {
    try {
      return verifyJournal(dataDir);
    } catch (thrown) {
      if (thrown instanceof ServiceError && thrown.code === 'NOT_FOUND') return { problems: [], records: 0 };
      throw thrown;
    }
  }

  it('holds every acknowledged record once, in an intact chain, after 20 times kill -9', async () => {
    const dataDir = sandbox.folder();
    const rng = new SeededRng(20);
    const acked: Acked[] = [];
    for (let life = 0; life < KILLS; life++) {
      const task = {
        dataDir,
        label: `${life}`,
        inFlight: 1 + rng.integer(64),
        bodyBytes: 1 + rng.integer(6000),
      };
      const child = new AppenderProcess({ ...task, count: 1e9 });
      if (rng.uniform() < 0.25) await new Promise((resolve) => setTimeout(resolve, rng.integer(OPENING_MS)));
      else await child.acknowledged(1 + rng.integer(LONGEST_LIFE_ACKS));
      await child.kill();
      expect(child.lines.filter((line) => line.startsWith('error'))).to.deep.equal([]);
      acked.push(...child.acked());
      const { problems, records } = verified(dataDir);
      expect(problems).to.deep.equal([]);
      expect(records).to.be.at.least(acked.at(-1)?.seq ?? 0);
    }
    expect(acked.length).to.be.above(KILLS * 10);
    const journal = await sandbox.open(dataDir);
    const stored = new Map<string, { seq: number; hash: string }[]>();
    for (const { key, seq, hash } of journal.read())
      stored.set(key ?? '', [...(stored.get(key ?? '') ?? []), { seq, hash }]);
    for (const { key, seq, hash } of acked) expect(stored.get(key), key).to.deep.equal([{ seq, hash }]);
    expect(stored.size).to.equal(journal.lastSeq);
  });

  it('refuses a second process, naming folder and holder, and is free at once after kill -9', async () => {
    const dataDir = sandbox.folder();
    const holder = new AppenderProcess({ dataDir, label: 'a', inFlight: 1, bodyBytes: 10, count: 1e9 });
    await holder.acknowledged(10);
    const error = await errorOf(() => sandbox.open(dataDir));
    expect(error.code).to.equal('FAILED_PRECONDITION');
    expect(error.message).to.contain(dataDir).and.to.contain(`process ${holder.pid}`);
    const second = new AppenderProcess({ dataDir, label: 'b', inFlight: 1, bodyBytes: 10, count: 1 });
    await second.ended;
    expect(second.lines.join())
      .to.contain('error FAILED_PRECONDITION')
      .and.to.contain(`process ${holder.pid}`);
    await holder.kill();
    const journal = await sandbox.open(dataDir);
    expect(journal.lastSeq).to.be.at.least(10);
  });

  it('can be read and verified while another process writes it', async () => {
    const dataDir = sandbox.folder();
    const writer = new AppenderProcess({ dataDir, label: 'a', inFlight: 16, bodyBytes: 500, count: 1e9 });
    await writer.acknowledged(1);
    const reader = await sandbox.open(dataDir, { readOnly: true });
    let last = 0;
    for (let round = 0; round < 5; round++) {
      await writer.acknowledged(writer.acked().length + 100);
      expect(verifyJournal(dataDir).problems).to.deep.equal([]);
      const { lastSeq } = reader;
      expect(lastSeq).to.be.above(last);
      expect([...reader.read({ fromSeq: last + 1, toSeq: lastSeq })]).to.have.lengthOf(lastSeq - last);
      last = lastSeq;
    }
    await writer.kill();
    expect(reader.lastSeq).to.be.at.least(writer.acked().at(-1)?.seq ?? 0);
    expect(verifyJournal(dataDir).problems).to.deep.equal([]);
  });

  it('is refused twice in one process, too, and given back by close', async () => {
    const dataDir = sandbox.folder();
    const first = await sandbox.open(dataDir);
    expect((await errorOf(() => sandbox.open(dataDir))).message).to.contain(`process ${process.pid}`);
    await fill(first, 3);
    await first.close();
    expect((await sandbox.open(dataDir)).lastSeq).to.equal(3);
  });
});
