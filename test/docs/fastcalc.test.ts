import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import * as fastcalc from '#conclave/fastcalc/index.js';
import { projectRoot } from '../support/shared-data.js';

const page = readFileSync(join(projectRoot, 'docs', 'fastcalc.md'), 'utf8');

describe('docs/fastcalc.md', () => {
  it('is what the docstrings say', () => {
    const script = join(projectRoot, 'scripts', 'fastcalc-docs.mjs');
    const run = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    expect(run.status, run.stderr).to.equal(0);
  });

  it('has a row of five cells for every indicator and every function', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    const names = rows.map((row) => /^\| `(\w+)/.exec(row)?.[1] ?? '');
    const functions = Object.entries(fastcalc).filter(([, value]) => typeof value === 'function');
    const wanted = [...fastcalc.listIndicators().map(({ name }) => name), ...functions.map(([name]) => name)];
    expect(names.toSorted()).to.deep.equal(wanted.toSorted());
    for (const row of rows) expect(row.split(/(?<!\\)\|/).length, row).to.equal(7);
  });
});
