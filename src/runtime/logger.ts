import { Writable } from 'node:stream';
import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

/** Structured log, pino's own interface: `log.info({ command }, 'served')`. */
export type Logger = PinoLogger;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  readonly level?: LogLevel;
  readonly name?: string;
  /** Where lines go; stderr by default, because stdout belongs to the contract of each process. */
  readonly destination?: { write(line: string): void };
  /** Texts that must never appear in a line: API keys, passwords, private keys. */
  readonly secrets?: readonly string[];
}

/** Shorter ones would blank out ordinary text. */
const SHORTEST_SECRET = 6;
const SCRUBBED = '[scrubbed]';

/**
 * Replaces every occurrence of a secret, as written and as it looks inside a JSON string or a URL.
 * It runs on the finished line, because redaction by path misses nested errors and free text.
 */
export function scrubber(secrets: readonly string[]): (line: string) => string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    forms.add(secret);
    forms.add(JSON.stringify(secret).slice(1, -1));
    forms.add(encodeURIComponent(secret));
    forms.add(Buffer.from(secret).toString('base64'));
  }
  // Longest first: a secret may contain another.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (line) => ordered.reduce((text, form) => text.replaceAll(form, SCRUBBED), line);
}

/** A pino logger that writes JSON lines, scrubbed at the last stage. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const scrub = scrubber(options.secrets ?? []);
  const out = options.destination ?? process.stderr;
  const stream: DestinationStream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      out.write(scrub(String(chunk)));
      done();
    },
  });
  return pino(
    {
      level: options.level ?? 'info',
      ...(options.name === undefined ? {} : { name: options.name }),
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}

/** A logger that says nothing. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}
