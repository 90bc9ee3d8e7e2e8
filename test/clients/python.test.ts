import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { pythonOrSkip } from '../support/python.js';
import { projectRoot } from '../support/shared-data.js';

const FOLDER = join(projectRoot, 'clients', 'python');

describe('the Python client', function () {
  // The packages may have to be fetched first.
  this.timeout(600_000);

  it('passes its own tests, against this host and the golden vectors (skipped without Python)', async function () {
    const python = pythonOrSkip(this, 'client');
    const child = spawn(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider'], {
      cwd: FOLDER,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE: process.execPath, PYTHONDONTWRITEBYTECODE: '1' },
    });
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(code, output).to.equal(0);
    expect(output)
      .to.match(/\d+ passed/)
      .and.not.match(/skipped|failed/);
  });
});
