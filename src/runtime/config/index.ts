export { wantsHelp } from './command-line.js';
export { ConfigError, type ConfigProblem } from './config-error.js';
export { describeConfig, secretValues } from './describe.js';
export type { Environment } from './environment.js';
export { type HelpOptions, helpText } from './help.js';
export { type ConfigSources, type LoadedConfig, loadConfig } from './load.js';
export { type Config, type ConfigSchema, defineConfig, type NamedSetting } from './schema.js';
export type {
  BooleanRule,
  ConfigValue,
  EndpointRule,
  EndpointScheme,
  EnumRule,
  IntegerRule,
  ListRule,
  NumberRule,
  PathRule,
  RuleValue,
  ScalarRule,
  Section,
  SectionValues,
  Setting,
  StringRule,
} from './setting.js';
