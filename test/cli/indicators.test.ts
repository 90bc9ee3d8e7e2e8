import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { sharedData } from '../support/shared-data.js';

const MAIN = join(process.cwd(), 'dist', 'cli', 'main.js');

function indicators(...args: string[]): string {
  return execFileSync(process.execPath, [MAIN, 'indicators', ...args], { encoding: 'utf8' });
}

describe('conclave indicators', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'conclave-indicators-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function file(text: string): string {
    const path = join(folder, 'candles.csv');
    writeFileSync(path, text);
    return path;
  }

  it('writes the time column and one column per output, empty while warming up', () => {
    const input = file('Date,Close\n2020-01-01,1\n2020-01-02,2\n2020-01-03,4\n');
    expect(indicators('--input', input, '--spec', 'sma(2),minmax(2)')).to.equal(
      'Date,sma(2),minmax(2).min,minmax(2).max\n' +
        '2020-01-01,,,\n' +
        '2020-01-02,1.5000000000000000,1.0000000000000000,2.0000000000000000\n' +
        '2020-01-03,3.0000000000000000,2.0000000000000000,4.0000000000000000\n',
    );
  });

  it('quotes headings with commas, needs no time column and takes an empty cell as missing', () => {
    const output = join(folder, 'out.csv');
    const input = file('close\n1\n\n2\n4\n""\n5\n');
    expect(indicators('--input', input, '--spec', 'ema(1,first)', '--output', output)).to.equal('');
    const lines = readFileSync(output, 'utf8').trimEnd().split('\n');
    expect(lines).to.deep.equal([
      '"ema(1,first)"',
      '1.0000000000000000',
      '2.0000000000000000',
      '4.0000000000000000',
      '""',
      '5.0000000000000000',
    ]);
  });

  it('lists the catalogue', () => {
    const text = indicators('list');
    expect(text).to.include('rsi(period=14, smoothing=wilder|simple)');
    const all = JSON.parse(indicators('list', '--json')) as { name: string }[];
    expect(all.map((info) => info.name)).to.include('macd');
  });

  it('ends with 2 and one line naming what is wrong', () => {
    const input = file('close\n1\nx\n');
    const cases: [string[], string][] = [
      [['--input', input, '--spec', 'sma(2)'], 'close[1]'],
      [['--input', input, '--spec', 'atr(2)'], 'high'],
      [['--input', input, '--spec', 'none(2)'], 'none'],
      [['--input', join(folder, 'absent.csv'), '--spec', 'sma(2)'], 'absent.csv'],
      [['--input', input], '--spec'],
    ];
    for (const [args, part] of cases) {
      const run = spawnSync(process.execPath, [MAIN, 'indicators', ...args], { encoding: 'utf8' });
      expect(run.status, run.stderr).to.equal(2);
      expect(run.stderr).to.include(part);
    }
  });

  it('gives the 97 functions of the golden file on its bars (needs goldens/talib)', function () {
    const input = sharedData('goldens/talib/ref252.csv');
    const golden = sharedData('goldens/talib/full_outputs_default_params.json');
    if (input === undefined || golden === undefined) return this.skip();
    const functions = JSON.parse(readFileSync(golden, 'utf8')) as GoldenFunction[];
    const spec = functions.map(({ name }) => name.toLowerCase()).join(',');
    const [header = [], ...rows] = parse(indicators('--input', input, '--spec', spec)) as string[][];
    let at = 0;
    for (const { name, begIdx, outputs } of functions) {
      for (const [output, values] of Object.entries(outputs)) {
        expect(header[at]?.split('.')[0], output).to.equal(name.toLowerCase());
        expect(rows.slice(0, begIdx).every((row) => row[at] === '')).to.equal(true);
        for (const [row, expected] of values.entries()) {
          const [cell, what] = [rows[begIdx + row]?.[at] ?? '', `${name} row ${begIdx + row}`];
          // Arc sines of prices are null in the file.
          expect(cell === '', what).to.equal(expected === null);
          const [actual, wanted] = [Number(cell), expected ?? 0];
          expect(Math.abs(actual - wanted), what).to.be.at.most(1e-10 * Math.max(1e-3, Math.abs(wanted)));
        }
        at += 1;
      }
    }
    expect(at).to.equal(header.length);
  });

  it('reads a compressed file as it is (needs spy_max.txt.gz)', function () {
    const input = sharedData('goldens/lean/spy_max.txt.gz');
    if (input === undefined) return this.skip();
    const lines = indicators('--input', input, '--spec', 'max(5,real=high)').trimEnd().split('\n');
    expect(lines[0]).to.equal('Date,"max(5,real=high)"');
    expect(lines.length).to.be.greaterThan(400);
  });
});

interface GoldenFunction {
  readonly name: string;
  readonly begIdx: number;
  readonly outputs: Readonly<Record<string, readonly (number | null)[]>>;
}
