import { readFileSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../../runtime/index.js';
import { decodeCheckpoint, encodeCheckpoint, type StoredCheckpoint } from './checkpoint-file.js';
import { createFolder, listFolder, syncFolder } from './files.js';
import { JOURNAL_LIMITS } from './limits.js';

const NAME = /^(\d{16})\.ckpt$/;
const TEMPORARY = '.tmp';

/** A checkpoint file that cannot be used. */
export interface CheckpointProblem {
  /** The sequence in its name. */
  readonly seq: number;
  readonly message: string;
}

/** The folder of checkpoint files. */
export class CheckpointStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Creates the folder and removes what an interrupted write left. */
  prepare(): void {
    createFolder(this.#folder);
    for (const name of listFolder(this.#folder))
      if (name.endsWith(TEMPORARY)) rmSync(join(this.#folder, name), { force: true });
  }

  /** Newest first. */
  sequences(): number[] {
    return listFolder(this.#folder)
      .map((name) => Number(NAME.exec(name)?.[1] ?? Number.NaN))
      .filter((seq) => !Number.isNaN(seq))
      .sort((a, b) => b - a);
  }

  pathOf(seq: number): string {
    return join(this.#folder, `${String(seq).padStart(16, '0')}.ckpt`);
  }

  /** @throws ServiceError DATA_LOSS */
  read(seq: number): StoredCheckpoint {
    const path = this.pathOf(seq);
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch (thrown) {
      throw new ServiceError('DATA_LOSS', `${path}: cannot be read`, { cause: thrown });
    }
    const checkpoint = decodeCheckpoint(bytes, path);
    if (checkpoint.seq !== seq)
      throw new ServiceError('DATA_LOSS', `${path}: is the checkpoint of record ${checkpoint.seq}`);
    return checkpoint;
  }

  /**
   * The newest checkpoint that is whole and stands on the record it names.
   *
   * @param hashOf hash of a record of this journal
   * @param report hears of every one passed over
   * @param atMost last sequence it may stand on
   */
  newest(
    hashOf: (seq: number) => string | undefined,
    report: (problem: CheckpointProblem) => void,
    atMost = Number.POSITIVE_INFINITY,
  ): StoredCheckpoint | undefined {
    for (const seq of this.sequences()) {
      if (seq > atMost) continue;
      try {
        const checkpoint = this.read(seq);
        if (hashOf(seq) === checkpoint.recordHash) return checkpoint;
        report({ seq, message: `${this.pathOf(seq)}: does not stand on record ${seq} of this journal` });
      } catch (thrown) {
        if (!(thrown instanceof ServiceError)) throw thrown;
        report({ seq, message: thrown.message });
      }
    }
    return undefined;
  }

  /** Temporary file, fsync, rename, fsync of the folder; then the oldest beyond the kept number go. */
  async write(checkpoint: StoredCheckpoint): Promise<void> {
    const path = this.pathOf(checkpoint.seq);
    const temporary = `${path}${TEMPORARY}`;
    try {
      const handle = await open(temporary, 'w', 0o600);
      try {
        await handle.writeFile(encodeCheckpoint(checkpoint));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, path);
      syncFolder(this.#folder);
    } catch (thrown) {
      await rm(temporary, { force: true });
      throw new ServiceError('UNAVAILABLE', `${path}: could not be written`, { cause: thrown });
    }
    for (const seq of this.sequences().slice(JOURNAL_LIMITS.checkpoints))
      await rm(this.pathOf(seq), { force: true });
  }
}
