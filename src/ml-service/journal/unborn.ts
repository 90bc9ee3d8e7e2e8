import { CheckpointStore } from './checkpoint-store.js';
import type { JournalFiles } from './files.js';
import { readHeadFile } from './head-file.js';
import { schemaOf } from './schema.js';
import type { SqlDatabase } from './sql-database.js';

/**
 * Whether the database is one whose creator died before its tables were there: nothing was ever promised. An empty
 * database beside a witness of records is another matter, damage.
 */
export function isUnborn(files: JournalFiles, database: SqlDatabase): boolean {
  try {
    if (schemaOf(database).length > 0) return false;
  } catch {
    // Unreadable is damaged, and for others to report.
    return false;
  }
  const { end, problem } = readHeadFile(files.head);
  const witnessed = end !== undefined || problem !== 'missing';
  return !witnessed && new CheckpointStore(files.checkpoints).sequences().length === 0;
}
