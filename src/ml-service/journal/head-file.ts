import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './files.js';

/** A place in the journal: its last record and that record's hash. */
export interface JournalEnd {
  readonly seq: number;
  readonly hash: string;
}

/** Slots lie in different blocks, so that a torn write leaves the other one whole. */
const SLOT_BYTES = 4096;
const SLOTS = 2;
const LINE = /^(conclave-head 1 (\S+) (\d+) ([0-9a-f]{64})) ([0-9a-f]{16})\n/;

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function line(journalId: string, end: JournalEnd): string {
  const text = `conclave-head 1 ${journalId} ${String(end.seq).padStart(16, '0')} ${end.hash}`;
  return `${text} ${checksum(text)}\n`;
}

/** What a head file says. `problem` is set when a slot is damaged or there is no file. */
export interface HeadFileContent {
  readonly journalId?: string;
  readonly end?: JournalEnd;
  readonly problem?: string;
}

/** Reads the newer valid slot. */
export function readHeadFile(path: string): HeadFileContent {
  if (!existsSync(path)) return { problem: 'missing' };
  const text = readFileSync(path).toString('latin1');
  let newest: { journalId: string; end: JournalEnd } | undefined;
  let damaged = text.length === SLOT_BYTES * SLOTS ? 0 : 1;
  for (let slot = 0; slot < SLOTS; slot++) {
    const part = text.slice(slot * SLOT_BYTES, (slot + 1) * SLOT_BYTES);
    const match = LINE.exec(part);
    const [, said, journalId, seq, hash, sum] = match ?? [];
    const padded = match === null || part.slice(match[0].length).replaceAll('\0', '') !== '';
    if (
      said === undefined ||
      journalId === undefined ||
      hash === undefined ||
      checksum(said) !== sum ||
      padded
    )
      damaged++;
    else if (newest === undefined || Number(seq) > newest.end.seq)
      newest = { journalId, end: { seq: Number(seq), hash } };
  }
  return { ...newest, ...(damaged === 0 ? {} : { problem: 'damaged' }) };
}

/**
 * Says, outside the database, up to where the journal was safe against power loss. SQLite takes a
 * log file that was cut or deleted for one that ended there; this file is the witness that it did not.
 * It is never fsynced after creation: an older line is true as well.
 */
export class HeadFile {
  readonly #handle: number;
  readonly #journalId: string;
  #slot = 0;

  /** Creates or rewrites the file with `end` in both slots. */
  constructor(path: string, journalId: string, end: JournalEnd) {
    const isNew = !existsSync(path);
    this.#handle = openSync(path, isNew ? 'wx+' : 'r+', 0o600);
    this.#journalId = journalId;
    for (let slot = 0; slot < SLOTS; slot++) this.#write(slot, end, SLOT_BYTES);
    fsyncSync(this.#handle);
    if (isNew) syncFolder(dirname(path));
  }

  /** Call only when everything up to `end` has been fsynced. */
  advance(end: JournalEnd): void {
    this.#write(this.#slot, end, 0);
    this.#slot = (this.#slot + 1) % SLOTS;
  }

  close(): void {
    closeSync(this.#handle);
  }

  #write(slot: number, end: JournalEnd, paddedBytes: number): void {
    const text = line(this.#journalId, end).padEnd(paddedBytes, '\0');
    writeSync(this.#handle, text, slot * SLOT_BYTES, 'latin1');
  }
}
