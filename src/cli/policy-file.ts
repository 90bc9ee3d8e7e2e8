import { readFileSync } from 'node:fs';
import { type PolicySettings, policySettings } from '../ml-service/index.js';
import { ServiceError } from '../runtime/index.js';

/**
 * Reads a policy file.
 * @throws ServiceError INVALID_ARGUMENT naming the file, or the setting that is wrong
 */
export function readPolicyFile(path: string): PolicySettings {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ServiceError('INVALID_ARGUMENT', `cannot read policy ${path}: ${(cause as Error).message}`, {
      field: 'policy',
      cause,
    });
  }
  return policySettings(content);
}
