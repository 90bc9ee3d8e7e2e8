import type { NamedSetting } from './schema.js';
import { Findings, takeTexts } from './source.js';

/** The environment, or a part of it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the variables that the settings name; other variables are not ours to judge. */
export function readEnvironment(
  settings: readonly NamedSetting[],
  environment: Environment,
  cwd: string,
): Findings {
  const findings = new Findings();
  for (const named of settings) {
    const name = named.setting.env;
    if (name === undefined || !Object.hasOwn(environment, name)) continue;
    const text = environment[name];
    // `NAME= command` is how a shell user takes a variable away.
    if (text === undefined || text === '') continue;
    takeTexts(findings, named, [text], `env ${name}`, cwd);
  }
  return findings;
}
