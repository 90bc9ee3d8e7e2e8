import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { CommitteeClient } from '#conclave/clients/index.js';
import { questionOf } from '../support/market.js';
import { plainQuestion } from '../support/plain.js';
import { pythonOrSkip } from '../support/python.js';
import {
  killLeftovers,
  removeFolder,
  type ServiceProcess,
  startService,
  stopService,
  temporaryFolder,
} from '../support/service-process.js';
import { projectRoot } from '../support/shared-data.js';

const run = promisify(execFile);
const built = (name: string): string => join(projectRoot, 'build', 'examples', name);
const source = (name: string): string => join(projectRoot, 'examples', name);

describe('the examples', function () {
  this.timeout(120_000);
  let dataDir: string;
  let service: ServiceProcess | undefined;
  let helper: ChildProcess | undefined;

  beforeEach(() => {
    dataDir = temporaryFolder();
  });

  afterEach(() => {
    helper?.kill('SIGKILL');
    killLeftovers();
    removeFolder(dataDir);
  });

  async function start(more: readonly string[] = []): Promise<ServiceProcess> {
    service = await startService(dataDir, more);
    return service;
  }

  async function decide(endpoint: string) {
    const client = new CommitteeClient({ endpoint });
    try {
      return await client.predict(plainQuestion(questionOf()) as never);
    } finally {
      await client.close();
    }
  }

  it('01: a strategy trades and the committee learns', async () => {
    const { endpoints } = await start();
    const { stdout } = await run(process.execPath, [built('01-strategy.js'), endpoints.request]);
    expect(stdout).to.match(/learned from 50 outcomes/);
  });

  it('02: a new expert in one file is heard', async () => {
    const running = await start(['--expert', built('02-new-expert.js')]);
    const { tally } = await decide(running.endpoints.request);
    expect(tally.votes.map(({ expert }) => expert)).to.include('moving_average');
    await stopService(running);
  });

  it('03: an expert in Python joins a running committee and is heard', async function () {
    const python = pythonOrSkip(this);
    const { endpoints } = await start();
    helper = spawn(python, [source('03-remote-expert.py'), endpoints.request], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(helper.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    expect(String(said)).to.contain('joined');
    const { tally } = await decide(endpoints.request);
    const vote = tally.votes.find(({ expert }) => expert === 'last_bar');
    expect(vote?.label, JSON.stringify(tally.abstentions)).to.be.oneOf(['rising', 'falling']);
    expect(vote?.evidence).to.have.property('moveBps');
  });

  it('03: the committee decides without the Python expert once it is gone', async function () {
    const python = pythonOrSkip(this);
    const { endpoints } = await start();
    helper = spawn(python, [source('03-remote-expert.py'), endpoints.request], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(helper.stdout as NodeJS.ReadableStream, 'data');
    await decide(endpoints.request);
    helper.kill('SIGKILL');
    await once(helper, 'exit');
    const { tally } = await decide(endpoints.request);
    expect(tally.votes).to.have.length(3);
    expect(tally.abstentions.map(({ expert }) => expert)).to.deep.equal(['last_bar']);
  });

  it('04: a REQ socket with JSON is answered', async function () {
    const python = pythonOrSkip(this);
    const { endpoints } = await start();
    const { stdout } = await run(python, [source('04-client.py'), endpoints.request]);
    expect(stdout).to.match(/learned: True/);
  });
});
