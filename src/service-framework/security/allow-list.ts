import { invalidArgument } from '../../runtime/index.js';
import { isZ85Key } from './z85.js';

/** Public keys that may connect, with the name each was given; the name is for logs only. */
export type AllowList = ReadonlyMap<string, string>;

/** What a name in a list, or of a key file, may look like. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;
const NAMES_ALLOWED = '1 to 64 letters, digits, "_", "-" and ".", not first "-" or "."';

/** Whether a key can have this name. */
export function isKeyName(name: string): boolean {
  return NAME.test(name);
}

/** @throws ServiceError INVALID_ARGUMENT */
export function checkKeyName(name: string, field = 'name'): string {
  if (isKeyName(name)) return name;
  throw invalidArgument(field, name, NAMES_ALLOWED);
}

/**
 * Reads a list: a line a key, `PUBLICKEY name`. Empty lines, and those that begin with `#`, say nothing: no key
 * begins so, for the first of five characters of Z85 is at most `%`.
 *
 * @throws ServiceError INVALID_ARGUMENT that names the line; it does not repeat it, for it may hold a pasted secret
 */
export function parseAllowList(text: string, field: string): AllowList {
  const keys = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const at = `${field}:${index + 1}`;
    const [key = '', name, ...more] = line.trim().split(/\s+/);
    if (!isZ85Key(key)) throw invalidArgument(at, undefined, 'PUBLICKEY name, the key in Z85');
    if (name === undefined || more.length > 0 || !NAME.test(name))
      throw invalidArgument(at, undefined, `PUBLICKEY name, the name ${NAMES_ALLOWED}`);
    if (keys.has(key)) throw invalidArgument(at, key, 'listed once');
    keys.set(key, name);
  }
  return keys;
}

export function formatAllowList(list: AllowList): string {
  const lines = [...list].map(([key, name]) => `${key} ${name}\n`);
  return `# Public keys that may connect, and whose they are.\n${lines.join('')}`;
}
