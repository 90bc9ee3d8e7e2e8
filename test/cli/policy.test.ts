import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { tallyOf } from '#conclave/ml-service/committee/index.js';
import { DeciderService, openJournal, TradeFeedback } from '#conclave/ml-service/index.js';
import { SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { type Lean, questionOf, voteOf } from '../support/market.js';
import { removeFolder, temporaryFolder } from '../support/service-process.js';
import { conclave } from './support/conclave.js';

const LEANS: readonly Lean[] = ['buy', 'hold', 'sell'];

/** A journal of decisions that explore, and what each action earned. */
async function logDecisions(dataDir: string, count: number): Promise<void> {
  const [clock, logger] = [new SystemClock(), silentLogger()];
  const journal = await openJournal({ dataDir, clock, logger });
  const service = await DeciderService.open({
    journal,
    clock,
    logger,
    exploration: { rate: 0.5, seed: 2 },
    defaultCosts: { feeBps: 0, spreadBps: 0, slippageBps: 0 },
    checkpointEvery: 1_000,
  });
  for (let i = 0; i < count; i++) {
    const right = LEANS[i % 3] as Lean;
    const votes = [right, right, LEANS[(i + 1) % 3] as Lean];
    const tally = tallyOf(
      questionOf({ bars: 3 }),
      votes.map((action, k) => ({ expert: `expert_${k}`, vote: voteOf(`expert_${k}`, action) })),
    );
    const { decisionId, action } = await service.decide(tally);
    const rewardsBps = { buy: right === 'buy' ? 9 : -9, hold: 0, sell: right === 'sell' ? 9 : -9 };
    const feedback = {
      decisionId,
      feedbackKind: 'full',
      realisedBps: rewardsBps[action],
      rewardsBps,
      takenAction: action,
    };
    await service.learn(Object.assign(new TradeFeedback(), feedback), undefined);
  }
  await journal.close();
}

describe('another policy on the command line', function () {
  this.timeout(60_000);
  let dataDir: string;
  let greedy: string;

  before(async () => {
    dataDir = temporaryFolder();
    await logDecisions(dataDir, 150);
    greedy = join(dataDir, 'greedy.json');
    writeFileSync(greedy, JSON.stringify({ version: 1 }));
  });
  after(() => removeFolder(dataDir));

  it('is estimated beside the one that acted', async () => {
    const ran = await conclave(['evaluate', '--policy', greedy, '--journal', dataDir, '--json']);
    expect(ran.code, ran.stderr).to.equal(0);
    const report = JSON.parse(ran.stdout);
    expect(report).to.include({ decisions: 150, count: 150, unsupported: 0 });
    // Following two experts who are always right earns 9, 0 and 9 in turn.
    expect(report.full.mean).to.be.closeTo(6, 1e-9);
    expect(report.snips.difference.low).to.be.above(0);
    const told = await conclave(['evaluate', '--policy', greedy, '--journal', dataDir]);
    expect(told.stdout)
      .to.match(/150 of 150 decisions judged/)
      .and.to.match(/snips/);
  });

  it('is compared decision by decision', async () => {
    const ran = await conclave(['replay', '--policy', greedy, '--data-dir', dataDir, '--json']);
    expect(ran.code, ran.stderr).to.equal(0);
    const lines = ran.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const sum = lines.pop();
    expect(sum).to.include({ decisions: 150 });
    expect(lines).to.have.lengthOf(sum.otherAction + sum.otherSize);
    for (const { was, would } of lines) expect(was).to.not.deep.equal(would);
  });

  it('is refused when its file is wrong, by name', async () => {
    const bad = join(dataDir, 'bad.json');
    writeFileSync(bad, JSON.stringify({ version: 3 }));
    const ran = await conclave(['evaluate', '--policy', bad, '--journal', dataDir]);
    expect(ran.code).to.equal(2);
    expect(ran.stderr).to.match(/INVALID_ARGUMENT: policy\.version: 3; must be 1/);
  });
});
