import { type Logger, ServiceError } from '../../runtime/index.js';
import type { CheckpointStore } from './checkpoint-store.js';
import type { JournalFiles } from './files.js';
import { type JournalEnd, readHeadFile } from './head-file.js';
import type { RecordReader } from './record-reader.js';
import { type JournalIdentity, readHead, schemaDifference, wasClosedCleanly } from './schema.js';
import type { SqlDatabase } from './sql-database.js';
import { blobBytes } from './sql-database.js';

function damaged(file: string, what: string, seq?: number): ServiceError {
  return new ServiceError('DATA_LOSS', `${file}: ${what}`, {
    details: { file, ...(seq === undefined ? {} : { seq }) },
  });
}

/** SQLite's own look at pages and their links; the first complaint, or undefined. */
export function pageDamage(
  database: SqlDatabase,
  check: 'quick_check' | 'integrity_check',
): string | undefined {
  const column = check;
  const rows = database
    .prepare<{ said: ArrayBuffer }>(`SELECT CAST(${column} AS BLOB) AS said FROM pragma_${check}(100)`)
    .all([]);
  const said = rows.map((row) => Buffer.from(blobBytes(row.said)).toString('utf8'));
  return said.length === 1 && said[0] === 'ok' ? undefined : said.slice(0, 5).join('; ');
}

/**
 * What `openJournal` makes sure of before anything is appended: pages after an end that was not in
 * order, the end against both witnesses, and the chain from the newest checkpoint on.
 *
 * @returns where the journal ends
 * @throws ServiceError DATA_LOSS naming file and record
 */
export function checkBeforeWriting(
  files: JournalFiles,
  database: SqlDatabase,
  identity: JournalIdentity,
  reader: RecordReader,
  checkpoints: CheckpointStore,
  logger: Logger,
): JournalEnd {
  const altered = schemaDifference(database);
  if (altered !== undefined) throw damaged(files.database, `tables: ${altered}`);
  if (!wasClosedCleanly(database)) {
    logger.warn({ folder: files.folder }, 'journal was not closed in order; checking its pages');
    const pages = pageDamage(database, 'quick_check');
    if (pages !== undefined) throw damaged(files.database, pages);
  }
  const lastSeq = reader.lastSeq();
  if (lastSeq !== 0 && reader.firstSeq() !== 1)
    throw damaged(files.database, `begins with record ${reader.firstSeq()}`, 1);
  const lastHash = reader.hashOf(lastSeq);
  const head = readHead(database);
  if (lastHash === undefined || head?.seq !== lastSeq || head.hash !== lastHash)
    throw damaged(
      files.database,
      `ends at record ${lastSeq}, its head says ${head?.seq ?? 'nothing'}`,
      lastSeq,
    );
  checkHeadFile(files, identity, reader, lastSeq, logger);
  const beyond = checkpoints.sequences()[0] ?? 0;
  if (beyond > lastSeq)
    throw damaged(
      files.database,
      `ends at record ${lastSeq}, there is a checkpoint of record ${beyond}`,
      lastSeq,
    );
  const checkpoint = checkpoints.newest(
    (seq) => reader.hashOf(seq),
    (problem) => logger.warn({ seq: problem.seq, reason: problem.message }, 'journal checkpoint passed over'),
  );
  let checked = checkpoint?.seq ?? 0;
  for (const record of reader.read(checked + 1, lastSeq)) checked = record.seq;
  return { seq: lastSeq, hash: lastHash };
}

function checkHeadFile(
  files: JournalFiles,
  identity: JournalIdentity,
  reader: RecordReader,
  lastSeq: number,
  logger: Logger,
): void {
  const said = readHeadFile(files.head);
  if (said.end === undefined) {
    // Only an empty journal may lack it: it is written before the first record.
    if (lastSeq > 0) throw damaged(files.head, `${said.problem}; cannot tell whether the journal was cut`);
    return;
  }
  // One slot of two may be lost to a power cut; the other one counts, and both are written anew.
  if (said.problem !== undefined) logger.warn({ file: files.head }, `head file ${said.problem}`);
  if (said.journalId !== identity.journalId)
    throw damaged(files.head, `belongs to journal ${said.journalId}, the database is ${identity.journalId}`);
  if (said.end.seq > lastSeq)
    throw damaged(
      files.database,
      `ends at record ${lastSeq}, but record ${said.end.seq} was written: records are lost`,
      lastSeq,
    );
  if (reader.hashOf(said.end.seq) !== said.end.hash)
    throw damaged(files.database, `record ${said.end.seq} is not the one that was written`, said.end.seq);
}
