import { expect } from 'chai';
import { AppendQueue } from '#conclave/ml-service/journal/append-queue.js';
import type { JournalFailure } from '#conclave/ml-service/journal/index.js';
import { JOURNAL_LIMITS } from '#conclave/ml-service/journal/index.js';
import { genesisHash } from '#conclave/ml-service/journal/record-hash.js';
import type { WriterRequest } from '#conclave/ml-service/journal/writer-messages.js';
import { silentLogger } from '#conclave/runtime/index.js';
import { errorOf } from './support.js';

/** A queue whose writer is this test. */
function scripted(): {
  queue: AppendQueue;
  posted: WriterRequest[];
  failures: JournalFailure[];
  append: (bodyBytes?: number) => ReturnType<AppendQueue['append']>;
} {
  const posted: WriterRequest[] = [];
  const failures: JournalFailure[] = [];
  const end = { seq: 0, hash: genesisHash('test') };
  const queue = new AppendQueue(end, silentLogger(), (failure) => {
    expect(queue.last).to.deep.equal(queue.durable);
    failures.push(failure);
  });
  queue.connect((request) => posted.push(request));
  const texts = { kind: 'feedback', timeMs: 1, subject: null, command: null, key: null, digest: null };
  return {
    queue,
    posted,
    failures,
    append: (bodyBytes = 1) => queue.append({ ...texts, body: new Uint8Array(bodyBytes) }, true),
  };
}

/** The end of the event loop's turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const full = { code: 'UNAVAILABLE', message: 'disk full', sqlite: 'SQLITE_FULL' } as const;

describe('AppendQueue', () => {
  it('sends what a turn begins with at once, and all that follows together at its end', async () => {
    const { posted, append } = scripted();
    const sent = (): number[][] =>
      posted.map((each) => (each.type === 'append' ? each.records.map(({ seq }) => seq) : []));
    append();
    append();
    expect(posted).to.deep.equal([]);
    await Promise.resolve();
    expect(sent()).to.deep.equal([[1, 2]]);
    append();
    await Promise.resolve();
    append();
    await Promise.resolve();
    expect(sent()).to.deep.equal([[1, 2]]);
    await turn();
    expect(sent()).to.deep.equal([
      [1, 2],
      [3, 4],
    ]);
    append();
    await Promise.resolve();
    expect(sent()).to.have.length(3);
  });

  it('goes back to the last durable record after a refusal, tells first, and numbers anew', async () => {
    const { queue, posted, failures, append } = scripted();
    const kept = append();
    const [lost, alsoLost] = [append(), append()];
    await Promise.resolve();
    queue.onReply({ type: 'committed', lastSeq: 1, syncs: [] });
    await kept.durable;
    queue.onReply({ type: 'refused', epoch: 0, lastSeq: 1, fault: full });
    expect(failures.map(({ kind, durableSeq }) => ({ kind, durableSeq }))).to.deep.equal([
      { kind: 'refused', durableSeq: 1 },
    ]);
    for (const { durable } of [lost, alsoLost])
      expect(await errorOf(() => durable)).to.include({ code: 'UNAVAILABLE', retryable: true });
    const again = append();
    expect(again.seq).to.equal(2);
    expect(again.hash).to.equal(lost.hash);
    await turn();
    expect(posted.at(-1)).to.include({ type: 'append', epoch: 1 });
    queue.onReply({ type: 'committed', lastSeq: 2, syncs: [] });
    await again.durable;
    expect(queue.durable).to.deep.equal({ seq: 2, hash: again.hash });
  });

  it('refuses also what was appended and not yet sent, and waiting syncs', async () => {
    const { queue, posted, append } = scripted();
    append();
    const sync = queue.sync();
    const unsent = append();
    queue.onReply({ type: 'refused', epoch: 0, lastSeq: 0, fault: full });
    expect((await errorOf(() => unsent.durable)).code).to.equal('UNAVAILABLE');
    expect((await errorOf(() => sync)).code).to.equal('UNAVAILABLE');
    await Promise.resolve();
    expect(posted.map(({ type }) => type)).to.deep.equal(['append', 'sync']);
  });

  it('takes nothing more after an I/O error or the end of its writer', async () => {
    const { queue, failures, append } = scripted();
    const lost = append();
    queue.onReply({ type: 'failed', fault: { ...full, sqlite: 'SQLITE_IOERR_FSYNC' } });
    expect((await errorOf(() => lost.durable)).code).to.equal('UNAVAILABLE');
    expect((await errorOf(() => append())).code).to.equal('UNAVAILABLE');
    expect((await errorOf(() => queue.sync())).code).to.equal('UNAVAILABLE');
    expect(failures.map(({ kind }) => kind)).to.deep.equal(['failed']);
    expect(queue.inFlight.count).to.equal(0);
  });

  it('holds a bounded amount in memory', async () => {
    const { queue, append } = scripted();
    const half = JOURNAL_LIMITS.queuedBytes / 2;
    append(half);
    append(half);
    const error = await errorOf(() => append());
    expect(error).to.include({ code: 'RESOURCE_EXHAUSTED' });
    expect(error.retryAfterMs).to.be.above(0);
    queue.onReply({ type: 'committed', lastSeq: 1, syncs: [] });
    expect(append().seq).to.equal(3);
  });

  it('finds what is in flight by number, subject and key, the newest about a subject', () => {
    const { queue } = scripted();
    const add = (subject: string, key: string | null): void => {
      const texts = { kind: 'feedback', timeMs: 1, subject, command: key && 'c', key, digest: key && 'd' };
      queue.append({ ...texts, body: new Uint8Array(1) }, true);
    };
    for (let n = 1; n <= 100; n++) add(`s-${n % 10}`, n % 2 ? null : `k-${n}`);
    expect(queue.inFlight.bySubject('feedback', 's-3')?.seq).to.equal(93);
    expect(queue.inFlight.bySubject('decision', 's-3')).to.equal(undefined);
    expect(queue.inFlight.byKey('c', 'k-40')?.seq).to.equal(40);
    for (const lastSeq of [1, 30, 70]) {
      queue.onReply({ type: 'committed', lastSeq, syncs: [] });
      expect(queue.inFlight.bySeq(lastSeq)).to.equal(undefined);
      expect(queue.inFlight.bySeq(lastSeq + 1)?.seq).to.equal(lastSeq + 1);
      expect(queue.inFlight.bySeq(100)?.seq).to.equal(100);
      expect(queue.inFlight.bySeq(101)).to.equal(undefined);
    }
    expect(queue.inFlight.byKey('c', 'k-40')).to.equal(undefined);
    expect(queue.inFlight.bySubject('feedback', 's-3')?.seq).to.equal(93);
    expect(queue.inFlight.count).to.equal(30);
    expect(queue.inFlight.bytes).to.equal(30);
  });
});
