import { expect } from 'chai';
import { TypedClient } from '#conclave/clients/index.js';
import { exportLine, openJournal } from '#conclave/ml-service/index.js';
import { SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { BaseClient, InProcessTransport } from '#conclave/service-framework/index.js';
import { type LocalCommittee, openCommittee } from '../support/committee.js';
import { questionOf } from '../support/market.js';
import { plainQuestion } from '../support/plain.js';
import { removeFolder, temporaryFolder } from '../support/service-process.js';

type Question = Parameters<LocalCommittee['client']['predict']>[0];

const DECISIONS = 5;

describe('journal.read', function () {
  this.timeout(30_000);
  let dataDir: string;
  let committee: LocalCommittee;
  let client: TypedClient;

  before(async () => {
    dataDir = temporaryFolder();
    committee = await openCommittee(dataDir);
    client = new TypedClient(new BaseClient({ transport: new InProcessTransport(committee.service.host) }));
    for (let seed = 1; seed <= DECISIONS; seed++)
      await committee.client.predict(plainQuestion(questionOf({ bars: 80, seed })) as unknown as Question);
  });
  after(async () => {
    await client.close();
    await committee.close();
    removeFolder(dataDir);
  });

  it('streams the records as they are exported, while the service writes', async () => {
    const lines: unknown[] = [];
    const stream = client.stream('journal.read', {}, { window: 2 });
    for await (const line of stream) {
      lines.push(line);
      if (lines.length === 1)
        await committee.client.predict(
          plainQuestion(questionOf({ bars: 80, seed: 99 })) as unknown as Question,
        );
    }
    const { records, lastSeq } = await stream.result;
    expect(lines).to.have.length(records);
    expect(records).to.be.at.least(DECISIONS + 1);
    expect(lastSeq).to.be.at.least(records);
    const journal = await openJournal({
      dataDir,
      readOnly: true,
      clock: new SystemClock(),
      logger: silentLogger(),
    });
    const exported = [...journal.read({ toSeq: records })].map((record) =>
      JSON.parse(JSON.stringify(exportLine(record))),
    );
    expect(JSON.parse(JSON.stringify(lines))).to.deep.equal(exported);
    await journal.close();
  });

  it('streams a part of them, and those of a kind', async () => {
    const seqs: number[] = [];
    for await (const { seq } of committee.client.journal.read({ fromSeq: 2, toSeq: 4 })) seqs.push(seq);
    expect(seqs).to.deep.equal([2, 3, 4]);
    const kinds = new Set<string>();
    for await (const { kind } of client.stream('journal.read', { kinds: ['decision'] })) kinds.add(kind);
    expect([...kinds]).to.deep.equal(['decision']);
    const beyond = client.stream('journal.read', { fromSeq: 1_000_000 });
    expect(await beyond.next()).to.include({ done: true });
  });

  it('is for admins and observers', () => {
    const described = committee.service.host
      .describe()
      .commands.find(({ command }) => command === 'journal.read');
    expect(described?.roles).to.deep.equal(['admin', 'observer']);
  });
});
