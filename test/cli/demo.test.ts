import { join } from 'node:path';
import { expect } from 'chai';
import { removeFolder, temporaryFolder } from '../support/service-process.js';
import { sharedData } from '../support/shared-data.js';
import { type Ran, conclave as run } from './support/conclave.js';

const conclave = (...args: string[]): Promise<Ran> => run(args);

describe('the command line', function () {
  this.timeout(180_000);
  let dataDir: string;

  beforeEach(() => {
    dataDir = temporaryFolder();
  });
  afterEach(() => removeFolder(dataDir));

  it('runs the demo on the default candles and reports in JSON what the contract says', async () => {
    const ran = await conclave('demo', '--bars', '600', '--data-dir', dataDir, '--json');
    expect(ran.code, ran.stderr).to.equal(0);
    const report = JSON.parse(ran.stdout);
    expect(report.bars).to.equal(600);
    const { buy, hold, sell } = report.decisions;
    expect(buy + hold + sell).to.be.above(300);
    expect(report.experts.map(({ expert }: { expert: string }) => expert)).to.deep.equal([
      'anomaly',
      'order_flow',
      'regime',
    ]);
    for (const { votes, hitRate, weight } of report.experts) {
      expect(votes).to.be.above(0);
      expect(hitRate).to.be.within(0, 1);
      expect(weight).to.be.within(0, 1);
    }
    for (const who of ['learner', 'plurality', 'buyAndHold']) expect(report.netBps[who]).to.be.a('number');
    expect(report.latencyMs.p50).to.be.above(0);
    expect(report.latencyMs.p99).to.be.at.least(report.latencyMs.p50);
    expect(report.journal.verified).to.equal(true);

    const replayed = JSON.parse((await conclave('replay', '--data-dir', dataDir, '--json')).stdout);
    expect(replayed.identical).to.equal(true);
    expect(replayed.stateHash).to.equal(report.stateHash);
    expect(replayed.records).to.equal(report.journal.records);

    const verified = JSON.parse(
      (await conclave('journal', 'verify', '--data-dir', dataDir, '--json')).stdout,
    );
    expect(verified).to.include({ verified: true, records: report.journal.records });
  });

  it('gives the same decisions, results and state for the same candles', async () => {
    const again = temporaryFolder();
    try {
      const [first, second] = await Promise.all(
        [dataDir, again].map(async (folder) => {
          const { stdout } = await conclave(
            'demo',
            '--sim',
            '--bars',
            '400',
            '--seed',
            '9',
            '--data-dir',
            folder,
            '--json',
          );
          const { latencyMs: _, ...same } = JSON.parse(stdout);
          return same;
        }),
      );
      expect(second).to.deep.equal(first);
    } finally {
      removeFolder(again);
    }
  });

  it('prints a table for people, says plainly how it went, and explains a decision', async () => {
    const ran = await conclave('demo', '--sim', '--bars', '400', '--data-dir', dataDir);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stdout).to.match(/The learner (made|LOST|neither)/);
    expect(ran.stdout).to.match(/standard error/);
    const decisionId = /explain (\S+)/.exec(ran.stdout)?.[1] ?? '';
    const explained = await conclave('explain', decisionId, '--data-dir', dataDir);
    expect(explained.code, explained.stderr).to.equal(0);
    expect(explained.stdout).to.contain(decisionId);
    expect(explained.stdout).to.match(/votes: /);
  });

  it('runs on real crypto candles (skipped where the shared data is missing)', async function () {
    const file = sharedData('candles/binance-spot-BTC_USDT-5m.csv.gz');
    if (file === undefined) return this.skip();
    const ran = await conclave('demo', '--candles', file, '--bars', '500', '--data-dir', dataDir, '--json');
    expect(ran.code, ran.stderr).to.equal(0);
    expect(JSON.parse(ran.stdout).journal.verified).to.equal(true);
  });

  it('ends with 2 and names what is wrong on bad usage', async () => {
    for (const args of [
      ['nothing'],
      ['demo', '--bars', 'many'],
      ['demo', '--sim', '--candles', 'x.csv'],
      ['replay', '--until', '0'],
    ]) {
      const ran = await conclave(...args);
      expect(ran.code, `${args}: ${ran.stderr}`).to.equal(2);
      expect(ran.stderr).to.match(/\S/);
    }
  });

  it('names a candle file that does not exist and a journal that is not there', async () => {
    const noFile = await conclave('demo', '--candles', 'nowhere.csv', '--data-dir', dataDir);
    expect(noFile.code).to.be.above(0);
    expect(noFile.stderr).to.contain('nowhere.csv');
    const noJournal = await conclave('replay', '--data-dir', join(dataDir, 'none'));
    expect(noJournal.code).to.equal(1);
    expect(noJournal.stderr).to.contain('no journal');
  });

  it('answers --help everywhere', async () => {
    const remote = ['ping', 'describe', 'stats', 'call', 'top', 'watch'].map((name) => [name]);
    for (const args of [
      [],
      ['demo'],
      ['replay'],
      ['explain'],
      ['journal'],
      ['journal', 'verify'],
      ...remote,
    ]) {
      const ran = await conclave(...args, '--help');
      expect(ran.code).to.equal(0);
      expect(ran.stdout).to.contain('Usage:');
    }
  });
});
