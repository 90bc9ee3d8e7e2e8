import { describeValue } from '../service-error.js';
import { nearest } from './nearest.js';
import { CONFIG_FLAG, HELP_FLAG, type NamedSetting } from './schema.js';
import { Findings, takeTexts } from './source.js';

/** What the command line says. */
export interface CommandLine {
  readonly findings: Findings;
  /** The file named by `--config`. */
  readonly configFile: string | undefined;
}

/** True when the user asks for the help text: check it before loading, which may fail. */
export function wantsHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const options = end < 0 ? argv : argv.slice(0, end);
  return options.includes(HELP_FLAG) || options.includes('-h');
}

/**
 * Reads `--flag value`, `--flag=value`, `--switch`, `--no-switch`.
 *
 * @param argv the arguments after the script: `process.argv.slice(2)`
 */
export function readCommandLine(
  settings: readonly NamedSetting[],
  argv: readonly string[],
  cwd: string,
): CommandLine {
  const known = knownFlags(settings);
  const findings = new Findings();
  const given = new Map<string, string[]>();
  let position = 0;
  while (position < argv.length) {
    const argument = argv[position++] ?? '';
    if (argument === HELP_FLAG || argument === '-h') continue;
    if (!argument.startsWith('-') || argument === '--') {
      findings.problems.push({ origin: '', text: `unexpected argument ${describeValue(argument)}` });
      continue;
    }
    const equals = argument.indexOf('=');
    const flag = equals < 0 ? argument : argument.slice(0, equals);
    const meaning = known.get(flag);
    const next = argv[position];
    const nextIsValue = next !== undefined && !next.startsWith('--');
    if (!meaning) {
      findings.problems.push(unknownFlag(flag, known.keys()));
      // What follows was probably its value; it may be a secret, so it is not echoed either.
      if (equals < 0 && nextIsValue) position++;
      continue;
    }
    let value: string;
    if (meaning.implied !== undefined && equals < 0) value = meaning.implied;
    else if (meaning.negated) {
      findings.problems.push({ origin: `flag ${flag}`, text: 'takes no value' });
      continue;
    } else if (equals >= 0) value = argument.slice(equals + 1);
    else if (nextIsValue) {
      value = next;
      position++;
    } else {
      if (meaning.named) findings.given.add(meaning.named.path);
      findings.problems.push({ origin: `flag ${flag}`, text: 'needs a value' });
      continue;
    }
    const values = given.get(meaning.flag);
    if (values) values.push(value);
    else given.set(meaning.flag, [value]);
  }

  for (const [flag, texts] of given) {
    const named = known.get(flag)?.named;
    const origin = `flag ${flag}`;
    if (texts.length > 1 && named?.setting.type !== 'list')
      findings.problems.push({ origin, text: `given ${texts.length} times` });
    else if (named) takeTexts(findings, named, texts, origin, cwd);
  }
  return { findings, configFile: given.get(CONFIG_FLAG)?.at(-1) };
}

interface FlagMeaning {
  /** The flag under which values are collected: `--x` also for `--no-x`. */
  readonly flag: string;
  /** Absent for `--config`. */
  readonly named?: NamedSetting;
  /** The value when the flag stands alone. */
  readonly implied?: string;
  readonly negated?: boolean;
}

function knownFlags(settings: readonly NamedSetting[]): Map<string, FlagMeaning> {
  const known = new Map<string, FlagMeaning>([[CONFIG_FLAG, { flag: CONFIG_FLAG }]]);
  for (const named of settings) {
    const { flag, type } = named.setting;
    if (flag === undefined) continue;
    if (type === 'boolean') {
      known.set(flag, { flag, named, implied: 'true' });
      known.set(`--no-${flag.slice(2)}`, { flag, named, implied: 'false', negated: true });
    } else known.set(flag, { flag, named });
  }
  return known;
}

function unknownFlag(flag: string, known: Iterable<string>): { origin: string; text: string } {
  const close = nearest(flag, [...known, HELP_FLAG]);
  const hint = close === undefined ? '' : `; did you mean ${close}?`;
  return { origin: `flag ${flag}`, text: `unknown${hint}` };
}
