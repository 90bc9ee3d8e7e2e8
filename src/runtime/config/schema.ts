import { invalidArgument } from '../service-error.js';
import { checkScalar, describeRule, fitsCount } from './rule.js';
import { isSetting, type Section, type SectionValues, type Setting } from './setting.js';

/** A setting with its dotted path, e.g. `voting.expertTimeoutMs`. */
export interface NamedSetting {
  readonly path: string;
  readonly setting: Setting;
}

/** A checked description of all settings of a program; made by `defineConfig`. */
export interface ConfigSchema<T = Section> {
  readonly sections: T;
  /** Depth first, in the order written. */
  readonly settings: readonly NamedSetting[];
}

/** The frozen, typed values that a schema describes: `Config<typeof schema>`. */
export type Config<S> = S extends ConfigSchema<infer T> ? SectionValues<T> : never;

/** Flags that `loadConfig` itself understands. */
export const CONFIG_FLAG = '--config';
export const HELP_FLAG = '--help';

const NAME = /^[a-z][A-Za-z0-9]*$/;
const FLAG = /^--[a-z][a-z0-9-]*$/;
const ENV = /^[A-Z][A-Z0-9_]*$/;

/**
 * Describes the settings of a program, once; types, checks, `--help` and errors follow from it.
 *
 *     const schema = defineConfig({
 *       dataDir: { type: 'path', default: './data', flag: '--data-dir', help: 'where the journal lives' },
 *       voting: { expertTimeoutMs: { type: 'integer', min: 1, max: 60_000, default: 250, help: '…' } },
 *     });
 *
 * @throws ServiceError INVALID_ARGUMENT for a mistake in the schema itself: a name that is not camelCase,
 *   a flag or variable used twice, a default that breaks its own rule
 */
export function defineConfig<const T extends Section>(sections: T): ConfigSchema<T> {
  const settings: NamedSetting[] = [];
  const sources = new Map<string, string>([
    [CONFIG_FLAG, 'the configuration file'],
    [HELP_FLAG, 'the help text'],
  ]);
  collect(sections, '', settings);
  for (const { path, setting } of settings) {
    claim(sources, path, 'flag', setting.flag, FLAG, 'like --data-dir');
    claim(sources, path, 'env', setting.env, ENV, 'like CONCLAVE_DATA_DIR');
    checkDefault(path, setting);
  }
  for (const { path, setting } of settings) {
    const negated = setting.type === 'boolean' && setting.flag ? `--no-${setting.flag.slice(2)}` : undefined;
    claim(sources, path, 'flag', negated, FLAG, 'like --data-dir');
  }
  return { sections, settings };
}

function collect(section: Section, prefix: string, into: NamedSetting[]): void {
  for (const [name, entry] of Object.entries(section)) {
    const path = prefix + name;
    if (!NAME.test(name)) throw invalidArgument(path, name, 'a name in camelCase');
    if (isSetting(entry)) into.push({ path, setting: entry });
    else collect(entry, `${path}.`, into);
  }
}

function claim(
  taken: Map<string, string>,
  path: string,
  part: 'flag' | 'env',
  name: string | undefined,
  form: RegExp,
  allowed: string,
): void {
  if (name === undefined) return;
  const field = `${path}.${part}`;
  if (!form.test(name)) throw invalidArgument(field, name, allowed);
  const owner = taken.get(name);
  if (owner !== undefined) throw invalidArgument(field, name, `free; it already sets ${owner}`);
  taken.set(name, path);
}

function checkDefault(path: string, setting: Setting): void {
  if (setting.default === undefined) return;
  const shown = setting.secret === true ? undefined : setting.default;
  const fits =
    setting.type === 'list'
      ? fitsCount(setting, setting.default.length) &&
        setting.default.every((item) => checkScalar(setting.items, item, '/') !== undefined)
      : checkScalar(setting, setting.default, '/') !== undefined;
  if (!fits) throw invalidArgument(`${path}.default`, shown, describeRule(setting));
}
