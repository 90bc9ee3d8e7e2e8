import { describeValue } from '../service-error.js';
import type { ConfigProblem } from './config-error.js';
import { checkScalarText, describeRule, fitsCount } from './rule.js';
import type { NamedSetting } from './schema.js';
import type { ConfigValue, Setting } from './setting.js';

/** A checked value and where it was written. */
export interface Found {
  readonly value: ConfigValue;
  readonly origin: string;
}

/** What one source (file, environment, command line) contributes. */
export class Findings {
  readonly byPath = new Map<string, Found>();
  readonly problems: ConfigProblem[] = [];
  /** Settings that were given, rightly or wrongly: they are not reported as missing as well. */
  readonly given = new Set<string>();

  accept(path: string, value: ConfigValue, origin: string): void {
    this.given.add(path);
    this.byPath.set(path, { value, origin });
  }

  reject(path: string, origin: string, text: string): void {
    this.given.add(path);
    this.problems.push({ origin, path, text });
  }
}

/** `"abc"; must be an integer from 1 to 60000`, without the value for a secret. */
export function wrongValue(setting: Setting, shown: string): string {
  return `${setting.secret === true ? '(secret)' : shown}; must be ${describeRule(setting)}`;
}

/** Checks one or several texts given for a setting by flags or a variable, and keeps the value. */
export function takeTexts(
  findings: Findings,
  { path, setting }: NamedSetting,
  texts: readonly string[],
  origin: string,
  cwd: string,
): void {
  if (setting.type !== 'list') {
    const text = texts[0] ?? '';
    const checked = checkScalarText(setting, text, cwd);
    if (checked) findings.accept(path, checked.value, origin);
    else findings.reject(path, origin, wrongValue(setting, describeValue(text)));
    return;
  }
  const parts = texts.flatMap((text) => (text === '' ? [] : text.split(','))).map((part) => part.trim());
  const values: (string | number | boolean)[] = [];
  for (const part of parts) {
    const checked = checkScalarText(setting.items, part, cwd);
    if (checked) values.push(checked.value);
    else findings.reject(path, origin, wrongValue(setting, `${describeValue(part)} in the list`));
  }
  if (values.length !== parts.length) return;
  if (fitsCount(setting, values.length)) findings.accept(path, Object.freeze(values), origin);
  else findings.reject(path, origin, wrongValue(setting, describeValue(values)));
}
