import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './shared-data.js';

const VENV = join(projectRoot, 'build', 'python');

/** What a Python must be able to import, and the file that says how to install it. */
interface Needs {
  readonly imports: string;
  readonly requirements: string;
}

const PYTHON_NEEDS = {
  examples: { imports: 'import zmq, msgpack', requirements: 'examples/requirements.txt' },
  client: {
    imports: 'import zmq, msgpack, numpy, pytest, mypy',
    requirements: 'clients/python/requirements-test.txt',
  },
} as const satisfies Record<string, Needs>;

function works(python: string, code: string): boolean {
  return spawnSync(python, ['-c', code], { stdio: 'ignore' }).status === 0;
}

/**
 * A Python that has what is needed: the machine's own, or one in a virtual environment under `build/`.
 * Otherwise the reason why there is none.
 */
function findPython({
  imports,
  requirements,
}: Needs): { readonly python: string } | { readonly missing: string } {
  if (!works('python3', 'import sys; assert sys.version_info >= (3, 9)'))
    return { missing: 'no Python 3.9 or newer' };
  if (works('python3', imports)) return { python: 'python3' };
  const python = join(VENV, 'bin', 'python');
  if (existsSync(python) && works(python, imports)) return { python };
  const made = spawnSync('python3', ['-m', 'venv', VENV], { encoding: 'utf8' });
  if (made.status !== 0) return { missing: `no virtual environment: ${made.stderr.trim()}` };
  const installed = spawnSync(
    python,
    ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', '-r', join(projectRoot, requirements)],
    { encoding: 'utf8' },
  );
  if (installed.status === 0 && works(python, imports)) return { python };
  return { missing: `packages of ${requirements}: ${installed.stderr.trim().split('\n').at(-1)}` };
}

/** A Python with the packages needed; skips the test, with the reason on stderr, where there is none. */
export function pythonOrSkip(test: { skip(): never }, needs: keyof typeof PYTHON_NEEDS = 'examples'): string {
  const found = findPython(PYTHON_NEEDS[needs]);
  if ('python' in found) return found.python;
  process.stderr.write(`      skipped: ${found.missing}\n`);
  return test.skip();
}
