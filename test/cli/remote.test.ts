import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { questionOf } from '../support/market.js';
import { plainQuestion } from '../support/plain.js';
import { RawClient } from '../support/raw-client.js';
import {
  killLeftovers,
  removeFolder,
  type ServiceProcess,
  startService,
  temporaryFolder,
} from '../support/service-process.js';
import { conclave, startConclave } from './support/conclave.js';

/** A port that nobody listens on: the service binds free ones above it. */
const NOBODY = 'tcp://127.0.0.1:9';

describe('the command line and a running service', function () {
  this.timeout(60_000);
  let dataDir: string;
  let service: ServiceProcess;

  before(async () => {
    dataDir = temporaryFolder();
    service = await startService(dataDir);
  });
  after(() => {
    killLeftovers();
    removeFolder(dataDir);
  });

  const at = (...args: string[]): string[] => [...args, '--endpoint', service.endpoints.request];

  async function decide(): Promise<string> {
    const client = new RawClient(service.endpoints.request);
    try {
      return (await client.must('voting.predict', plainQuestion(questionOf()))).decisionId;
    } finally {
      client.close();
    }
  }

  it('ping says how long the answer took, for people and in JSON', async () => {
    const ran = await conclave(at('ping', '--count', '2'));
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stdout.match(/answered in \d+\.\d\d ms/g)).to.have.length(2);
    const { endpoint, hostTimeMs, roundTripsMs } = JSON.parse((await conclave(at('ping', '--json'))).stdout);
    expect(endpoint).to.equal(service.endpoints.request);
    expect(hostTimeMs).to.be.above(1.6e12);
    expect(roundTripsMs).to.have.length(3);
  });

  it('takes the endpoint from the environment', async () => {
    const ran = await conclave(['ping'], { env: { CONCLAVE_ENDPOINT: service.endpoints.request } });
    expect(ran.code, ran.stderr).to.equal(0);
  });

  it('ends with 1 and UNAVAILABLE where nobody listens', async () => {
    for (const command of [
      ['ping'],
      ['describe'],
      ['stats'],
      ['call', 'rl.status'],
      ['top'],
      ['watch', ''],
    ]) {
      const ran = await conclave([...command, '--endpoint', NOBODY]);
      expect(ran.code, command[0]).to.equal(1);
      expect(ran.stderr).to.match(/^conclave: UNAVAILABLE: .*127\.0\.0\.1:9/);
    }
  });

  it('ends with 2 on an endpoint, a number or a payload that makes no sense', async () => {
    for (const args of [
      ['ping', '--endpoint', 'nowhere'],
      at('ping', '--count', '0'),
      at('ping', '--timeout-ms', ''),
      at('call'),
      at('call', 'rl.status', '{'),
      at('call', 'rl.status', '-'),
      at('watch'),
    ]) {
      const ran = await conclave(args);
      expect(ran.code, `${args}: ${ran.stderr}`).to.equal(2);
      expect(ran.stderr).to.match(/\S/);
    }
  });

  it('describe lists the commands, and shows the schemas of one', async () => {
    const ran = await conclave(at('describe'));
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stdout).to.contain('protocol 1');
    expect(ran.stdout).to.match(/post_trade\.analyze\s*│\s*required/);
    const one = JSON.parse((await conclave(at('describe', 'voting.predict'))).stdout);
    expect(one.request.required).to.include('candles');
    const all = JSON.parse((await conclave(at('describe', '--json'))).stdout);
    expect(all.commands.map(({ command }: { command: string }) => command)).to.include('service.ping');
    const none = await conclave(at('describe', 'no.such'));
    expect(none.code).to.equal(1);
    expect(none.stderr).to.contain('NOT_FOUND').and.contain('no.such');
  });

  it('call prints a stream item by item, for pipes, and what ends it beside', async () => {
    await decide();
    const ran = await conclave(at('call', 'journal.read', '{"toSeq":2}', '--json'));
    expect(ran.code, ran.stderr).to.equal(0);
    const lines = ran.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ seq }: { seq: number }) => seq)).to.deep.equal([1, 2]);
    expect(lines[0]).to.include({ kind: 'configuration' });
    expect(JSON.parse(ran.stderr)).to.include({ records: 2 });
    const people = await conclave(at('call', 'journal.read', '{"kinds":["configuration"]}'));
    expect(JSON.parse(people.stdout)).to.include({ seq: 1, kind: 'configuration' });
    const refused = await conclave(at('call', 'journal.read', '{"fromSeq":0}', '--json'));
    expect(refused.code).to.equal(2);
    expect(JSON.parse(refused.stderr).error).to.include({ code: 'INVALID_ARGUMENT', field: 'fromSeq' });
    const described = await conclave(at('describe'));
    expect(described.stdout).to.match(/journal\.read\s*│\s*-\s*│\s*stream/);
  });

  it('call prints the reply, takes its payload from an argument or stdin', async () => {
    const status = await conclave(at('call', 'rl.status'));
    expect(status.code, status.stderr).to.equal(0);
    expect(JSON.parse(status.stdout)).to.include.keys('stateHash', 'experts');
    const decisionId = await decide();
    const payload = JSON.stringify({ decisionId });
    const [asArgument, fromStdin] = await Promise.all([
      conclave(at('call', 'rl.explain', payload, '--json')),
      conclave(at('call', 'rl.explain', '-', '--json'), { stdin: payload }),
    ]);
    expect(asArgument.code, asArgument.stderr).to.equal(0);
    expect(asArgument.stdout.trim()).to.not.contain('\n');
    expect(JSON.parse(asArgument.stdout).decisionId).to.equal(decisionId);
    expect(fromStdin.stdout).to.equal(asArgument.stdout);
  });

  it('call repeats with the same key have their effect once', async () => {
    const decisionId = await decide();
    const trade = {
      ...{ decisionId, side: 'none', quantity: 0, feesPaid: 0 },
      ...{ entryPrice: 100, exitPrice: 101, entryTimeMs: 1_800_000_100_000, exitTimeMs: 1_800_000_160_000 },
    };
    const call = at('call', 'post_trade.analyze', JSON.stringify(trade), '--json', '--key', 'once');
    const first = await conclave(call);
    expect(first.code, first.stderr).to.equal(0);
    expect((await conclave(call)).stdout).to.equal(first.stdout);
  });

  it('call ends with 2 and the field for a payload the service refuses, else with 1 and the code', async () => {
    const refused = await conclave(at('call', 'rl.explain', '{"decisionId":7}'));
    expect(refused.code).to.equal(2);
    expect(refused.stderr).to.match(/^conclave: INVALID_ARGUMENT: .*decisionId/);
    const unknown = await conclave(at('call', 'rl.explain', '{"decisionId":"none"}', '--json'));
    expect(unknown.code).to.equal(1);
    expect(unknown.stdout).to.equal('');
    expect(JSON.parse(unknown.stderr).error).to.include({ code: 'NOT_FOUND' });
    const unimplemented = await conclave(at('call', 'no.such', '{}'));
    expect(unimplemented.code).to.equal(1);
    expect(unimplemented.stderr).to.contain('UNIMPLEMENTED');
  });

  it('stats shows every command and its errors', async () => {
    await conclave(at('call', 'rl.explain', '{"decisionId":7}'));
    const ran = await conclave(at('stats'));
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stdout).to.match(/rl\.explain.*INVALID_ARGUMENT \d+/);
    const stats = JSON.parse((await conclave(at('stats', '--json'))).stdout);
    expect(
      stats.commands.find(({ command }: { command: string }) => command === 'service.stats').count,
    ).to.be.above(0);
  });

  it('top reads again and again, and ends when told', async () => {
    const ran = await conclave(at('top', '--interval-ms', '50', '--count', '3', '--json'));
    expect(ran.code, ran.stderr).to.equal(0);
    const readings = ran.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(readings).to.have.length(3);
    expect(readings[2].commands[0].perSecond).to.be.above(0);

    const running = startConclave(at('top', '--interval-ms', '50'));
    const [drawn] = (await once(running.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    expect(String(drawn)).to.contain('per s').and.not.contain('\x1b');
    running.kill('SIGINT');
    expect(await once(running, 'exit')).to.deep.equal([0, null]);
  });

  it('watch finds the event endpoint itself and prints events of its topic', async () => {
    const running = startConclave(at('watch', 'decision.', '--json', '--count', '2'));
    const lines: string[] = [];
    createInterface({ input: running.stdout as NodeJS.ReadableStream }).on('line', (line) =>
      lines.push(line),
    );
    const exited = once(running, 'exit');
    // What is published before the subscription has arrived is not heard.
    const feed = setInterval(() => void decide().catch(() => undefined), 100);
    const [code] = await exited;
    clearInterval(feed);
    expect(code).to.equal(0);
    const [first, second] = lines.map((line) => JSON.parse(line));
    expect(first.topic).to.equal('decision.ETH/USD');
    expect(second).to.include({ seq: first.seq + 1, missed: 0, epoch: first.epoch });
    expect(second.body).to.include.keys('decisionId', 'action');
  });

  it('watch takes an event endpoint, shows a line an event, and ends well on Ctrl-C', async () => {
    const running = startConclave(['watch', 'decision.ETH/USD', '--events', service.endpoints.events]);
    const exited = once(running, 'exit');
    const feed = setInterval(() => void decide().catch(() => undefined), 100);
    const [line] = (await once(running.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    clearInterval(feed);
    expect(String(line)).to.match(/^\d{4}-\S+Z decision\.ETH\/USD #\d+ \{/);
    running.kill('SIGINT');
    expect(await exited).to.deep.equal([0, null]);
  });
});
