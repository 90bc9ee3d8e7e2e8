import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const BENCH = fileURLToPath(new URL('../../bench/', import.meta.url));
const SOURCES = fileURLToPath(new URL('../../../bench/', import.meta.url));

describe('every bench', function () {
  this.timeout(30_000);
  const sources = readdirSync(SOURCES).filter((file) => file.endsWith('.ts') && file !== 'options.ts');
  const scripts = sources.map((file) => file.replace(/ts$/, 'js'));
  const run = (script: string, option: string) =>
    spawnSync(process.execPath, [`${BENCH}${script}`, option], { encoding: 'utf8' });

  it('is one of several', () => {
    expect(scripts).to.include.members(['rpc.js', 'kernels.js', 'soak.js']);
  });

  for (const script of scripts) {
    it(`${script} says what it can be asked for, and refuses what it does not know`, () => {
      const { status, stdout } = run(script, '--help');
      expect(status).to.equal(0);
      expect(stdout).to.match(new RegExp(`^node build/bench/${script} \\[options\\]: .+\\n {2}--`));
      const refused = run(script, '--no-such-option');
      expect(refused.status).to.equal(2);
      expect(refused.stderr).to.include('--no-such-option').and.to.include(`node build/bench/${script}`);
    });
  }
});
