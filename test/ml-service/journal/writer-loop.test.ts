import { expect } from 'chai';
import { JOURNAL_LIMITS } from '#conclave/ml-service/journal/index.js';
import { type GroupSink, WriterLoop } from '#conclave/ml-service/journal/writer-loop.js';
import type {
  QueuedRecord,
  WriterReply,
  WriterRequest,
} from '#conclave/ml-service/journal/writer-messages.js';
import { ServiceError } from '#conclave/runtime/index.js';

function sqlite(code: string): ServiceError {
  return new ServiceError('UNAVAILABLE', code, { details: { sqlite: code } });
}

function record(seq: number, power = false, bodyBytes = 1): QueuedRecord {
  const texts = { kind: 'x', timeMs: 1, subject: null, command: null, key: null, digest: null };
  return { ...texts, seq, hash: `hash-${seq}`, body: new Uint8Array(bodyBytes), power };
}

const append = (epoch: number, ...records: QueuedRecord[]): WriterRequest => ({
  type: 'append',
  epoch,
  records,
});

/** A loop over a disk that does what `next` says. */
function scripted(): {
  loop: WriterLoop;
  replies: WriterReply[];
  groups: { seqs: number[]; power: boolean }[];
  disk: { error: unknown; due: boolean; overdue: boolean; checkpoints: number; finished: number };
  witnessed: number[];
  run: (...requests: WriterRequest[]) => void;
} {
  const replies: WriterReply[] = [];
  const groups: { seqs: number[]; power: boolean }[] = [];
  const witnessed: number[] = [];
  const disk = { error: undefined as unknown, due: false, overdue: false, checkpoints: 0, finished: 0 };
  let end = { seq: 0, hash: 'genesis' };
  const perform = (action: () => void): void => {
    if (disk.error !== undefined) throw disk.error;
    action();
  };
  const sink: GroupSink = {
    get end() {
      return end;
    },
    get checkpointDue() {
      return disk.due;
    },
    get checkpointOverdue() {
      return disk.overdue;
    },
    commit: (records, power) =>
      perform(() => {
        groups.push({ seqs: records.map(({ seq }) => seq), power });
        end = records.at(-1) ?? end;
      }),
    checkpoint: () => perform(() => disk.checkpoints++),
    finish: () => perform(() => disk.finished++),
  };
  const loop = new WriterLoop(sink, { advance: ({ seq }) => witnessed.push(seq) }, (reply) =>
    replies.push(reply),
  );
  return {
    loop,
    replies,
    groups,
    disk,
    witnessed,
    run: (...requests) => {
      for (const request of requests) loop.take(request);
      while (loop.step());
      loop.tidy();
    },
  };
}

describe('WriterLoop', () => {
  it('writes everything that waits as one group, synced when one record in it asks for it', () => {
    const { run, groups, replies, witnessed } = scripted();
    run(append(0, record(1)), append(0, record(2), record(3)));
    run(append(0, record(4)), append(0, record(5, true)), append(0, record(6)));
    expect(groups).to.deep.equal([
      { seqs: [1, 2, 3], power: false },
      { seqs: [4, 5, 6], power: true },
    ]);
    expect(replies).to.deep.equal([
      { type: 'committed', lastSeq: 3, syncs: [] },
      { type: 'committed', lastSeq: 6, syncs: [] },
    ]);
    // The witness speaks only of what was synced.
    expect(witnessed).to.deep.equal([6]);
  });

  it('syncs when asked to, also without a record', () => {
    const { run, groups, replies, witnessed } = scripted();
    run(append(0, record(1)), { type: 'sync', epoch: 0, id: 7 });
    run({ type: 'sync', epoch: 0, id: 8 });
    expect(groups).to.deep.equal([
      { seqs: [1], power: true },
      { seqs: [], power: true },
    ]);
    expect(replies).to.deep.equal([
      { type: 'committed', lastSeq: 1, syncs: [7] },
      { type: 'committed', lastSeq: 1, syncs: [8] },
    ]);
    expect(witnessed).to.deep.equal([1, 1]);
  });

  it('bounds a group', () => {
    const { run, groups } = scripted();
    const half = JOURNAL_LIMITS.groupBytes / 2;
    run(...[1, 2, 3, 4, 5].map((seq) => append(0, record(seq, false, half))));
    expect(groups.map(({ seqs }) => seqs)).to.deep.equal([[1, 2], [3, 4], [5]]);
  });

  it('refuses an epoch after a full disk, drops the rest of it, and writes the next', () => {
    const { run, groups, replies, disk } = scripted();
    run(append(0, record(1)));
    disk.error = sqlite('SQLITE_FULL');
    run(append(0, record(2)));
    disk.error = undefined;
    run(append(0, record(3)), { type: 'sync', epoch: 0, id: 1 }, append(1, record(2)));
    expect(groups.map(({ seqs }) => seqs)).to.deep.equal([[1], [2]]);
    expect(replies).to.deep.equal([
      { type: 'committed', lastSeq: 1, syncs: [] },
      {
        type: 'refused',
        epoch: 0,
        lastSeq: 1,
        fault: { code: 'UNAVAILABLE', message: 'SQLITE_FULL', sqlite: 'SQLITE_FULL' },
      },
      { type: 'committed', lastSeq: 2, syncs: [] },
    ]);
  });

  for (const code of [
    'SQLITE_IOERR_FSYNC',
    'SQLITE_IOERR_WRITE',
    'SQLITE_READONLY_DBMOVED',
    'SQLITE_WHATEVER',
  ])
    it(`writes nothing any more after ${code}, and does not end in order`, () => {
      const { loop, run, groups, replies, disk } = scripted();
      disk.error = sqlite(code);
      run(append(0, record(1)));
      disk.error = undefined;
      run(append(0, record(2)), append(1, record(1)), { type: 'close' });
      expect(loop.closing).to.equal(true);
      loop.finish();
      expect(replies.map(({ type }) => type)).to.deep.equal(['failed']);
      expect(groups).to.deep.equal([]);
      expect(disk.finished).to.equal(0);
    });

  it('copies the log when nothing waits, or when it can wait no longer', () => {
    const { loop, run, disk } = scripted();
    disk.due = true;
    loop.take(append(0, record(1)));
    loop.step();
    expect(disk.checkpoints).to.equal(0);
    loop.tidy();
    expect(disk.checkpoints).to.equal(1);
    disk.overdue = true;
    loop.take(append(0, record(2)));
    loop.step();
    expect(disk.checkpoints).to.equal(2);
    disk.due = false;
    disk.overdue = false;
    run(append(0, record(3)));
    expect(disk.checkpoints).to.equal(2);
  });

  it('tries copying the log again after a full disk, and fails after an I/O error', () => {
    const { loop, run, replies, disk } = scripted();
    disk.due = true;
    disk.error = sqlite('SQLITE_FULL');
    run();
    disk.error = undefined;
    run(append(0, record(1)));
    expect(loop.failed).to.equal(false);
    disk.error = sqlite('SQLITE_IOERR_FSYNC');
    run();
    expect(loop.failed).to.equal(true);
    expect(replies.map(({ type }) => type)).to.deep.equal(['warning', 'committed', 'failed']);
  });
});
