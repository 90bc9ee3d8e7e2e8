import { expect } from 'chai';
import { TimeReader } from '#conclave/market-data/candle-file/time-reader.js';

const read = (text: string): number => new TimeReader(false).read(text);
const DAY = Date.UTC(2000, 0, 3);

describe('times of a candle file', () => {
  it('are known as Unix seconds, milliseconds, microseconds and nanoseconds by their size', () => {
    const timeMs = 1_735_603_200_000;
    for (const text of [
      '1735603200',
      '1735603200000',
      '1735603200000000',
      '1735603200000000000',
      '1735603200.0',
    ])
      expect(read(text), text).to.equal(timeMs);
    expect(read('-86400')).to.equal(-86_400_000);
  });

  it('are milliseconds of any size where the header says so', () => {
    expect(new TimeReader(true).read('5')).to.equal(5);
    expect(new TimeReader(true).read('20000103')).to.equal(20_000_103);
    expect(new TimeReader(true).read('2000-01-03')).to.be.NaN;
  });

  it('are ISO dates and times, UTC where no zone is written', () => {
    for (const text of [
      '2000-01-03',
      '2000/1/3',
      '2000-01-03T00:00Z',
      '2000-01-03 00:00:00',
      '2000-01-03 00:00:00 UTC',
    ])
      expect(read(text), text).to.equal(DAY);
    expect(read('2000-01-03T09:30:15.25Z')).to.equal(DAY + ((9 * 60 + 30) * 60 + 15) * 1000 + 250);
    expect(read('2000-01-03T02:00:00+02:00')).to.equal(DAY);
    expect(read('2000-01-02T19:00:00-0500')).to.equal(DAY);
    expect(read('2000-01-03T00:00:00.123456789Z')).to.equal(DAY + 123);
    expect(read('1950-01-03')).to.equal(Date.UTC(1950, 0, 3));
  });

  it('are written and compact dates', () => {
    for (const text of ['Jan 3 2000', 'Jan 3, 2000', 'January 3, 2000', 'jan 03 2000', '20000103'])
      expect(read(text), text).to.equal(DAY);
  });

  it('are refused for days and hours that do not exist, and for what could mean two days', () => {
    const wrong = [
      '2000-02-30',
      '1999-02-29',
      '2000-13-01',
      '2000-00-10',
      '2000-01-03T24:00',
      '2000-01-03T10:60',
    ];
    for (const text of [
      ...wrong,
      '01/03/2000',
      'Foo 3 2000',
      'Feb 30 2000',
      '20001301x',
      '',
      'now',
      '1e21',
      '1'.repeat(30),
    ])
      expect(read(text), text).to.be.NaN;
    expect(read('2000-02-29')).to.equal(Date.UTC(2000, 1, 29));
  });

  it('keep the format of the first row', () => {
    const reader = new TimeReader(false);
    expect(reader.allowed).to.contain('Unix seconds to nanoseconds, 2000-01-03');
    reader.read('2000-01-03');
    expect(reader.read('946944000')).to.be.NaN;
    expect(reader.allowed).to.equal('a time as dates like 2000-01-03 or 2000-01-03T09:30:00Z');
    const seconds = new TimeReader(false);
    expect(seconds.read('99999999999')).to.equal(99_999_999_999_000);
    expect(seconds.read('100000000000')).to.equal(100_000_000_000_000);
  });
});
