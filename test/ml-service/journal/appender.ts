import { writeSync } from 'node:fs';
import { openJournal } from '#conclave/ml-service/journal/index.js';
import { type ServiceError, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import type { AppenderTask } from './appender-process.js';

/**
 * A process that appends until it is killed, its journal fails, or `task.count` is reached, and says
 * on stdout, a line each and at once: `ready`, `acked seq key hash`, `refused seq code`,
 * `failure kind durableSeq`, `closed`.
 */
const task = JSON.parse(process.argv[2] ?? '{}') as AppenderTask;
const say = (...words: unknown[]): void => {
  const line = Buffer.from(`${words.join(' ')}\n`);
  for (let sent = 0; sent < line.length; ) {
    try {
      sent += writeSync(1, line, sent);
    } catch (thrown) {
      // A pipe that does not block says so while its reader is behind.
      if ((thrown as NodeJS.ErrnoException).code !== 'EAGAIN') throw thrown;
    }
  }
};

/** Kinds of both promises, so that groups are mixed. */
const KINDS = ['decision', 'decision', 'feedback'] as const;

try {
  const clock = new SystemClock();
  const journal = await openJournal({ dataDir: task.dataDir, clock, logger: silentLogger() });
  let hasFailed = false;
  journal.onFailure(({ kind, durableSeq }) => {
    say('failure', kind, durableSeq);
    hasFailed ||= kind === 'failed';
  });
  say('ready', journal.lastSeq);
  let made = 0;
  const lane = async (): Promise<void> => {
    while (made < task.count && !hasFailed) {
      const n = made++;
      const key = `${task.label}-${n}`;
      const appended = journal.append({
        kind: KINDS[n % KINDS.length] ?? 'decision',
        timeMs: clock.nowMs(),
        subject: `s-${key}`,
        idempotency: { command: 'test.append', key, digest: 'digest' },
        body: { n, filler: new Uint8Array(task.bodyBytes).fill(n) },
      });
      try {
        await appended.durable;
        say('acked', appended.seq, key, appended.hash);
      } catch (thrown) {
        say('refused', appended.seq, (thrown as ServiceError).code);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    }
  };
  await Promise.all(Array.from({ length: task.inFlight }, lane));
  await journal.close();
  say('closed');
} catch (thrown) {
  const { code, message } = thrown as ServiceError;
  say('error', code, message);
  process.exitCode = 1;
}
