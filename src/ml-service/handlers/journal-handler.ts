import { BaseHandler, Command } from '../../service-framework/index.js';
import { JournalLine, JournalRange, JournalRead } from '../dto/index.js';
import { type ExportLine, exportLine, type Journal } from '../journal/index.js';

/** Lets the journal be read from outside while the service writes it. */
export class JournalHandler extends BaseHandler {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    super();
    this.#journal = journal;
  }

  @Command('journal.read', {
    request: JournalRange,
    stream: JournalLine,
    response: JournalRead,
    roles: ['admin', 'observer'],
    summary: 'Streams records of the journal, each checked against its hash',
  })
  async *read({ fromSeq, toSeq, kinds }: JournalRange): AsyncGenerator<ExportLine, JournalRead> {
    const range = {
      ...(fromSeq === undefined ? {} : { fromSeq }),
      ...(toSeq === undefined ? {} : { toSeq: Math.min(toSeq, this.#journal.lastSeq) }),
      ...(kinds === undefined ? {} : { kinds }),
    };
    let records = 0;
    for (const record of this.#journal.read(range)) {
      yield exportLine(record);
      records++;
    }
    return { records, lastSeq: this.#journal.lastSeq };
  }
}
