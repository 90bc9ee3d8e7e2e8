import { expect } from 'chai';
import { Decider } from '#conclave/fastcalc/index.js';
import {
  DEFAULT_LIFE,
  type DeciderServiceOptions,
  type FreezeRequest,
  type LifeSettings,
  type PolicyNews,
  replay,
} from '#conclave/ml-service/index.js';
import { SeededRng } from '#conclave/runtime/index.js';
import { codeOf, LifeSandbox, tallyFor, told } from './life-support.js';

/** Learns fast what the default learns slowly. */
const QUICK = new Decider({ discounts: [0.9, 0.95, 0.99] }).config();

function life(more: Partial<LifeSettings>): Partial<DeciderServiceOptions> {
  return { life: { ...DEFAULT_LIFE, ...more } };
}

describe('versions of the policy', function () {
  this.timeout(60_000);
  let sandbox: LifeSandbox;
  let rng: SeededRng;

  beforeEach(() => {
    sandbox = new LifeSandbox();
    rng = new SeededRng(5);
  });

  afterEach(async () => {
    await sandbox.close();
    sandbox.remove();
  });

  /** One decision and its outcome; `alpha` is right with the given probability, the others guess. */
  async function round(accuracy: number): Promise<string> {
    const rises = rng.uniform() < 0.5;
    const right = rises ? 'buy' : 'sell';
    const wrong = rises ? 'sell' : 'buy';
    const guess = (chance: number) => (rng.uniform() < chance ? right : wrong);
    const votes = { alpha: guess(accuracy), beta: guess(0.5), gamma: guess(0.5) } as const;
    const { decisionId } = await sandbox.service.decide(tallyFor(votes));
    await sandbox.service.learn(told(decisionId, rises ? 20 : -20), undefined);
    return decisionId;
  }

  async function rounds(count: number, accuracy = 0.8): Promise<void> {
    for (let i = 0; i < count; i++) await round(accuracy);
  }

  function expectReplay(): void {
    const report = replay(sandbox.journal);
    expect(report.differences).to.deep.equal([]);
    expect(report.stateHash).to.equal(sandbox.service.status().stateHash);
  }

  async function expectRestart(options: Partial<DeciderServiceOptions> = {}): Promise<void> {
    const { status, versions } = { status: sandbox.service.status(), versions: sandbox.service.versions() };
    await sandbox.close(false);
    const service = await sandbox.open(options);
    expect(service.status()).to.deep.equal(status);
    expect(service.versions()).to.deep.equal(versions);
    await sandbox.close(true);
    expect((await sandbox.open(options)).status()).to.deep.equal(status);
  }

  it('goes back to the state after a record, forgets what came since, and lists where it came from', async () => {
    const service = await sandbox.open();
    await rounds(20);
    const { stateHash, seq } = service.status();
    await rounds(13, 0.2);
    const changed = await service.rollback({ toSeq: seq, reason: 'bad data' }, undefined);
    expect(changed.stateHash).to.equal(stateHash);
    expect(service.status()).to.include({ stateHash, version: 2, outcomes: 20 });
    expect(service.versions().map(({ version, parent, cause }) => [version, parent, cause])).to.deep.equal([
      [1, 0, 'configuration'],
      [2, 1, 'rollback'],
    ]);
    await rounds(9);
    expect(service.status().outcomes).to.equal(29);
    await service.rollback({ version: 2 }, undefined);
    expect(service.status().stateHash).to.equal(stateHash);
    await rounds(3);
    expectReplay();
    await expectRestart();
  });

  it('knows no version and no record that were never there', async () => {
    const service = await sandbox.open();
    expect(await codeOf(service.rollback({ version: 7 }, undefined))).to.equal('NOT_FOUND');
    expect(await codeOf(service.rollback({ toSeq: 99 }, undefined))).to.equal('INVALID_ARGUMENT');
    expect(await codeOf(service.promote({ challenger: 'nobody' }, undefined))).to.equal('NOT_FOUND');
    expect(service.status().version).to.equal(1);
  });

  it('keeps forgotten what a rollback forgot, also when the settings change, and lets corrections stand', async () => {
    const service = await sandbox.open();
    await rounds(5);
    const { decisionId } = await service.decide(tallyFor({ alpha: 'buy', beta: 'sell' }));
    const { seq } = await service.learn(told(decisionId, 10), undefined);
    await rounds(10);
    await service.rollback({ toSeq: seq }, undefined);
    const { corrects } = await service.learn(told(decisionId, -60, { corrects: seq }), undefined);
    expect(corrects).to.equal(seq);
    await rounds(4);
    expectReplay();
    await sandbox.close();
    await sandbox.open({ decider: QUICK });
    expect(sandbox.service.status()).to.include({ outcomes: 10, version: 3 });
    await rounds(4);
    expectReplay();
    await expectRestart({ decider: QUICK });
  });

  it('records outcomes without learning them while frozen', async () => {
    const service = await sandbox.open();
    await rounds(5);
    const { stateHash } = service.status();
    const freeze = (frozen: boolean) => service.freeze({ frozen } as FreezeRequest, undefined);
    await freeze(true);
    await rounds(5);
    expect(service.status()).to.include({ stateHash, frozen: true, outcomes: 5 });
    await freeze(false);
    await rounds(5);
    expect(service.status()).to.include({ frozen: false, outcomes: 10 });
    expectReplay();
    await expectRestart();
  });

  it('promotes a challenger that is surely better, by itself, and keeps the former champion learning', async () => {
    const challengers = [{ name: 'quick', decider: QUICK }];
    // A champion that never leaves the plurality, so that any learner is better.
    const slow = { pluralityPrior: 0.9, shareRate: 0.4 };
    const promotion = { automatic: true, alpha: 0.2, clipBps: 40 };
    const options = { ...life({ challengers, promotion }), decider: slow };
    const service = await sandbox.open(options);
    const news: PolicyNews[] = [];
    service.onNews((heard) => news.push(heard));
    let waited = 0;
    while (service.status().version === 1 && waited++ < 1_500) await round(0.95);
    expect(service.versions().at(-1)).to.include({ version: 2, parent: 1, cause: 'promotion' });
    expect(service.status().policyVersion).to.equal(new Decider(QUICK).policyVersion);
    expect(service.status().challengers.map(({ name }) => name)).to.deep.equal(['version-1']);
    expect(news.some(({ change }) => change !== undefined)).to.equal(true);
    await rounds(10);
    expectReplay();
    await expectRestart(options);
    await sandbox.service.rollback({ version: 1 }, undefined);
    expect(sandbox.service.status().challengers.map(({ name }) => name)).to.deep.equal(['quick']);
    expectReplay();
  });

  it('only reports a better challenger when it is told to, and an operator may promote it', async () => {
    const challengers = [{ name: 'quick', decider: QUICK }];
    const service = await sandbox.open(
      life({ challengers, promotion: { automatic: false, alpha: 0.05, clipBps: 40 } }),
    );
    await rounds(40);
    const { stateHash } = service.status();
    await service.promote({ challenger: 'quick' }, undefined);
    expect(service.status().stateHash).to.not.equal(stateHash);
    expect(service.status().outcomes).to.equal(40);
    expectReplay();
  });

  it('goes back to the peak of its lead after a drawdown', async () => {
    const service = await sandbox.open({
      ...life({ rollback: { drawdownBps: 60, onDrift: false } }),
      decider: { probationOutcomes: 0 },
    });
    await rounds(120, 0.95);
    const { version } = service.status();
    let waited = 0;
    while (service.status().version === version && waited++ < 200) await round(0.05);
    expect(service.versions().at(-1)?.reason).to.match(/fell by/);
    expect(service.status().drawdownBps).to.equal(0);
    expectReplay();
  });
});
