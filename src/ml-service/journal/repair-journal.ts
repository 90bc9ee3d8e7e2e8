import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { ServiceError } from '../../runtime/index.js';
import { BodyDecoder } from './body-decoder.js';
import { CheckpointStore } from './checkpoint-store.js';
import { exportLine } from './export-line.js';
import { type JournalFiles, journalFiles, listFolder, syncFolder } from './files.js';
import { FolderLock } from './folder-lock.js';
import { GroupWriter } from './group-writer.js';
import { HeadFile } from './head-file.js';
import { Salvage } from './salvage.js';
import { createSchema } from './schema.js';
import { SqlDatabase } from './sql-database.js';
import { type ChainedRecord, toJournalRecord } from './stored-rows.js';
import { verifyJournal } from './verify-journal.js';
import type { QueuedRecord } from './writer-messages.js';

export interface RepairReport {
  /** Nothing was wrong, and nothing was changed. */
  readonly whole: boolean;
  /** Records kept: 1 to this. */
  readonly keptSeq: number;
  /** Records given up: those after `keptSeq` up to this. */
  readonly writtenSeq: number;
  /** Why the chain ends there. */
  readonly problem?: string;
  /** Where the damaged files lie now, with `after-the-damage.ndjson`: what else could be read. */
  readonly setAside?: string;
}

export interface RepairOptions {
  /** Unix milliseconds now. */
  readonly nowMs: number;
  /** Without it nothing is changed: the report says what would be. */
  readonly apply: boolean;
  readonly onProgress?: (records: number) => void;
}

const GROUP_RECORDS = 256;
const SET_ASIDE = /^damaged-(\d+)$/;
const DRAFT = 'repaired';
const SALVAGED = 'after-the-damage.ndjson';

/**
 * Makes a journal usable again that refuses to open: keeps the unbroken chain from the first record on, under the same
 * identity, and sets the damaged files aside. What lay after the damage is given up, acknowledged or not, and written
 * down for people as far as it can be read; nothing is deleted. A repair that was interrupted is repeated.
 *
 * @throws ServiceError FAILED_PRECONDITION while another process has the journal; NOT_FOUND when there is none;
 *   DATA_LOSS when the database does not even say which journal it is: only a backup helps then
 */
export function repairJournal(dataDir: string, options: RepairOptions): RepairReport {
  const files = journalFiles(dataDir);
  if (!existsSync(files.database) && !existsSync(files.repairing))
    throw new ServiceError('NOT_FOUND', `${files.database}: no journal there`);
  const lock = new FolderLock(files, options.nowMs);
  try {
    if (existsSync(files.repairing)) finishRepair(files);
    if (
      verifyJournal(dataDir, { onProgress: ({ records }) => options.onProgress?.(records) }).problems
        .length === 0
    ) {
      const salvage = new Salvage(files);
      const { wholeSeq } = salvage.look();
      salvage.close();
      return { whole: true, keptSeq: wholeSeq, writtenSeq: wholeSeq };
    }
    return repairLocked(files, options);
  } finally {
    lock.release();
  }
}

function repairLocked(files: JournalFiles, options: RepairOptions): RepairReport {
  const salvage = new Salvage(files);
  try {
    const { identity, wholeSeq, writtenSeq, problem } = salvage.look(options.onProgress);
    const report = {
      whole: false,
      keptSeq: wholeSeq,
      writtenSeq,
      problem: problem ?? 'the chain is whole; an index, a checkpoint or a witness of the end is damaged',
    };
    if (!options.apply) return report;
    const setAside = copyAside(files);
    writeSalvaged(join(setAside, SALVAGED), salvage, wholeSeq, writtenSeq);
    writeDraft(join(files.folder, DRAFT), identity.journalId, salvage);
    durably(files.repairing, `${basename(setAside)}\n`);
    salvage.close();
    finishRepair(files);
    return { ...report, setAside };
  } catch (thrown) {
    salvage.close();
    throw thrown;
  }
}

/** Copies, so that until the new files are in place the old ones are where they were. */
function copyAside(files: JournalFiles): string {
  const numbers = listFolder(files.folder).map((name) => Number(SET_ASIDE.exec(name)?.[1] ?? 0));
  const folder = join(files.folder, `damaged-${Math.max(0, ...numbers) + 1}`);
  mkdirSync(folder, { mode: 0o700 });
  for (const file of [files.database, `${files.database}-wal`, files.head])
    if (existsSync(file)) copyFileSync(file, join(folder, basename(file)));
  if (existsSync(files.checkpoints))
    cpSync(files.checkpoints, join(folder, basename(files.checkpoints)), { recursive: true });
  for (const name of listFolder(folder)) syncFile(join(folder, name));
  syncFolder(folder);
  syncFolder(files.folder);
  return folder;
}

function writeSalvaged(path: string, salvage: Salvage, afterSeq: number, toSeq: number): void {
  const decoder = new BodyDecoder();
  const file = openSync(path, 'w', 0o600);
  try {
    for (const { record, intact } of salvage.after(afterSeq, toSeq)) {
      const line = readable(record, decoder);
      writeFileSync(file, `${JSON.stringify({ intact, ...line })}\n`);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A body that cannot be decoded is kept as it lies there. */
function readable(record: ChainedRecord, decoder: BodyDecoder): object {
  try {
    return exportLine(toJournalRecord(record, decoder));
  } catch {
    const { body, ...rest } = record;
    return { ...rest, bodyBase64: Buffer.from(body).toString('base64') };
  }
}

function writeDraft(folder: string, journalId: string, salvage: Salvage): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  const files = journalFiles(folder);
  const database = new SqlDatabase(files.database);
  try {
    createSchema(database, journalId);
    const writer = new GroupWriter(database, { seq: 0, hash: salvage.genesis });
    let group: ChainedRecord[] = [];
    for (const step of salvage.chain()) {
      if ('problem' in step) break;
      group.push(step);
      if (group.length < GROUP_RECORDS) continue;
      writer.commit(group.map(queued), false);
      group = [];
    }
    if (group.length > 0) writer.commit(group.map(queued), true);
    writer.finish();
    const head = new HeadFile(files.head, journalId, writer.end);
    head.close();
  } finally {
    database.close();
  }
  syncFile(files.database);
  syncFolder(folder);
}

/** All of it is synced in the end, before any of it counts. */
function queued(record: ChainedRecord): QueuedRecord {
  return { ...record, power: true };
}

/**
 * Puts the new files in the place of the old ones; every step may be repeated. SQLite's log goes first: it must never
 * meet a database it does not belong to.
 */
function finishRepair(files: JournalFiles): void {
  const draft = journalFiles(join(files.folder, DRAFT));
  for (const suffix of ['-wal', '-shm']) rmSync(`${files.database}${suffix}`, { force: true });
  rmSync(files.checkpoints, { recursive: true, force: true });
  new CheckpointStore(files.checkpoints).prepare();
  syncFolder(files.folder);
  for (const [from, to] of [
    [draft.head, files.head],
    [draft.database, files.database],
  ] as const)
    if (existsSync(from)) renameSync(from, to);
  syncFolder(files.folder);
  rmSync(draft.folder, { recursive: true, force: true });
  rmSync(files.repairing, { force: true });
  syncFolder(files.folder);
}

function durably(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600, flush: true });
  syncFolder(join(path, '..'));
}

function syncFile(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
