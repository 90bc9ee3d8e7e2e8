import type { LoadedConfig } from './load.js';
import type { NamedSetting } from './schema.js';
import type { ConfigValue } from './setting.js';

const HIDDEN = '(secret)';

/** The value at a dotted path of loaded values. */
function valueAt(values: unknown, path: string): ConfigValue {
  let at = values;
  for (const name of path.split('.')) at = (at as Record<string, unknown>)[name];
  return at as ConfigValue;
}

function show({ setting }: NamedSetting, value: ConfigValue): string {
  if (value === undefined) return '(not set)';
  return setting.secret === true ? HIDDEN : JSON.stringify(value);
}

/** One line a setting, `voting.expertTimeoutMs = 250 (default)`; secrets are hidden. */
export function describeConfig<T>(loaded: LoadedConfig<T>): string {
  return loaded.schema.settings
    .map((named) => {
      const value = show(named, valueAt(loaded.values, named.path));
      return `${named.path} = ${value} (${loaded.origins.get(named.path)})`;
    })
    .join('\n');
}

/** The values of all secret settings, for the logger to scrub. */
export function secretValues<T>(loaded: LoadedConfig<T>): readonly string[] {
  return loaded.schema.settings
    .filter(({ setting }) => setting.secret === true)
    .flatMap(({ path }) => valueAt(loaded.values, path) ?? [])
    .map(String);
}
