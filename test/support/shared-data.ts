import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Root of the checkout: tests run from it. */
export const projectRoot = process.cwd();

/** Path of a file of the shared data, or undefined where this machine has none (the test then skips). */
export function sharedData(relative: string): string | undefined {
  const root = process.env['CONCLAVE_DATA'] ?? resolve(projectRoot, '..', 'shared', 'data');
  const path = join(root, relative);
  return existsSync(path) ? path : undefined;
}
