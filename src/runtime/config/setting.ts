/** What every setting may say, whatever its type. */
interface SettingBase {
  /** One sentence for `--help`. */
  readonly help: string;
  /** Command-line flag that sets it, e.g. `--data-dir`. */
  readonly flag?: `--${string}`;
  /** Environment variable that sets it, e.g. `CONCLAVE_DATA_DIR`; an empty one counts as not set. */
  readonly env?: string;
  /** The value never appears in errors, `describeConfig` or `--help`. */
  readonly secret?: boolean;
  /** Without a default: may stay undefined. A setting with neither must be given. */
  readonly optional?: boolean;
}

/** Text; by default 1 character or more. */
export interface StringRule {
  readonly type: 'string';
  /** Characters, default 1. */
  readonly minLength?: number;
  /** Characters, default unbounded. */
  readonly maxLength?: number;
  /** Regular expression the whole text must match. */
  readonly pattern?: RegExp;
  /** Says in words what `pattern` allows, for errors and help. */
  readonly patternHelp?: string;
}

/** A whole number within the range of exact integers. */
export interface IntegerRule {
  readonly type: 'integer';
  readonly min?: number;
  readonly max?: number;
}

/** A finite number. */
export interface NumberRule {
  readonly type: 'number';
  readonly min?: number;
  readonly max?: number;
}

export interface BooleanRule {
  readonly type: 'boolean';
}

/** A file or folder; made absolute: from the YAML file's folder when given there, else from `cwd`. */
export interface PathRule {
  readonly type: 'path';
}

export const ENDPOINT_SCHEMES = ['tcp', 'ipc', 'inproc'] as const;
export type EndpointScheme = (typeof ENDPOINT_SCHEMES)[number];

/** `tcp://host:port` (host or port may be `*`), `ipc://path` or `inproc://name`. */
export interface EndpointRule {
  readonly type: 'endpoint';
  /** Default: all. */
  readonly schemes?: readonly EndpointScheme[];
}

export interface EnumRule {
  readonly type: 'enum';
  readonly values: readonly [string, ...string[]];
}

/** A rule for one value, as opposed to a list of them. */
export type ScalarRule =
  | StringRule
  | IntegerRule
  | NumberRule
  | BooleanRule
  | PathRule
  | EndpointRule
  | EnumRule;

/** A YAML sequence; on the command line a repeated flag, or commas, as in the environment. */
export interface ListRule {
  readonly type: 'list';
  readonly items: ScalarRule;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** The value of a rule. */
export type RuleValue<R> = R extends { readonly type: 'list'; readonly items: infer I }
  ? readonly RuleValue<I>[]
  : R extends { readonly type: 'enum'; readonly values: readonly (infer V)[] }
    ? V
    : R extends { readonly type: 'integer' | 'number' }
      ? number
      : R extends { readonly type: 'boolean' }
        ? boolean
        : R extends { readonly type: 'string' | 'path' | 'endpoint' }
          ? string
          : never;

type WithDefault<R> = R & SettingBase & { readonly default?: RuleValue<R> };

/** One setting: a rule, a help text, and where the value may come from. */
export type Setting =
  | WithDefault<StringRule>
  | WithDefault<IntegerRule>
  | WithDefault<NumberRule>
  | WithDefault<BooleanRule>
  | WithDefault<PathRule>
  | WithDefault<EndpointRule>
  | (EnumRule & SettingBase & { readonly default?: string })
  | (ListRule & SettingBase & { readonly default?: readonly (string | number | boolean)[] });

/** Settings and sections of settings, by name in camelCase. */
export interface Section {
  readonly [name: string]: Setting | Section;
}

/** The value of one setting: undefined is possible only for an optional one without a default. */
type SettingValue<S> = S extends { readonly default: NonNullable<unknown> }
  ? RuleValue<S>
  : S extends { readonly optional: true }
    ? RuleValue<S> | undefined
    : RuleValue<S>;

/** The values of a section, nested as it is. */
export type SectionValues<T> = {
  readonly [K in keyof T]: T[K] extends { readonly type: string } ? SettingValue<T[K]> : SectionValues<T[K]>;
};

/** Any value a setting can have. */
export type ConfigValue = string | number | boolean | readonly (string | number | boolean)[] | undefined;

/** Tells a setting from a section, which may itself have a setting named `type`. */
export function isSetting(entry: Setting | Section): entry is Setting {
  return typeof entry['type'] === 'string';
}
