import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import {
  killLeftovers,
  removeFolder,
  type ServiceProcess,
  startService,
  temporaryFolder,
} from '../support/service-process.js';
import { conclave, type Ran, startConclave } from './support/conclave.js';

/** A port that nobody listens on. */
const NOBODY = 'tcp://127.0.0.1:9';

describe('the command line and a service over CURVE', function () {
  this.timeout(60_000);
  let folder: string;
  let service: ServiceProcess;
  let endpoint: string;

  before(async () => {
    folder = temporaryFolder();
    const keys = join(folder, 'host');
    const make = async (...args: string[]): Promise<void> => {
      const ran = await conclave(['keys', ...args]);
      expect(ran.code, ran.stderr).to.equal(0);
    };
    await make('new', 'host', '--keys', keys);
    for (const name of ['olga', 'tom', 'eve']) await make('new', name, '--keys', join(folder, name));
    await make('allow', 'observer', pub('olga'), '--keys', keys);
    await make('allow', 'trader', pub('tom'), '--keys', keys);
    service = await startService(join(folder, 'data'), [
      ...['--keys', keys, '--bind-observer', 'tcp://127.0.0.1:0', '--bind-trader', 'tcp://127.0.0.1:0'],
    ]);
    const { roles } = service.endpoints as unknown as { roles: { observer: string } };
    endpoint = roles.observer;
  });
  after(() => {
    killLeftovers();
    removeFolder(folder);
  });

  const pub = (name: string): string => join(folder, name, `${name}.pub`);
  const as = (name: string, ...args: string[]): string[] => [
    ...args,
    ...['--endpoint', endpoint, '--key-file', join(folder, name, `${name}.key`), '--server-key', pub('host')],
  ];
  const outcome = ({ code, stderr }: Ran): { exit: number; code: string; field?: string } => ({
    exit: code,
    ...JSON.parse(stderr).error,
  });

  it('ping, describe, stats, call and top work with a key on the list of the role', async () => {
    for (const args of [
      ['ping'],
      ['describe'],
      ['describe', 'rl.status'],
      ['stats'],
      ['call', 'rl.status'],
      ['call', 'journal.read'],
      ['top', '--count', '1'],
    ]) {
      const ran = await conclave(as('olga', ...args));
      expect(ran.code, ran.stderr).to.equal(0);
      const asJson = await conclave(as('olga', ...args, '--json'));
      expect(asJson.code, asJson.stderr).to.equal(0);
      expect(() => JSON.parse(asJson.stdout), asJson.stdout).not.to.throw();
    }
  });

  it('a command that is not for the role is PERMISSION_DENIED', async () => {
    const ran = await conclave(as('olga', 'call', 'service.drain', '{}', '--json'));
    expect(outcome(ran)).to.include({ exit: 1, code: 'PERMISSION_DENIED' });
  });

  it('an unknown key, one of another role, another host and no key are UNAUTHENTICATED at once', async () => {
    const keyFile = (name: string): string => join(folder, name, `${name}.key`);
    for (const args of [
      ['--key-file', keyFile('eve'), '--server-key', pub('host')],
      ['--key-file', keyFile('tom'), '--server-key', pub('host')],
      ['--key-file', keyFile('olga'), '--server-key', pub('eve')],
      [],
    ])
      for (const command of [['ping'], ['describe'], ['top'], ['watch', '']]) {
        const ran = await conclave([
          ...[...command, '--endpoint', endpoint, ...args, '--json', '--timeout-ms', '30000'],
        ]);
        expect(outcome(ran), command[0]).to.include({ exit: 1, code: 'UNAUTHENTICATED' });
      }
  });

  it('watch hears events, and says so when it is not let in at their endpoint or nobody is there', async () => {
    const { events } = service.endpoints;
    const heard = startConclave(as('olga', 'watch', 'health', '--count', '1', '--json'));
    const [line] = await once(createInterface({ input: heard.stdout as NodeJS.ReadableStream }), 'line');
    expect(JSON.parse(String(line)).topic).to.equal('health');
    expect(await once(heard, 'exit')).to.deep.equal([0, null]);

    const refused = await conclave(as('eve', 'watch', 'health', '--events', events, '--json'));
    expect(outcome(refused)).to.include({ exit: 1, code: 'UNAUTHENTICATED' });
    const nobody = ['--events', NOBODY, '--json', '--timeout-ms', '200'];
    const alone = await conclave(as('olga', 'watch', 'health', ...nobody));
    expect(outcome(alone)).to.include({ exit: 1, code: 'UNAVAILABLE', field: 'events' });
  });

  it('watch says when its events are lost on the way, and when they come again', async () => {
    const { events } = service.endpoints;
    // A way of its own between the two, which can be cut.
    const { connect } = await import('node:net');
    const open = new Set<import('node:net').Socket>();
    const between = createServer((socket) => {
      const onward = connect(Number(events.split(':').at(-1)), '127.0.0.1');
      socket.pipe(onward).pipe(socket);
      for (const each of [socket, onward]) {
        open.add(each);
        each.on('error', () => each.destroy()).on('close', () => open.delete(each));
      }
    }).listen(0, '127.0.0.1');
    await once(between, 'listening');
    const { port } = between.address() as { port: number };
    const running = startConclave(as('olga', 'watch', 'health', '--events', `tcp://127.0.0.1:${port}`));
    const lines: string[] = [];
    const errors = createInterface({ input: running.stderr as NodeJS.ReadableStream });
    errors.on('line', (line) => lines.push(line));
    await once(running.stdout as NodeJS.ReadableStream, 'data');
    for (const socket of open) socket.destroy();
    while (!lines.includes('connected again')) await once(errors, 'line');
    expect(lines[0]).to.contain('is lost');
    running.kill('SIGINT');
    expect(await once(running, 'exit')).to.deep.equal([0, null]);
    between.close();
    for (const socket of open) socket.destroy();
  });

  it('key files that are missing, half given or open to others are typed errors', async () => {
    const { keyFile, serverKey } = { keyFile: join(folder, 'olga', 'olga.key'), serverKey: pub('host') };
    for (const [args, code] of [
      [['--key-file', keyFile], 'INVALID_ARGUMENT'],
      [['--server-key', serverKey], 'INVALID_ARGUMENT'],
      [['--key-file', join(folder, 'none.key'), '--server-key', serverKey], 'NOT_FOUND'],
      [['--key-file', keyFile, '--server-key', join(folder, 'none.pub')], 'NOT_FOUND'],
      [['--key-file', keyFile, '--server-key', keyFile], 'INVALID_ARGUMENT'],
      [['--key-file', serverKey, '--server-key', serverKey], 'FAILED_PRECONDITION'],
    ] as const) {
      const ran = await conclave(['ping', '--endpoint', endpoint, ...args, '--json']);
      expect(outcome(ran).code, args.join(' ')).to.equal(code);
    }
  });
});
