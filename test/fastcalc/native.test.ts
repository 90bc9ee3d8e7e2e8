import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';

import { rsi } from '#conclave/fastcalc/index.js';
import { projectRoot } from '../support/shared-data.js';

describe('the Rust addon', () => {
  it('says how to build it where it is missing', async () => {
    // Inside the checkout, so that packages and module type resolve as they do for dist.
    const root = mkdtempSync(join(projectRoot, 'build', 'without-addon-'));
    try {
      for (const folder of ['fastcalc', 'runtime']) {
        cpSync(join(projectRoot, 'dist', folder), join(root, folder), { recursive: true });
      }
      const copy = (await import(pathToFileURL(join(root, 'fastcalc', 'index.js')).href)) as {
        rsi: typeof rsi;
      };
      expect(() => copy.rsi(new Float64Array(3), 2))
        .to.throw('make build')
        .that.includes({ code: 'FAILED_PRECONDITION' });
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('outlives garbage collection of what it returned and of what it was given', () => {
    let sum = 0;
    for (let round = 0; round < 300; round += 1)
      sum += rsi(new Float64Array(20_000).fill(round + 1), 14)[19_999] ?? 0;
    expect(sum).to.equal(300 * 50);
  });
});
