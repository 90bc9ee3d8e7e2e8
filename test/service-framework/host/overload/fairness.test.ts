import { expect } from 'chai';
import { ManualClock, type ServiceError, sleep } from '#conclave/runtime/index.js';
import {
  BaseHandler,
  type CommandSpec,
  type RequestContext,
} from '#conclave/service-framework/handler/index.js';
import type { ServiceHost, ServiceHostOptions } from '#conclave/service-framework/host/index.js';
import type { Caller, InboundMessage, Outcome } from '#conclave/service-framework/transport/index.js';
import { errorOf, testHost } from '../../support/test-host.js';

const SERVICE_MS = 10;

/** Answers after {@link SERVICE_MS}, at most two at once. */
class SlowHandler extends BaseHandler {
  readonly started: (number | string)[] = [];

  override getCommands(): readonly CommandSpec[] {
    return ['slow.one', 'slow.two'].map((name) => ({ name, summary: 'Takes its time.', concurrency: 2 }));
  }

  override async handleRequest(
    _command: string,
    _payload: unknown,
    context: RequestContext,
  ): Promise<boolean> {
    this.started.push(context.requestId);
    await sleep(context.clock, SERVICE_MS, context.signal);
    return true;
  }
}

interface Asked {
  readonly outcome: () => Outcome | undefined;
  cancel(error: ServiceError): void;
}

describe('a host under more load than it can take', () => {
  let clock: ManualClock;
  let host: ServiceHost;
  let handler: SlowHandler;

  async function open(options: Partial<ServiceHostOptions> = {}): Promise<void> {
    clock = new ManualClock();
    ({ host } = testHost({ clock, ...options }));
    handler = new SlowHandler();
    host.register(handler);
    await host.start();
  }
  afterEach(async () => {
    const drained = host.drain('end of test');
    for (let i = 0; i < 100; i++) await step(20);
    await drained;
  });

  /** Lets time pass, and what it brings about happen. */
  async function step(ms: number): Promise<void> {
    clock.advance(ms);
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
  }

  function ask(
    caller: Caller,
    id: string,
    more: { command?: string; ttlMs?: number; message?: InboundMessage } = {},
  ): Asked {
    const { command = 'slow.one', ttlMs = 5_000, message } = more;
    let outcome: Outcome | undefined;
    const pending = host.submit(
      {
        id,
        command,
        ttlMs,
        role: 'trader',
        caller,
        message,
        arrivedMs: clock.monotonicMs(),
        decode: () => undefined,
      },
      (ended) => {
        outcome = ended;
      },
    );
    return { outcome: () => outcome, cancel: (error) => pending.cancel(error) };
  }

  function codeOf({ outcome }: Asked): string | undefined {
    const ended = outcome();
    if (!ended) return undefined;
    return ended.ok ? 'OK' : ended.error.code;
  }

  const stats = (command = 'slow.one') => host.stats().commands.find((each) => each.command === command);
  const flood = (caller: Caller, count: number, more = {}): Asked[] =>
    Array.from({ length: count }, (_, i) => ask(caller, `flood ${i}`, more));

  it('serves another client next, whatever one has queued', async () => {
    await open();
    flood({ heldBytes: 0 }, 500);
    expect(stats()).to.include({ inFlight: 500, queued: 498, limit: 2 });
    const other = ask({ heldBytes: 0 }, 'other');
    await step(SERVICE_MS);
    expect(handler.started).to.include('other');
    await step(SERVICE_MS);
    expect(codeOf(other)).to.equal('OK');
  });

  it('gives the place of the greediest to one with less, when it is full', async () => {
    await open({ maxInFlightPerCommand: 100 });
    const flooded = flood({ heldBytes: 0 }, 150);
    expect(flooded.filter((each) => codeOf(each) === 'RESOURCE_EXHAUSTED')).to.have.length(50);
    const other = { heldBytes: 0 };
    const asked = Array.from({ length: 150 }, (_, i) => ask(other, `other ${i}`));
    const admitted = (all: Asked[]): number => all.filter((each) => codeOf(each) === undefined).length;
    expect([admitted(flooded), admitted(asked)]).to.deep.equal([51, 49]);
    expect(stats()).to.include({ inFlight: 100, shed: 200 });
    expect(stats()?.errors.RESOURCE_EXHAUSTED).to.equal(200);
  });

  it('gives places of a flooded command to another command, when all are taken', async () => {
    await open({ maxInFlight: 50 });
    flood({ heldBytes: 0 }, 80);
    const other = ask({ heldBytes: 0 }, 'other', { command: 'slow.two' });
    await step(SERVICE_MS);
    expect(codeOf(other)).to.equal('OK');
    expect(host.stats().inFlight).to.be.at.most(50);
  });

  it('tells whom it sheds when to come back: when the queue will have moved on', async () => {
    await open({ maxInFlightPerCommand: 100 });
    const caller = { heldBytes: 0 };
    flood(caller, 100);
    for (let i = 0; i < 20; i++) {
      await step(SERVICE_MS);
      flood(caller, 2);
    }
    const shed = ask(caller, 'one too many').outcome();
    if (shed?.ok !== false) throw new Error('it was not shed');
    // Some 98 wait, and two of them leave every 10 ms.
    expect(shed.error.retryAfterMs).to.be.within(250, 1_000);
  });

  it('sheds at once what could not start in its time', async () => {
    await open();
    const caller = { heldBytes: 0 };
    flood(caller, 200);
    for (let i = 0; i < 10; i++) await step(SERVICE_MS);
    expect(codeOf(ask(caller, 'in a hurry', { ttlMs: 100 }))).to.equal('RESOURCE_EXHAUSTED');
    expect(codeOf(ask(caller, 'patient', { ttlMs: 5_000 }))).to.equal(undefined);
    expect(codeOf(ask({ heldBytes: 0 }, 'another', { ttlMs: 100 }))).to.equal(undefined);
  });

  it('answers what waits by its deadline, without any work', async () => {
    await open();
    const asked = flood({ heldBytes: 0 }, 50, { ttlMs: 25 });
    for (let i = 0; i < 8; i++) await step(SERVICE_MS);
    expect(new Set(asked.map(codeOf))).to.deep.equal(new Set(['OK', 'DEADLINE_EXCEEDED']));
    expect(handler.started.length).to.be.at.most(6);
    expect(stats()).to.include({ inFlight: 0, queued: 0 });
    expect(stats()?.expired).to.be.at.least(44);
  });

  it('forgets what is cancelled while it waits', async () => {
    await open();
    const caller = { heldBytes: 0 };
    flood(caller, 10);
    const given = ask(caller, 'given up');
    given.cancel({ code: 'CANCELLED' } as ServiceError);
    expect(codeOf(given)).to.equal('CANCELLED');
    expect(stats()).to.include({ inFlight: 10, queued: 8 });
    for (let i = 0; i < 8; i++) await step(SERVICE_MS);
    expect(handler.started).to.not.include('given up');
  });

  it('holds a bounded number of bytes, and a client alone no more than half of them', async () => {
    await open({ maxInFlightBytes: 1_000 });
    const [one, other] = [{ heldBytes: 0 }, { heldBytes: 0 }];
    const large = (caller: Caller): Asked => ask(caller, 'large', { message: { bytes: 100, requests: 0 } });
    const mine = Array.from({ length: 20 }, () => large(one));
    expect(mine.filter((each) => codeOf(each) === undefined)).to.have.length(5);
    expect(codeOf(large(other))).to.equal(undefined);
    expect(host.stats().heldBytes).to.equal(600);
    expect(codeOf(ask(other, 'too large', { message: { bytes: 500, requests: 0 } }))).to.equal(
      'RESOURCE_EXHAUSTED',
    );
    for (let i = 0; i < 8; i++) await step(SERVICE_MS);
    expect(host.stats().heldBytes).to.equal(0);
    expect([one, other]).to.deep.equal([{ heldBytes: 0 }, { heldBytes: 0 }]);
  });

  it('counts a message once, for as long as any of its requests has no answer', async () => {
    await open();
    const caller = { heldBytes: 0 };
    const message = { bytes: 777, requests: 0 };
    for (const id of ['a', 'b', 'c']) ask(caller, id, { message });
    expect(host.stats().heldBytes).to.equal(777);
    await step(SERVICE_MS);
    expect(host.stats().heldBytes).to.equal(777);
    await step(SERVICE_MS);
    expect(host.stats().heldBytes).to.equal(0);
  });

  it('asks a rule of its owner first', async () => {
    await open({
      admission: {
        admit: ({ role, commandInFlight }) =>
          role === 'trader' && commandInFlight >= 3
            ? ({ code: 'RESOURCE_EXHAUSTED' } as ServiceError)
            : undefined,
      },
    });
    const asked = flood({ heldBytes: 0 }, 5);
    expect(asked.filter((each) => codeOf(each) === 'RESOURCE_EXHAUSTED')).to.have.length(2);
  });

  it('takes no number of concurrent requests that makes no sense', async () => {
    await open();
    class Senseless extends SlowHandler {
      override getCommands(): readonly CommandSpec[] {
        return [{ name: 'slow.never', summary: 'Cannot run.', concurrency: 0 }];
      }
    }
    const { host: other } = testHost();
    expect(await errorOf((async () => other.register(new Senseless()))())).to.include({
      code: 'INVALID_ARGUMENT',
      field: 'concurrency',
    });
  });
});
