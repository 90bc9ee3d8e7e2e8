import { invalidArgument, ServiceError } from '../../runtime/index.js';
import { parseAllowList } from './allow-list.js';
import { KeyPair } from './key-pair.js';
import { readProtectedFile } from './private-file.js';
import { isZ85Key } from './z85.js';

/** A key pair as its file holds it. */
export function formatKeyFile(name: string, pair: KeyPair): string {
  return `# Key pair of ${name}. Whoever reads this file can pass for it.\npublic ${pair.publicKey}\nsecret ${pair.secretKey}\n`;
}

/**
 * Reads a key pair, written by `conclave keys new`.
 *
 * @throws ServiceError NOT_FOUND; FAILED_PRECONDITION when others may read the file; INVALID_ARGUMENT for what is no
 *   key file (the contents are never repeated)
 */
export function readKeyFile(path: string): KeyPair {
  const text = readProtectedFile(path, 'secret');
  if (text === undefined)
    throw new ServiceError('NOT_FOUND', `${path}: no such key file; conclave keys new makes one`, {
      field: path,
    });
  const found = new Map(
    text
      .split(/\r?\n/)
      .map((line) => /^(public|secret) (\S+)\s*$/.exec(line))
      .flatMap((match) => (match?.[1] && match[2] ? [[match[1], match[2]] as const] : [])),
  );
  const [publicKey, secretKey] = [found.get('public'), found.get('secret')];
  if (!isZ85Key(publicKey) || !isZ85Key(secretKey))
    throw invalidArgument(path, undefined, 'a key file: a line "public KEY" and a line "secret KEY", Z85');
  return new KeyPair(publicKey, secretKey);
}

/** What an allow list or a `.pub` file says about one key. */
export interface NamedKey {
  readonly publicKey: string;
  readonly name: string;
}

/**
 * Reads a public key from the one line of a `.pub` file.
 *
 * @throws ServiceError NOT_FOUND, INVALID_ARGUMENT, FAILED_PRECONDITION
 */
export function readPublicKeyFile(path: string): NamedKey {
  const text = readProtectedFile(path, 'trusted');
  if (text === undefined) throw new ServiceError('NOT_FOUND', `${path}: no such file`, { field: path });
  const [first, ...more] = parseAllowList(text, path);
  if (!first || more.length > 0) throw invalidArgument(path, undefined, 'one line, PUBLICKEY name');
  return { publicKey: first[0], name: first[1] };
}

/** A public key given as such or as the path of a `.pub` file. @throws ServiceError */
export function publicKeyFrom(keyOrFile: string): string {
  // A path may consist of forty characters of Z85, so its ending decides.
  if (!keyOrFile.endsWith('.pub') && isZ85Key(keyOrFile)) return keyOrFile;
  return readPublicKeyFile(keyOrFile).publicKey;
}
