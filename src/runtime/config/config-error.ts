import { ServiceError } from '../service-error.js';

/** One thing wrong with the configuration. */
export interface ConfigProblem {
  /** Where it stands: `conclave.yaml:12`, `env CONCLAVE_DATA_DIR`, `flag --data-dir`; empty if nowhere. */
  readonly origin: string;
  /** Dotted path of the setting, where one is meant. */
  readonly path?: string;
  readonly text: string;
}

/** All problems of a configuration at once, one a line. */
export class ConfigError extends ServiceError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ origin, path, text }) =>
      [origin, path, text].filter((part) => part !== undefined && part !== '').join(': '),
    );
    const field = problems.find(({ path }) => path !== undefined)?.path;
    super('INVALID_ARGUMENT', lines.join('\n'), field === undefined ? {} : { field });
    this.problems = problems;
  }
}
