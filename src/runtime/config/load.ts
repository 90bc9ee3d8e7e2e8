import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readCommandLine } from './command-line.js';
import { ConfigError, type ConfigProblem } from './config-error.js';
import { type Environment, readEnvironment } from './environment.js';
import { checkScalar } from './rule.js';
import { CONFIG_FLAG, type ConfigSchema, type NamedSetting } from './schema.js';
import type { ConfigValue, Section, SectionValues } from './setting.js';
import { Findings, type Found } from './source.js';
import { readYaml } from './yaml-file.js';

/** Where the values come from. */
export interface ConfigSources {
  /** The arguments after the script: `process.argv.slice(2)`. */
  readonly argv?: readonly string[];
  /** `process.env`. */
  readonly env?: Environment;
  /** YAML file to read when `--config` names none. A missing file is an error. */
  readonly configFile?: string;
  /** Folder where relative paths start, except those written in the YAML file. */
  readonly cwd: string;
}

/** The result of `loadConfig`. */
export interface LoadedConfig<T = Section> {
  readonly schema: ConfigSchema<T>;
  /** The values, typed by the schema, deeply frozen. */
  readonly values: SectionValues<T>;
  /** By dotted path: `default`, `conclave.yaml:12`, `env CONCLAVE_DATA_DIR` or `flag --data-dir`. */
  readonly origins: ReadonlyMap<string, string>;
}

/** The file is read whole; nobody writes this much by hand. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * Puts the configuration together: flags over environment over YAML file over defaults.
 *
 * @throws ConfigError (INVALID_ARGUMENT) that lists every problem of every source, with its place
 */
export function loadConfig<T>(schema: ConfigSchema<T>, sources: ConfigSources): LoadedConfig<T> {
  const { cwd } = sources;
  const commandLine = readCommandLine(schema.settings, sources.argv ?? [], cwd);
  const environment = readEnvironment(schema.settings, sources.env ?? {}, cwd);
  const configFile = commandLine.configFile ?? sources.configFile;
  const file =
    configFile === undefined ? new Findings() : readFile(schema.sections as Section, configFile, cwd);
  const byPrecedence = [commandLine.findings, environment, file];

  const problems: ConfigProblem[] = byPrecedence.flatMap((findings) => findings.problems);
  const values = {};
  const origins = new Map<string, string>();
  for (const named of schema.settings) {
    const found = choose(named, byPrecedence, cwd);
    if (found) {
      origins.set(named.path, found.origin);
      place(values, named.path, found.value);
    } else if (!byPrecedence.some((findings) => findings.given.has(named.path)))
      problems.push({ origin: '', path: named.path, text: `missing; ${waysToSet(named, configFile)}` });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { schema, values: freeze(values) as SectionValues<T>, origins };
}

function readFile(sections: Section, path: string, cwd: string): Findings {
  const failed = new Findings();
  const fullPath = resolve(cwd, path);
  let bytes: Buffer;
  try {
    bytes = readFileSync(fullPath);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    failed.problems.push({ origin: path, text: `cannot be read (${reason}); set by ${CONFIG_FLAG}` });
    return failed;
  }
  if (bytes.length > MAX_FILE_BYTES) {
    failed.problems.push({ origin: path, text: `${bytes.length} bytes; at most ${MAX_FILE_BYTES}` });
    return failed;
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    failed.problems.push({ origin: path, text: 'is not UTF-8 text' });
    return failed;
  }
  return readYaml(sections, { text, shownName: path, folder: dirname(fullPath) });
}

function choose(named: NamedSetting, sources: readonly Findings[], cwd: string): Found | undefined {
  for (const source of sources) {
    const found = source.byPath.get(named.path);
    if (found) return found;
  }
  const { setting } = named;
  if (setting.default === undefined)
    return setting.optional === true ? { value: undefined, origin: 'default' } : undefined;
  if (setting.type === 'path')
    return { value: checkScalar(setting, setting.default, cwd)?.value, origin: 'default' };
  if (setting.type !== 'list') return { value: setting.default, origin: 'default' };
  const items = setting.default.map((item) => checkScalar(setting.items, item, cwd)?.value ?? item);
  return { value: items, origin: 'default' };
}

function waysToSet({ path, setting }: NamedSetting, configFile: string | undefined): string {
  const ways = [`${path} in ${configFile ?? `a file given with ${CONFIG_FLAG}`}`];
  if (setting.env !== undefined) ways.unshift(`the variable ${setting.env}`);
  if (setting.flag !== undefined) ways.unshift(setting.flag);
  return `set ${ways.join(' or ')}`;
}

interface Tree {
  [name: string]: ConfigValue | Tree;
}

function place(root: Tree, path: string, value: ConfigValue): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let at = root;
  for (const name of names) {
    if (!Object.hasOwn(at, name)) at[name] = {};
    at = at[name] as Tree;
  }
  at[last] = value;
}

function freeze<V>(value: V): V {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) freeze(inner);
    Object.freeze(value);
  }
  return value;
}
