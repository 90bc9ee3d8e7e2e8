import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { type ReadProgress, readCandleFile } from '#conclave/market-data/index.js';
import { CandleFolder, faultOf, HEADER } from './candle-folder.js';

const MINUTE_MS = 60_000;

function minutes(count: number): string {
  let text = HEADER;
  for (let i = 0; i < count; i++) text += `${i * MINUTE_MS},10,12,9,11,${i}\n`;
  return text;
}

describe('readCandleFile', () => {
  const folder = new CandleFolder();
  beforeEach(folder.create);
  afterEach(folder.remove);

  it('reads the columns of a plain file', async () => {
    const series = await folder.read(`${HEADER}1000,1,4,0.5,2,3\n2000,2,2.5,1e0,1.5,0\n`, { symbol: 'A/B' });
    expect(series).to.deep.equal({
      symbol: 'A/B',
      timeframe: '1s',
      timeMs: Float64Array.of(1000, 2000),
      open: Float64Array.of(1, 2),
      high: Float64Array.of(4, 2.5),
      low: Float64Array.of(0.5, 1),
      close: Float64Array.of(2, 1.5),
      volume: Float64Array.of(3, 0),
    });
  });

  it('gives back exactly the candles written, for any candles', async () => {
    const price = fc.double({ min: 1e-6, max: 1e7, noNaN: true });
    const candle = fc.tuple(fc.integer({ min: 1, max: 1e9 }), price, price, price, price, price);
    await fc.assert(
      fc.asyncProperty(fc.array(candle, { minLength: 2, maxLength: 50 }), async (rows) => {
        let timeMs = 0;
        const candles = rows.map(([gapMs, a, b, c, d, volume]) => {
          const [low, open, close, high] = [a, b, c, d].sort((x, y) => x - y) as [
            number,
            number,
            number,
            number,
          ];
          timeMs += gapMs;
          return [timeMs, open, high, low, close, volume];
        });
        const series = await folder.read(HEADER + candles.map((row) => row.join()).join('\n'));
        const { timeMs: times, open, high, low, close, volume } = series;
        expect(
          [...times.keys()].map((i) => [times, open, high, low, close, volume].map((c) => c[i])),
        ).to.deep.equal(candles);
      }),
      { numRuns: 30 },
    );
  });

  it('maps header names whatever their case, order, spelling and company', async () => {
    const text = 'Symbol,Volume,AdjClose,Close,LOW,High,open,Open Time\nX,7,0,2,1,4,3,1735603200000\n';
    const series = await folder.read(text, { timeframe: '1m' });
    expect([series.open[0], series.high[0], series.low[0], series.close[0], series.volume[0]]).to.deep.equal([
      3, 4, 1, 2, 7,
    ]);
    const short = await folder.read('t,time,o,h,l,c,v\n0,60,3,4,1,2,7\n', { timeframe: '1m' });
    expect([short.timeMs[0], short.open[0], short.volume[0]]).to.deep.equal([60_000, 3, 7]);
  });

  it('takes semicolons, tabs, quotes, spaces, blank lines, a byte order mark and Windows line ends', async () => {
    const text =
      '\ufeff"time_ms"; open; high; low; close; volume\r\n\r\n1000; 1; 2; 1; 2; 3\r\n\r\n2000;1;2;1;2;3';
    expect((await folder.read(text)).timeMs).to.deep.equal(Float64Array.of(1000, 2000));
    expect(
      (await folder.read(HEADER.replaceAll(',', '\t').concat('1\t1\t1\t1\t1\t1\n2\t1\t1\t1\t1\t1'))).timeMs,
    ).to.have.length(2);
  });

  it('knows gzip by its content, whatever the name, also of several members', async () => {
    const parts = [gzipSync(`${HEADER}1000,1,2,1,2,3\n`), gzipSync('2000,1,2,1,2,3\n')];
    expect((await folder.read(Buffer.concat(parts), {}, 'x.csv.gz')).timeMs).to.have.length(2);
    expect((await folder.read(Buffer.concat(parts), {}, 'x.csv')).timeMs).to.have.length(2);
    expect(
      (await folder.read(`${HEADER}1000,1,2,1,2,3\n2000,1,2,1,2,3`, {}, 'plain.csv.gz')).timeMs,
    ).to.have.length(2);
  });

  it('grows with the file', async () => {
    const series = await folder.read(minutes(20_000));
    expect(series.volume).to.have.length(20_000);
    expect(series.volume.at(-1)).to.equal(19_999);
    expect(series.timeframe).to.equal('1m');
    expect(series.volume.buffer.byteLength).to.equal(160_000);
  });

  it('stops after limitRows and looks at nothing behind them', async () => {
    const series = await folder.read(`${minutes(3)}broken\n`, { limitRows: 2 });
    expect(series.timeMs).to.deep.equal(Float64Array.of(0, MINUTE_MS));
    expect((await folder.read(minutes(3), { limitRows: 3 })).timeMs).to.have.length(3);
    expect((await folder.read(minutes(3), { limitRows: 99 })).timeMs).to.have.length(3);
    const cut = gzipSync(minutes(100_000));
    expect(
      (await folder.read(cut.subarray(0, cut.length - 9), { limitRows: 5 }, 'c.gz')).timeMs,
    ).to.have.length(5);
  });

  it('reports its progress up to the size of the file', async () => {
    const seen: ReadProgress[] = [];
    const text = minutes(10_000);
    await folder.read(text, { onProgress: (progress) => seen.push(progress) });
    expect(seen.length).to.be.greaterThan(1);
    expect(seen.at(-1)?.bytesRead).to.equal(text.length);
    for (const [i, { bytesRead, totalBytes, rows }] of seen.entries()) {
      expect(totalBytes).to.equal(text.length);
      expect(bytesRead).to.be.at.least(seen[i - 1]?.bytesRead ?? 0);
      expect(rows).to.be.at.least(seen[i - 1]?.rows ?? 0);
    }
  });

  it('is rejected with what onProgress throws', async () => {
    const fault = new Error('the screen is gone');
    const onProgress = (): void => {
      throw fault;
    };
    const seen = await folder.read(minutes(10_000), { onProgress }).catch((thrown: unknown) => thrown);
    expect(seen).to.equal(fault);
    const zipped = gzipSync(minutes(10_000));
    expect(await folder.read(zipped, { onProgress }).catch((thrown: unknown) => thrown)).to.equal(fault);
  });

  it('refuses options that mean nothing, before it touches the file', async () => {
    for (const limitRows of [0, -1, 1.5, Number.NaN])
      expect((await faultOf(readCandleFile('none', { limitRows }))).field).to.equal('limitRows');
    expect((await faultOf(readCandleFile('none', { symbol: ' ' }))).field).to.equal('symbol');
    expect((await faultOf(readCandleFile('none', { timeframe: '5 minutes' }))).field).to.equal('timeframe');
  });

  it('says NOT_FOUND for no file and INVALID_ARGUMENT for a folder', async () => {
    expect((await faultOf(readCandleFile(join(folder.path, 'none.csv')))).code).to.equal('NOT_FOUND');
    expect((await faultOf(readCandleFile(folder.path))).message).to.contain(
      'a folder or device; must be a CSV file',
    );
  });
});
