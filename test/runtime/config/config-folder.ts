import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '#conclave/runtime/index.js';

/** A scratch folder with YAML files, removed after each test. */
export class ConfigFolder {
  path = '';

  readonly create = (): void => {
    this.path = mkdtempSync(join(tmpdir(), 'conclave-config-'));
  };

  readonly remove = (): void => {
    rmSync(this.path, { recursive: true, force: true });
  };

  /** Writes a file and returns its name, for `configFile`. */
  write(text: string | Buffer, name = 'conclave.yaml'): string {
    writeFileSync(join(this.path, name), text);
    return name;
  }
}

/** The problem lines that an action throws. */
export function problemsOf(action: () => unknown): string[] {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.message.split('\n');
    throw thrown;
  }
  throw new Error('no ConfigError was thrown');
}
