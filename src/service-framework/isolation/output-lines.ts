import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Longest line that is kept; the rest of it is cut. */
const MAX_LINE_CHARACTERS = 4_096;

/** Hands over what is written to a stream, line by line. */
export function eachLine(stream: Readable | null, hear: (line: string) => void): void {
  if (!stream) return;
  stream.on('error', () => undefined);
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    if (line !== '') hear(line.slice(0, MAX_LINE_CHARACTERS));
  });
}
