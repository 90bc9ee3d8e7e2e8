import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { genesisHash, recordHash, type StoredRecord } from '#conclave/ml-service/journal/record-hash.js';

const record: StoredRecord = {
  seq: 7,
  kind: 'feedback',
  timeMs: -5,
  subject: 'é',
  command: null,
  key: null,
  digest: null,
  body: new Uint8Array([1, 2, 3]),
};
const before = genesisHash('some-id');

describe('hash of a record', () => {
  it('is the SHA-256 that docs/journal.md describes', () => {
    expect(before).to.equal(createHash('sha256').update('conclave journal, format 1, some-id').digest('hex'));
    const bytes = [
      before,
      '0700000000000000',
      'fbffffffffffffff',
      `08000000${Buffer.from('feedback').toString('hex')}`,
      '02000000c3a9',
      'ffffffff',
      'ffffffff',
      'ffffffff',
      '03000000010203',
    ].join('');
    const expected = createHash('sha256').update(Buffer.from(bytes, 'hex')).digest('hex');
    expect(recordHash(before, record)).to.equal(expected);
  });

  it('differs with every field, the order of fields, and absence', () => {
    const variants: Partial<StoredRecord>[] = [
      {},
      { seq: 8 },
      { kind: 'feedbac' },
      { timeMs: 5 },
      { subject: 'e' },
      { subject: null },
      { subject: '' },
      { subject: null, command: 'é' },
      { subject: null, key: 'é' },
      { digest: 'x' },
      { kind: 'feedbacké', subject: '' },
      { body: new Uint8Array([1, 2]) },
      { body: new Uint8Array() },
    ];
    const hashes = variants.map((fields) => recordHash(before, { ...record, ...fields }));
    hashes.push(recordHash(genesisHash('other-id'), record));
    expect(new Set(hashes).size).to.equal(hashes.length);
  });

  it('does not throw for the integers that only damage can bring', () => {
    expect(recordHash(before, { ...record, seq: 2 ** 63, timeMs: -(2 ** 63) })).to.have.lengthOf(64);
  });
});
