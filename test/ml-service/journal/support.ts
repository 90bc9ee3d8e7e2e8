import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AppendRequest,
  type Journal,
  type OpenJournalOptions,
  openJournal,
} from '#conclave/ml-service/journal/index.js';
import { ManualClock, type ServiceError, silentLogger } from '#conclave/runtime/index.js';

/** Folders and journals of one test, gone after it. Call inside a `describe`. */
export function journalSandbox(): {
  folder(): string;
  open(dataDir: string, options?: Partial<OpenJournalOptions>): Promise<Journal>;
} {
  let folders: string[] = [];
  let journals: Journal[] = [];
  afterEach(async () => {
    for (const journal of journals) await journal.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    folders = [];
    journals = [];
  });
  return {
    folder() {
      const folder = mkdtempSync(join(tmpdir(), 'conclave-journal-'));
      folders.push(folder);
      return folder;
    },
    async open(dataDir, options = {}) {
      const clock = new ManualClock(1_700_000_000_000);
      const journal = await openJournal({ dataDir, clock, logger: silentLogger(), ...options });
      journals.push(journal);
      return journal;
    },
  };
}

/** A request with what every one needs; number `n` tells them apart. */
export function request(n: number, fields: Partial<AppendRequest> = {}): AppendRequest {
  return { kind: 'feedback', timeMs: 1_700_000_000_000 + n, subject: `d-${n}`, body: { n }, ...fields };
}

/** Appends records 1 … count, durably. */
export async function fill(journal: Journal, count: number): Promise<void> {
  const first = journal.lastSeq + 1;
  const all = Array.from({ length: count }, (_, i) => journal.append(request(first + i)).durable);
  await Promise.all(all);
}

/** The ServiceError that `action` throws or rejects with; fails when it does neither. */
export async function errorOf(action: () => unknown): Promise<ServiceError> {
  try {
    await action();
  } catch (thrown) {
    return thrown as ServiceError;
  }
  throw new Error('expected an error');
}
