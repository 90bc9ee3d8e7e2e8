import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { removeFolder, temporaryFolder } from '../support/service-process.js';
import { projectRoot, sharedData } from '../support/shared-data.js';

const CLI = join(projectRoot, 'dist', 'cli', 'main.js');
const ACTIONS = ['buy', 'hold', 'sell'] as const;

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function conclave(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}

/** Votes of a good expert against two that err together, and what came of them. */
function stream(decisions: number): string[] {
  return Array.from({ length: decisions }, (_, t) => {
    const right = ACTIONS[t % 3];
    const wrong = ACTIONS[(t + 1) % 3];
    const votes = [
      { expert: 'good@1', action: right },
      { expert: 'bad@1', action: wrong, confidence: 0.2 },
      {
        expert: 'worse@1',
        action: wrong,
        probabilities: { buy: 0.2, hold: 0.2, sell: 0.2, [wrong ?? '']: 0.6 },
      },
    ];
    const rewardsBps = { buy: -5, hold: 0, sell: -5, ...(right === 'hold' ? {} : { [right ?? '']: 5 }) };
    return [
      JSON.stringify({ decision: `d${t}`, timeMs: t, votes, context: { regime: 'x' } }),
      JSON.stringify({ outcome: `d${t}`, rewardsBps }),
    ];
  }).flat();
}

describe('the decider on the command line', function () {
  this.timeout(120_000);
  let folder: string;

  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => removeFolder(folder));

  async function decide(
    lines: readonly string[],
    ...args: string[]
  ): Promise<Ran & { decisions: Decided[] }> {
    const [input, out] = [join(folder, 'in.ndjson'), join(folder, 'out.ndjson')];
    writeFileSync(input, `${lines.join('\n')}\n`);
    const ran = await conclave('decider', 'run', '--in', input, '--out', out, ...args);
    const text = existsSync(out) ? readFileSync(out, 'utf8').trim() : '';
    return {
      ...ran,
      decisions: text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Decided),
    };
  }

  interface Decided {
    readonly decision: string;
    readonly action: (typeof ACTIONS)[number];
    readonly size: number;
    readonly scores: Record<(typeof ACTIONS)[number], number>;
    readonly propensities: Record<(typeof ACTIONS)[number], number>;
  }

  it('follows plurality at full size first and the good expert in the end', async () => {
    const { code, decisions } = await decide(stream(300));
    expect(code).to.equal(0);
    expect(decisions).to.have.length(300);
    expect(decisions[0]).to.include({ decision: 'd0', action: 'hold', size: 0 });
    expect(decisions[1]).to.include({ action: 'sell', size: 1 });
    expect(decisions.slice(-3).map((each) => each.action)).to.deep.equal(['buy', 'hold', 'sell']);
    for (const { action, size, propensities } of decisions) {
      expect(size).to.be.within(0, 1);
      expect(propensities[action]).to.equal(1);
    }
  });

  it('gives the same decisions again, and others with exploration', async () => {
    const first = await decide(stream(60));
    expect((await decide(stream(60))).decisions).to.deep.equal(first.decisions);
    const policy = join(folder, 'policy.json');
    writeFileSync(policy, JSON.stringify({ version: 1, explorationRate: 0.5, roundTripBps: 1 }));
    const explored = await decide(stream(60), '--policy', policy, '--seed', '7');
    expect(explored.decisions[0]?.propensities['buy']).to.be.closeTo(0.5 / 3, 1e-12);
    expect(explored.decisions).to.not.deep.equal(first.decisions);
  });

  it('refuses bad lines by number and learns nothing from them', async () => {
    const [decision = '', outcome = ''] = stream(1);
    const bad = [
      '{"outcome":"unknown","rewardsBps":{"buy":1,"hold":0,"sell":1}}',
      '{"outcome":"d0","action":"buy","rewardBps":1e400}',
      '{"decision":"d1","votes":[{"expert":"a","action":"short"}]}',
      '{"decision":"d1","votes":[{"expert":"a","action":"buy","confidence":2}]}',
      '{"decision":"d1","votes":[{"expert":"a","action":"buy"},{"expert":"a","action":"buy"}]}',
      'no json',
      '{"decision":"d1","votes":[{"expert":"a","action":"buy","probabilities":{"buy":0.5,"hold":0.1,"sell":0.1}}]}',
      '{"outcome":"d0","rewardsBps":{"buy":NaN,"hold":0,"sell":0}}',
      '{"outcome":"d0","rewardsBps":{"buy":1e308,"hold":0,"sell":0}}',
      '{"decision":"d1","votes":[],"context":{"regime":["bull"]}}',
    ];
    const clean = await decide([decision, outcome]);
    const { code, stderr, decisions } = await decide([decision, ...bad, outcome, outcome, decision]);
    expect(code).to.equal(2);
    expect(decisions).to.have.length(1);
    const named = [
      /line 2: NOT_FOUND.*unknown/,
      /line 3: INVALID_ARGUMENT rewardBps: Infinity; must be a finite number/,
      /line 4: INVALID_ARGUMENT votes\[0\]\.action: "?short"?; must be buy, hold, sell/,
      /line 5: INVALID_ARGUMENT votes\[0\]\.confidence: 2; must be 0 to 1/,
      /line 6: INVALID_ARGUMENT votes\[1\]\.slot: "a" a second time; must be one vote per slot/,
      /line 7: INVALID_ARGUMENT line: "?no json"?; must be one JSON object/,
      /line 8: INVALID_ARGUMENT votes\[0\]\.probabilities: a sum of 0\.7.*; must be probabilities that sum to 1/,
      /line 9: INVALID_ARGUMENT line: .*NaN.*; must be one JSON object/,
      /line 10: INVALID_ARGUMENT feedback\.rewardsBps\.buy: 1.*; must be -1e6 to 1e6/,
      /line 11: INVALID_ARGUMENT context\.regime: .*; must be text, a finite number, true or false/,
      /line 14: ALREADY_EXISTS.*d0/,
    ];
    for (const text of named) expect(stderr).to.match(text);
    expect(stderr).to.contain('1 outcomes learned, 11 lines refused');
    expect(stderr.split('state ')[1]).to.equal(clean.stderr.split('state ')[1]);
  });

  it('takes the regime and the anomaly of the context into account, and nothing else of it', async () => {
    const lines = (contextOf: (t: number) => object): string[] =>
      stream(400).map((line, index) => {
        const entry = JSON.parse(line) as { context?: object };
        return JSON.stringify(entry.context ? { ...entry, context: contextOf(index) } : entry);
      });
    const plain = await decide(lines(() => ({})));
    const others = await decide(lines((t) => ({ regime: 'one', volume: t, venue: { id: t } })));
    expect(others.decisions).to.deep.equal(plain.decisions);
    const regimes = await decide(lines((t) => ({ regime: t % 4 })));
    const anomalies = await decide(lines((t) => ({ anomaly: (t % 8) / 8 })));
    for (const told of [regimes, anomalies]) {
      expect(told.code).to.equal(0);
      expect(told.decisions).to.not.deep.equal(plain.decisions);
    }
  });

  it('refuses a second, different outcome, a policy of another version and a file that is not there', async () => {
    const [decision = '', outcome = ''] = stream(1);
    const other = '{"outcome":"d0","rewardsBps":{"buy":9,"hold":0,"sell":-9}}';
    expect((await decide([decision, outcome, other])).stderr).to.contain('line 3: CONFLICT');
    const policy = join(folder, 'policy.json');
    writeFileSync(policy, '{"version":2}');
    const versioned = await decide([decision], '--policy', policy);
    expect([versioned.code, versioned.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 2 && text.includes('policy.version'),
    );
    expect((await conclave('decider', 'run', '--in', join(folder, 'none'), '--out', '-')).code).to.equal(2);
  });

  it('aggregates forecasts and names what is wrong with a file', async () => {
    const file = join(folder, 'experts.csv');
    const rows = Array.from({ length: 200 }, (_, t) => `${t % 10},${(t % 10) + 3},${(t % 10) - 1},`);
    writeFileSync(file, ['truth,high,low,silent', ...rows].join('\n'));
    const ran = await conclave('aggregate', '--in', file, '--target', 'truth', '--method', 'mlpol', '--json');
    const report = JSON.parse(ran.stdout) as { rmse: number; experts: number; predictions: number[] };
    expect(report.experts).to.equal(3);
    expect(report.predictions).to.have.length(200);
    expect(report.rmse).to.be.lessThan(0.5);
    const wrong = await conclave('aggregate', '--in', file, '--target', 'none');
    expect([wrong.code, wrong.stderr.includes('target')]).to.deep.equal([2, true]);
  });

  it('gives the published errors on the forecasts of the R package opera (skipped without shared data)', async function () {
    const file = sharedData('opera/opera_data.csv');
    if (file === undefined) return this.skip();
    const rmse = async (method: string): Promise<number> => {
      const args = ['--in', file, '--target', 'Load', '--exclude', 'RTE', '--method', method, '--json'];
      return (JSON.parse((await conclave('aggregate', ...args)).stdout) as { rmse: number }).rmse;
    };
    expect(await rmse('mlpol')).to.be.closeTo(1056.946, 0.01);
    expect(await rmse('fs')).to.be.closeTo(1063.43, 1);
    expect(await rmse('auto')).to.be.at.most(1035);
  });

  it('measures itself and draws what it measured', async () => {
    const svg = join(folder, 'lead.svg');
    const { code, stdout } = await conclave('bench', 'decider', '--seeds', '1', '--json', '--svg', svg);
    expect(code).to.equal(0);
    const { streams } = JSON.parse(stdout) as { streams: { name: string; headroom: number }[] };
    expect(streams.find(({ name }) => name === 'B')?.headroom).to.be.greaterThan(0.8);
    expect(readFileSync(svg, 'utf8')).to.match(/^<svg .*<\/svg>\n$/s);
  });
});
