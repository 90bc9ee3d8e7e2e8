import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { verifyJournal } from '#conclave/ml-service/journal/index.js';
import { errorOf, fill, journalSandbox, request } from './support.js';

describe('Journal', () => {
  const sandbox = journalSandbox();

  it('gives numbers at once and in order, and resolves the promises in that order', async () => {
    const journal = await sandbox.open(sandbox.folder());
    const order: number[] = [];
    const appended = Array.from({ length: 100 }, (_, i) =>
      journal.append(request(i + 1, { kind: i % 3 === 0 ? 'feedback' : 'decision' })),
    );
    expect(appended.map(({ seq }) => seq)).to.deep.equal(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(journal.lastSeq).to.equal(100);
    expect(journal.durableSeq).to.equal(0);
    await Promise.all(appended.map(({ seq, durable }) => durable.then(() => order.push(seq))));
    expect(order).to.deep.equal(appended.map(({ seq }) => seq));
    expect(journal.durableSeq).to.equal(100);
    expect(journal.headHash).to.equal(appended.at(-1)?.hash);
  });

  it('keeps every field of a record over a restart', async () => {
    const folder = sandbox.folder();
    const first = await sandbox.open(folder);
    await fill(first, 3);
    const idempotency = { command: 'rl.learn', key: 'k-1', digest: 'abc' };
    await first.append(request(4, { idempotency, body: { price: 1.5 } })).durable;
    const { headHash } = first;
    await first.close();

    const second = await sandbox.open(folder);
    expect(second.lastSeq).to.equal(4);
    expect(second.headHash).to.equal(headHash);
    expect(second.findByKey('rl.learn', 'k-1')).to.deep.equal({
      seq: 4,
      kind: 'feedback',
      timeMs: 1_700_000_000_004,
      subject: 'd-4',
      command: 'rl.learn',
      key: 'k-1',
      digest: 'abc',
      body: { price: 1.5 },
      hash: headHash,
    });
    expect([...second.read()].map((record) => record.body)).to.deep.equal([
      { n: 1 },
      { n: 2 },
      { n: 3 },
      { price: 1.5 },
    ]);
  });

  it('continues the chain after a restart', async () => {
    const folder = sandbox.folder();
    for (let round = 0; round < 3; round++) {
      const journal = await sandbox.open(folder);
      await fill(journal, 10);
      await journal.close();
    }
    expect(verifyJournal(folder)).to.deep.include({ records: 30, problems: [] });
  });

  it('shows a record to every kind of read before it is durable', async () => {
    const journal = await sandbox.open(sandbox.folder());
    const idempotency = { command: 'rl.learn', key: 'k', digest: 'abc' };
    const { seq, hash, durable } = journal.append(request(1, { idempotency }));
    expect(journal.durableSeq).to.equal(0);
    for (const found of [
      journal.findBySubject('feedback', 'd-1'),
      journal.findByKey('rl.learn', 'k'),
      ...journal.read(),
    ])
      expect(found).to.deep.include({ seq, hash, body: { n: 1 } });
    await durable;
    expect(journal.findByKey('rl.learn', 'k')).to.deep.include({ seq, hash, body: { n: 1 } });
  });

  it('records what was said, whatever the caller does with the object afterwards', async () => {
    const journal = await sandbox.open(sandbox.folder());
    const body = { price: 1, bytes: new Uint8Array([1, 2]) };
    const { durable } = journal.append(request(1, { body }));
    body.price = 2;
    body.bytes[0] = 9;
    const early = journal.findBySubject('feedback', 'd-1')?.body as typeof body;
    expect(early).to.deep.equal({ price: 1, bytes: new Uint8Array([1, 2]) });
    early.bytes[0] = 7;
    await durable;
    expect(journal.findBySubject('feedback', 'd-1')?.body).to.deep.equal({
      price: 1,
      bytes: new Uint8Array([1, 2]),
    });
  });

  it('finds the newest record about a subject, of the kind asked for', async () => {
    const journal = await sandbox.open(sandbox.folder());
    await fill(journal, 2);
    await journal.append(request(3, { kind: 'decision', subject: 'd-1' })).durable;
    journal.append(request(4, { subject: 'd-1' }));
    expect(journal.findBySubject('feedback', 'd-1')?.seq).to.equal(4);
    expect(journal.findBySubject('decision', 'd-1')?.seq).to.equal(3);
    expect(journal.findBySubject('decision', 'd-2')).to.equal(undefined);
  });

  it('reads a range, some kinds, and past one page', async () => {
    const journal = await sandbox.open(sandbox.folder());
    for (let i = 1; i <= 300; i++)
      journal.append(request(i, { kind: i % 10 === 0 ? 'outcome' : 'feedback' }));
    const seqs = (range: Parameters<typeof journal.read>[0]): number[] =>
      [...journal.read(range)].map(({ seq }) => seq);
    const check = (): void => {
      expect(seqs({})).to.have.lengthOf(300);
      expect(seqs({ fromSeq: 299 })).to.deep.equal([299, 300]);
      expect(seqs({ fromSeq: 20, toSeq: 40, kinds: ['outcome'] })).to.deep.equal([20, 30, 40]);
      expect(seqs({ fromSeq: 301 })).to.deep.equal([]);
      expect(seqs({ fromSeq: 10, toSeq: 9 })).to.deep.equal([]);
      expect(seqs({ kinds: [] })).to.deep.equal([]);
    };
    check();
    await journal.append(request(301, { kind: 'expert' })).durable;
    expect(seqs({ kinds: ['expert', 'outcome'] })).to.have.lengthOf(31);
    expect(seqs({ toSeq: 300 })).to.have.lengthOf(300);
  });

  it('refuses a range that is none', async () => {
    const journal = await sandbox.open(sandbox.folder());
    await fill(journal, 1);
    for (const fromSeq of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(await errorOf(() => journal.read({ fromSeq }))).to.include({
        code: 'INVALID_ARGUMENT',
        field: 'fromSeq',
      });
    expect((await errorOf(() => journal.read({ toSeq: -1 }))).field).to.equal('toSeq');
  });

  it('has one record per command and key', async () => {
    const journal = await sandbox.open(sandbox.folder());
    const idempotency = { command: 'rl.learn', key: 'k', digest: 'abc' };
    const { durable } = journal.append(request(1, { idempotency }));
    const inFlight = await errorOf(() => journal.append(request(2, { idempotency })));
    expect(inFlight).to.include({ code: 'ALREADY_EXISTS', field: 'idempotency.key' });
    await durable;
    const stored = await errorOf(() => journal.append(request(2, { idempotency })));
    expect(stored).to.include({ code: 'ALREADY_EXISTS' });
    const { seq } = journal.append(request(2, { idempotency: { ...idempotency, command: 'rl.other' } }));
    expect(seq).to.equal(2);
  });

  it('refuses a bad request by its field and stays as it was', async () => {
    const journal = await sandbox.open(sandbox.folder());
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const idempotency = { command: 'c', key: 'k', digest: 'd' };
    const cases: [Parameters<typeof request>[1], string][] = [
      [{ kind: 'gossip' }, 'kind'],
      [{ kind: 'toString' }, 'kind'],
      [{ kind: '' }, 'kind'],
      [{ timeMs: Number.NaN }, 'timeMs'],
      [{ timeMs: 1.5 }, 'timeMs'],
      [{ subject: '' }, 'subject'],
      [{ subject: 'x'.repeat(1025) }, 'subject'],
      [{ subject: '\ud800' }, 'subject'],
      [{ idempotency: { ...idempotency, key: '' } }, 'idempotency.key'],
      [{ idempotency: { ...idempotency, digest: 7 as unknown as string } }, 'idempotency.digest'],
      [{ body: undefined }, 'body'],
      [{ body: { list: [1, () => 1] } }, 'body.list[1]'],
      [{ body: { when: new Date(0) } }, 'body.when'],
      [{ body: 10n }, 'body'],
    ];
    for (const [fields, field] of cases)
      expect(await errorOf(() => journal.append(request(1, fields)))).to.include({
        code: 'INVALID_ARGUMENT',
        field,
      });
    expect(await errorOf(() => journal.append(request(1, { body: cycle })))).to.include({
      code: 'INVALID_ARGUMENT',
    });
    expect(journal.append(request(1)).seq).to.equal(1);
  });

  it('takes a table of kinds of its own', async () => {
    const journal = await sandbox.open(sandbox.folder(), { kinds: { tick: 'process' } });
    await journal.append(request(1, { kind: 'tick' })).durable;
    expect((await errorOf(() => journal.append(request(2)))).message).to.contain('one of tick');
  });

  it('writes everything appended before it closes, and takes nothing after', async () => {
    const folder = sandbox.folder();
    const journal = await sandbox.open(folder);
    const appended = Array.from({ length: 50 }, (_, i) => journal.append(request(i + 1)));
    await journal.close();
    await Promise.all(appended.map(({ durable }) => durable));
    await journal.close();
    expect((await errorOf(() => journal.append(request(51)))).code).to.equal('FAILED_PRECONDITION');
    expect((await errorOf(() => journal.findBySubject('feedback', 'd-1'))).code).to.equal(
      'FAILED_PRECONDITION',
    );
    expect(verifyJournal(folder).records).to.equal(50);
  });

  it('creates its folder for the owner only', async () => {
    const folder = join(sandbox.folder(), 'deep', 'data');
    await sandbox.open(folder);
    expect(statSync(folder).mode & 0o777).to.equal(0o700);
  });
});
