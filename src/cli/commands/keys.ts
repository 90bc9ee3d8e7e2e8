import { resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { invalidArgument, ServiceError } from '../../runtime/index.js';
import {
  isKeyName,
  isZ85Key,
  KeyFolder,
  type NamedKey,
  ROLES,
  type Role,
  readPublicKeyFile,
} from '../../service-framework/index.js';
import { saying } from '../remote.js';
import { table } from '../table.js';

export const DEFAULT_KEYS = '.conclave/keys';

interface KeysOptions {
  readonly keys: string;
  readonly json?: boolean;
}

function keysCommandOf(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--keys <folder>', 'folder of keys and allow lists', DEFAULT_KEYS)
    .option('--json', 'print one JSON object');
}

function say(options: KeysOptions, text: string, value: unknown): void {
  process.stdout.write(options.json === true ? `${JSON.stringify(value)}\n` : `${text}\n`);
}

function folderOf({ keys }: KeysOptions): KeyFolder {
  return new KeyFolder(resolve(keys));
}

/** A key given by its name in the folder, as a `.pub` file, or as such (with the name it shall be listed under). */
function keyFrom(folder: KeyFolder, given: string, name: string | undefined): NamedKey {
  if (given.endsWith('.pub')) {
    const found = readPublicKeyFile(resolve(given));
    return { ...found, name: name ?? found.name };
  }
  if (given.endsWith('.key'))
    throw invalidArgument('key', given, 'the .pub file beside it: the other one is the secret of its owner');
  if (!isZ85Key(given)) {
    // Not repeated: what is neither a name nor a key may be a secret, pasted with a slip.
    if (!isKeyName(given))
      throw invalidArgument('key', undefined, 'a name in the folder, a .pub file, or a public key in Z85');
    return { ...folder.publicKey(given), ...(name === undefined ? {} : { name }) };
  }
  if (name !== undefined) return { publicKey: given, name };
  throw new ServiceError('INVALID_ARGUMENT', '--name: missing; must say whose key it is', { field: 'name' });
}

function newCommand(): Command {
  return keysCommandOf('new', 'Makes a key pair: NAME.key stays here, NAME.pub may be handed out.')
    .argument('<name>', 'whose key it is; host is the name that hosts look for')
    .action((name: string, options: KeysOptions) =>
      saying(options, () => {
        const folder = folderOf(options);
        const { publicKey } = folder.create(name);
        const [secretFile, publicFile] = [folder.secretFile(name), folder.publicFile(name)];
        say(options, `${publicKey} ${name}\nsecret: ${secretFile}\npublic: ${publicFile}`, {
          name,
          publicKey,
          secretFile,
          publicFile,
        });
      }),
    );
}

function showCommand(): Command {
  return keysCommandOf(
    'show',
    'Lists public keys and who may connect; checks the files. Never shows a secret.',
  )
    .argument('[name]', 'this key only')
    .action((name: string | undefined, options: KeysOptions) =>
      saying(options, () => {
        const folder = folderOf(options);
        const keys = (name === undefined ? folder.names() : [name]).map((each) => {
          const { publicKey } = folder.publicKey(each);
          // Reading it checks its protection, and that the two belong together.
          const hasSecret = hasPair(folder, each, publicKey);
          const roles = folder.lists().filter((list) => folder.allowed(list).has(publicKey));
          return { name: each, publicKey, hasSecret, roles };
        });
        const lists = folder
          .lists()
          .flatMap((role) =>
            [...folder.allowed(role)].map(([publicKey, each]) => ({ role, publicKey, name: each })),
          );
        const text = [
          table(
            ['name', 'public key', 'secret', 'may connect as'],
            keys.map((key) => [
              key.name,
              key.publicKey,
              key.hasSecret ? 'here' : '-',
              key.roles.join(', ') || '-',
            ]),
            'left',
          ),
          ...(name === undefined
            ? [
                table(
                  ['role', 'public key', 'name'],
                  lists.map((entry) => [entry.role, entry.publicKey, entry.name]),
                  'left',
                ),
              ]
            : []),
        ].join('\n');
        const none = keys.length === 0 && lists.length === 0;
        const nothing = `no keys in ${folder.path}; conclave keys new makes one`;
        say(options, none ? nothing : text, { keys, ...(name === undefined ? { allowed: lists } : {}) });
      }),
    );
}

function hasPair(folder: KeyFolder, name: string, publicKey: string): boolean {
  try {
    const pair = folder.pair(name);
    if (pair.publicKey === publicKey) return true;
  } catch (thrown) {
    if (thrown instanceof ServiceError && thrown.code === 'NOT_FOUND') return false;
    throw thrown;
  }
  throw new ServiceError(
    'FAILED_PRECONDITION',
    `${folder.publicFile(name)}: it is not the public half of ${name}.key`,
    {
      field: 'name',
    },
  );
}

function roleArgument(): Argument {
  return new Argument('<role>', 'role').choices(ROLES);
}

function allowCommand(): Command {
  return keysCommandOf('allow', "Lets a key connect to a role's endpoint; a running host notices.")
    .addArgument(roleArgument())
    .argument('<key>', 'a name in the folder, a .pub file, or a public key')
    .option('--name <name>', 'name it is listed under')
    .action((role: Role, given: string, options: KeysOptions & { name?: string }) =>
      saying(options, () => {
        const folder = folderOf(options);
        const key = keyFrom(folder, given, options.name);
        const added = folder.allow(role, key);
        say(options, `${key.name} ${added ? 'may now' : 'could already'} connect as ${role}`, {
          role,
          ...key,
          added,
        });
      }),
    );
}

function revokeCommand(): Command {
  return keysCommandOf('revoke', "Takes a key from a role's list; a running host cuts it off.")
    .addArgument(roleArgument())
    .argument('<key>', 'the name it is listed under, a .pub file, or a public key')
    .action((role: Role, given: string, options: KeysOptions) =>
      saying(options, () => {
        const folder = folderOf(options);
        const wanted = given.endsWith('.pub') ? readPublicKeyFile(resolve(given)).publicKey : given;
        const revoked = folder.revoke(role, wanted);
        if (revoked.length === 0)
          throw new ServiceError('NOT_FOUND', `key: ${JSON.stringify(given)} is not on the list of ${role}`, {
            field: 'key',
          });
        say(options, `${given} may no longer connect as ${role}`, { role, revoked });
      }),
    );
}

/** `conclave keys …` */
export function keysCommand(): Command {
  return new Command('keys')
    .description('CURVE keys, and who may connect to a host with them.')
    .addCommand(newCommand())
    .addCommand(showCommand())
    .addCommand(allowCommand())
    .addCommand(revokeCommand());
}
