import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '../../runtime/index.js';
import { type AllowList, checkKeyName, formatAllowList, parseAllowList } from './allow-list.js';
import { formatKeyFile, type NamedKey, readKeyFile, readPublicKeyFile } from './key-files.js';
import { KeyPair } from './key-pair.js';
import { readProtectedFile } from './private-file.js';

const SECRET_MODE = 0o600;
const PUBLIC_MODE = 0o644;
const FOLDER_MODE = 0o700;

/**
 * A folder of keys: `NAME.key` (the pair, 0600), `NAME.pub` (the public key, to be handed out) and `allow/LIST` (who
 * may connect to which endpoint).
 */
export class KeyFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes a pair and its two files.
   *
   * @throws ServiceError ALREADY_EXISTS: a key is never overwritten, whoever trusts it would be cut off
   */
  create(name: string): NamedKey {
    checkKeyName(name);
    this.#makeFolder(this.path);
    const pair = KeyPair.generate();
    const file = this.secretFile(name);
    try {
      writeNew(file, formatKeyFile(name, pair), SECRET_MODE);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(file, cause);
      throw new ServiceError('ALREADY_EXISTS', `name: there is a key ${name} already: ${file}`, {
        field: 'name',
      });
    }
    this.#replace(this.publicFile(name), `${pair.publicKey} ${name}\n`, PUBLIC_MODE);
    return { publicKey: pair.publicKey, name };
  }

  /** @throws ServiceError NOT_FOUND, FAILED_PRECONDITION, INVALID_ARGUMENT */
  pair(name: string): KeyPair {
    return readKeyFile(this.secretFile(checkKeyName(name)));
  }

  /** A public key of the folder. @throws ServiceError NOT_FOUND, FAILED_PRECONDITION, INVALID_ARGUMENT */
  publicKey(name: string): NamedKey {
    return readPublicKeyFile(this.publicFile(checkKeyName(name)));
  }

  /** Names with a `.key` or a `.pub` file, sorted. */
  names(): string[] {
    const files = list(this.path).flatMap((file) => /^(.+)\.(?:key|pub)$/.exec(file)?.[1] ?? []);
    return [...new Set(files)].sort();
  }

  /** Names of the lists that have a file, sorted. */
  lists(): string[] {
    return list(join(this.path, 'allow'))
      .filter((name) => !name.endsWith('.new'))
      .sort();
  }

  /** A list; empty when it has no file. @throws ServiceError INVALID_ARGUMENT, FAILED_PRECONDITION */
  allowed(listName: string): AllowList {
    const file = this.listFile(listName);
    return parseAllowList(readProtectedFile(file, 'trusted') ?? '', file);
  }

  /** Puts a key on a list. @returns false when it was there under that name already */
  allow(listName: string, { publicKey, name }: NamedKey): boolean {
    const listed = this.allowed(listName);
    if (listed.get(publicKey) === name) return false;
    this.#writeList(listName, new Map(listed).set(publicKey, name));
    return true;
  }

  /** Takes a key, or all keys of a name, from a list. @returns the keys taken */
  revoke(listName: string, keyOrName: string): string[] {
    const listed = this.allowed(listName);
    const taken = [...listed].filter(([key, name]) => key === keyOrName || name === keyOrName);
    if (taken.length === 0) return [];
    const keys = taken.map(([key]) => key);
    this.#writeList(listName, new Map([...listed].filter(([key]) => !keys.includes(key))));
    return keys;
  }

  secretFile(name: string): string {
    return join(this.path, `${name}.key`);
  }

  publicFile(name: string): string {
    return join(this.path, `${name}.pub`);
  }

  listFile(listName: string): string {
    return join(this.path, 'allow', checkKeyName(listName, 'list'));
  }

  #writeList(listName: string, listed: AllowList): void {
    const file = this.listFile(listName);
    this.#makeFolder(join(this.path, 'allow'));
    this.#replace(file, formatAllowList(listed), SECRET_MODE);
  }

  #makeFolder(path: string): void {
    try {
      if (mkdirSync(path, { recursive: true, mode: FOLDER_MODE }) !== undefined) chmodSync(path, FOLDER_MODE);
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
  }

  /** A reader sees the old contents or the new, never half of them. */
  #replace(file: string, text: string, mode: number): void {
    const fresh = `${file}.new`;
    try {
      removeIfThere(fresh);
      writeNew(fresh, text, mode);
      renameSync(fresh, file);
    } catch (cause) {
      throw cannotWrite(file, cause);
    }
  }
}

function writeNew(file: string, text: string, mode: number): void {
  const descriptor = openSync(file, 'wx', mode);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function removeIfThere(file: string): void {
  try {
    unlinkSync(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new ServiceError('FAILED_PRECONDITION', `${folder}: ${(cause as NodeJS.ErrnoException).code}`, {
      field: folder,
      cause,
    });
  }
}

function cannotWrite(path: string, cause: unknown): ServiceError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new ServiceError('FAILED_PRECONDITION', `${path}: cannot be written: ${code}`, {
    field: path,
    cause,
  });
}
