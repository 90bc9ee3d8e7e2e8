import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Decision, VoteTally } from '#conclave/ml-service/index.js';
import { type LocalCommittee, openCommittee } from '../../support/committee.js';
import { questionOf } from '../../support/market.js';
import { projectRoot } from '../../support/shared-data.js';

const EXAMPLE = join(projectRoot, 'build/examples/02-new-expert.js');
const BUILTIN = ['anomaly', 'order_flow', 'regime'] as const;

describe('experts that live elsewhere', function () {
  this.timeout(120_000);
  const folders: string[] = [];

  after(async () => {
    for (const folder of folders) await rm(folder, { recursive: true });
  });

  /** A committee whose experts have all the time that a busy machine may need. */
  async function open(flags: readonly string[]): Promise<LocalCommittee> {
    const folder = await mkdtemp(join(tmpdir(), 'conclave-isolation-'));
    folders.push(folder);
    return openCommittee(folder, { flags: ['--expert-timeout-ms', '30000', ...flags] });
  }

  async function tallies(flags: readonly string[]): Promise<VoteTally[]> {
    const committee = await open(flags);
    try {
      const answers: VoteTally[] = [];
      for (const seed of [1, 2, 3]) {
        const bars = seed === 3 ? 20 : 256;
        const question = questionOf({ bars, seed, driftBps: seed });
        const decision = await committee.service.host.call<Decision>('voting.predict', question, {
          timeoutMs: 50_000,
        });
        answers.push(decision.tally);
      }
      return answers;
    } finally {
      await committee.close();
    }
  }

  it('vote bit for bit as they do inline', async () => {
    const inline = await tallies(['--expert', EXAMPLE]);
    for (const tally of inline.slice(0, 2)) expect(tally.abstentions).to.deep.equal([]);
    expect(inline[0]?.votes).to.have.length(4);
    for (const isolation of ['worker', 'process']) {
      const flags = [...BUILTIN, 'moving_average'].flatMap((id) => [
        '--expert-isolation',
        `${id}=${isolation}`,
      ]);
      expect(plain(await tallies(['--expert', EXAMPLE, ...flags])), isolation).to.deep.equal(plain(inline));
    }
    expect(plain(await tallies(['--isolated-expert', EXAMPLE]))).to.deep.equal(plain(inline));
  });

  it('show where they live in the health of the service, which is ready without them', async () => {
    const committee = await open(['--expert-isolation', 'regime=worker']);
    const { ready, handlers } = await committee.service.host.health();
    const regime = handlers.find(({ handler }) => handler === 'regime');
    expect(ready).to.equal(true);
    expect(regime).to.include({ ready: true, essential: false });
    expect(regime?.detail).to.include({ isolation: 'worker', state: 'ready', restarts: 0 });
    await committee.close();
  });

  it('may be left out like any other', async () => {
    const committee = await open(['--isolated-expert', EXAMPLE, '--without-expert', 'moving_average']);
    const experts = await committee.client.experts();
    expect(experts.map(({ expert }) => expert)).to.deep.equal(BUILTIN);
    await committee.close();
  });

  it('are refused under a name that nobody has, or that somebody has already', async () => {
    for (const [flags, problem] of [
      [['--expert-isolation', 'regimes=worker'], /experts\.isolation: "regimes"/],
      [['--expert-isolation', 'regime=thread'], /experts\.isolation/],
      [['--expert', EXAMPLE, '--isolated-expert', EXAMPLE], /two experts are called moving_average/],
    ] as const) {
      const refused = await open(flags).then(
        () => '',
        (error: Error) => error.message,
      );
      expect(refused).to.match(problem);
    }
  });
});

/** Without the classes that replies from this thread still have. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
