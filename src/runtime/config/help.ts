import { describeRule } from './rule.js';
import { CONFIG_FLAG, type ConfigSchema, HELP_FLAG, type NamedSetting } from './schema.js';
import type { Setting } from './setting.js';

export interface HelpOptions {
  /** E.g. `conclave serve [options]`. */
  readonly usage: string;
  readonly description: string;
}

const WIDTH = 100;
const INDENT = '      ';

/** The text of `--help`: every setting with its flag, variable, YAML key, allowed values and default. */
export function helpText<T>(schema: ConfigSchema<T>, { usage, description }: HelpOptions): string {
  const flagged = schema.settings.filter(({ setting }) => setting.flag !== undefined);
  const others = schema.settings.filter(({ setting }) => setting.flag === undefined);
  const lines = [`Usage: ${usage}`, '', ...wrap(description, ''), '', 'Options:'];
  lines.push(`  ${CONFIG_FLAG} <path>`, ...wrap('YAML file with settings', INDENT));
  lines.push(`  ${HELP_FLAG}, -h`, ...wrap('print this text', INDENT));
  for (const named of flagged) lines.push(`  ${flagForm(named.setting)}`, ...details(named));
  if (others.length > 0) lines.push('', 'Settings without a flag:');
  for (const named of others) lines.push(`  ${named.path}`, ...details(named));
  lines.push('', 'Flags override variables, variables the YAML file, the file the defaults.');
  return `${lines.join('\n')}\n`;
}

function flagForm(setting: Setting): string {
  if (setting.type === 'boolean') return `${setting.flag}, --no-${setting.flag?.slice(2)}`;
  if (setting.type === 'enum') return `${setting.flag} <${setting.values.join('|')}>`;
  return `${setting.flag} <${setting.type === 'list' ? `${setting.items.type},…` : setting.type}>`;
}

function details({ path, setting }: NamedSetting): string[] {
  const facts = [describeRule(setting)];
  if (setting.default !== undefined)
    facts.push(setting.secret === true ? 'has a default' : `default ${JSON.stringify(setting.default)}`);
  else facts.push(setting.optional === true ? 'optional' : 'required');
  if (setting.flag !== undefined) facts.push(`YAML ${path}`);
  if (setting.env !== undefined) facts.push(`env ${setting.env}`);
  return [...wrap(setting.help, INDENT), ...wrap(`[${facts.join('; ')}]`, INDENT)];
}

function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/)) {
    if (line.length > indent.length && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent;
    }
    line += line.length > indent.length ? ` ${word}` : word;
  }
  lines.push(line);
  return lines;
}
