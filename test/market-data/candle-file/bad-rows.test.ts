import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { CandleFolder, HEADER } from './candle-folder.js';

const GOOD = '1000,10,12,9,11,5\n';

describe('a candle file with something wrong', () => {
  const folder = new CandleFolder();
  beforeEach(folder.create);
  afterEach(folder.remove);

  const cases: readonly (readonly [what: string, content: string, message: string])[] = [
    ['an empty file', '', 'p.csv: empty; must be a header and candles'],
    ['blank lines only', '\n\n', 'p.csv: empty; must be a header and candles'],
    ['a header alone', HEADER, 'p.csv: a header only; must be a header and at least one candle'],
    [
      'a missing column',
      'time,open,high,low,close\n1,1,1,1,1\n',
      'p.csv:1: volume: "time,open,high,low,close"; must be a header with a column volume or vol or v',
    ],
    ['a column named twice', `time,open,open,high,low,close,volume\n${GOOD}`, 'p.csv:1: open: named twice'],
    ['no header', GOOD, 'p.csv:1: timeMs: "1000,10,12,9,11,5"; must be a header with a column time_ms'],
    ['text for a price', `${HEADER}1000,10,12,9,abc,5\n`, 'p.csv:2: close: "abc"; must be a number'],
    ['an empty field', `${HEADER}1000,10,12,,11,5\n`, 'p.csv:2: low: ""; must be a number'],
    ['NaN', `${HEADER}1000,NaN,12,9,11,5\n`, 'p.csv:2: open: "NaN"; must be a number'],
    ['infinity', `${HEADER}1000,10,1e999,9,11,5\n`, 'p.csv:2: high: "1e999"; must be a number'],
    ['hexadecimal', `${HEADER}1000,0xA,12,9,11,5\n`, 'p.csv:2: open: "0xA"; must be a number'],
    ['high below low', `${HEADER}${GOOD}2000,10,8,9,11,5\n`, 'p.csv:3: high: 8; must be at least low, 9'],
    [
      'open above high',
      `${HEADER}1000,13,12,9,11,5\n`,
      'p.csv:2: open: 13; must be from low to high, 9 to 12',
    ],
    [
      'close below low',
      `${HEADER}1000,10,12,9,8,5\n`,
      'p.csv:2: close: 8; must be from low to high, 9 to 12',
    ],
    ['a price of nothing', `${HEADER}1000,0,0,0,0,5\n`, 'p.csv:2: low: 0; must be a price above 0'],
    ['a negative price', `${HEADER}1000,1,2,-1,1,5\n`, 'p.csv:2: low: -1; must be a price above 0'],
    ['negative volume', `${HEADER}1000,10,12,9,11,-5\n`, 'p.csv:2: volume: -5; must be at least 0'],
    [
      'a repeated time',
      HEADER + GOOD + GOOD,
      'p.csv:3: time_ms: "1000"; must be later than the row before, which has it too',
    ],
    [
      'newest first',
      `${HEADER}2000,10,12,9,11,5\n${GOOD}`,
      'p.csv:3: time_ms: "1000"; must be later than the row before, 1970-01-01T00:00:02.000Z: oldest first',
    ],
    ['a short row', `${HEADER}${GOOD}2000,10,12\n`, 'p.csv:3: Invalid Record Length'],
    ['a long row', `${HEADER}${GOOD}2000,10,12,9,11,5,6\n`, 'p.csv:3: Invalid Record Length'],
    ['an open quote', `${HEADER}"1000,10,12,9,11,5\n`, 'p.csv:2: Quote Not Closed'],
    [
      'no time',
      `${HEADER}soon,10,12,9,11,5\n`,
      'p.csv:2: time_ms: "soon"; must be a time as Unix milliseconds',
    ],
    ['a line without end', `${HEADER}${'1'.repeat(70_000)}`, 'p.csv:2: Max Record Size'],
  ];

  for (const [what, content, message] of cases)
    it(`${what} is refused with its place`, async () => {
      const fault = await folder.fault(content);
      expect(fault.message).to.contain(message);
      expect(fault.code).to.equal('INVALID_ARGUMENT');
      expect(fault.details?.['file']).to.equal('p.csv');
    });

  it('names the column as the file writes it, and the line also for programs', async () => {
    const fault = await folder.fault('Date,Open,High,Low,Close,Vol\n2000-01-03,1,2,1,x,3\n');
    expect(fault.field).to.equal('Close');
    expect(fault.details).to.deep.equal({ file: 'p.csv', line: 2 });
  });

  it('counts blank lines and a Windows line end as an editor does', async () => {
    const text = `${HEADER}\n\n${GOOD}\n2000,x,12,9,11,5\n`;
    expect((await folder.fault(text)).details?.['line']).to.equal(6);
    expect((await folder.fault(text.replaceAll('\n', '\r\n'))).details?.['line']).to.equal(6);
  });

  it('counts the lines of a file of many chunks', async () => {
    for (const padding of ['', '1', '12', '123']) {
      let text = `${HEADER}`;
      for (let i = 0; i < 30_000; i++) text += `${i},10,12,9,11,5${padding}\n`;
      expect((await folder.fault(`${text}x`)).details?.['line'], padding).to.equal(30_002);
    }
  });

  it('refuses gzip that ends early or is damaged', async () => {
    let text = HEADER;
    for (let i = 0; i < 5000; i++) text += `${i},10,12,9,11,${Math.sin(i) ** 2}\n`;
    const whole = gzipSync(text);
    for (const cut of [whole.length >> 1, whole.length - 1, 12])
      expect((await folder.fault(whole.subarray(0, cut))).message, String(cut)).to.match(
        /gzip that ends early or is damaged \(Z_BUF_ERROR\); must be whole gzip|empty/,
      );
    const flipped = Buffer.from(whole);
    flipped[whole.length - 6] = (flipped[whole.length - 6] ?? 0) ^ 1;
    const fault = await folder.fault(flipped);
    expect(fault.message).to.contain('Z_DATA_ERROR');
    expect(fault.code).to.equal('INVALID_ARGUMENT');
  });

  it('asks for the timeframe of a single candle', async () => {
    expect((await folder.fault(HEADER + GOOD)).field).to.equal('timeframe');
  });
});
