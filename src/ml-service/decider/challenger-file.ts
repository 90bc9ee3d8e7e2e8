import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { Decider } from '../../fastcalc/index.js';
import { invalidArgument, ServiceError } from '../../runtime/index.js';
import type { ChallengerSettings } from './life-settings.js';
import { policySettings } from './policy-file.js';

const FIELD = 'decider.challengers';

/**
 * A challenger from a policy file; of its settings only `decider` is about a challenger. Its name is the file's, without
 * folder and ending.
 * @throws ServiceError INVALID_ARGUMENT naming the file and the setting
 */
export function readChallenger(path: string): ChallengerSettings {
  const name = basename(path, extname(path));
  if (name.length > 64) throw invalidArgument(FIELD, name, 'a file name of at most 64 characters');
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ServiceError('INVALID_ARGUMENT', `${FIELD}: cannot read ${path}: ${(cause as Error).message}`, {
      field: FIELD,
      cause,
    });
  }
  try {
    return { name, decider: new Decider(policySettings(content).decider).config() };
  } catch (thrown) {
    const { message } = ServiceError.from(thrown);
    throw new ServiceError('INVALID_ARGUMENT', `${FIELD}: ${path}: ${message}`, {
      field: FIELD,
      cause: thrown,
    });
  }
}
