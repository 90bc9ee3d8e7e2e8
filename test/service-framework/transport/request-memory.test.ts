import { expect } from 'chai';
import fc from 'fast-check';
import { Router } from 'zeromq';
import { SystemClock } from '#conclave/runtime/index.js';
import {
  encodeReply,
  type IncomingRequest,
  readMessage,
} from '#conclave/service-framework/protocol/index.js';
import { ZmqTransport } from '#conclave/service-framework/transport/index.js';
import { RequestMemory } from '#conclave/service-framework/transport/request-memory.js';

describe('RequestMemory', () => {
  it('lends as much as is asked for, and the same again after it was given back', () => {
    const memory = new RequestMemory();
    const first = memory.take(20_000);
    expect(first.length).to.be.at.least(20_000);
    expect(memory.lent(first.subarray(0, 19_000))).to.equal(first);
    expect(memory.take(20_000).buffer).to.not.equal(first.buffer);
    memory.giveBack(first);
    expect(memory.take(17_001)).to.equal(first);
  });

  it('has lent only what was taken last', () => {
    const memory = new RequestMemory();
    const first = memory.take(5_000);
    const second = memory.take(5_000);
    expect(memory.lent(first)).to.equal(undefined);
    expect(memory.lent(second), 'it was asked about before').to.equal(undefined);
    memory.take(5_000);
    expect(memory.lent(Buffer.alloc(5_000))).to.equal(undefined);
  });

  it('lends nothing that would be too large to keep', () => {
    const memory = new RequestMemory();
    const bytes = memory.take(2 ** 20 + 1);
    expect(bytes).to.have.lengthOf(2 ** 20 + 1);
    expect(memory.lent(bytes)).to.equal(undefined);
  });

  it('keeps no more than 4 MiB, and nothing once it is cleared', () => {
    const memory = new RequestMemory();
    const taken = Array.from({ length: 10 }, () => memory.take(2 ** 20));
    for (const bytes of taken) memory.giveBack(bytes);
    expect(memory.keptBytes).to.equal(4 * 2 ** 20);
    memory.clear();
    expect(memory.keptBytes).to.equal(0);
  });

  it('never lends memory that somebody still has', () => {
    const step = fc.record({ bytes: fc.integer({ min: 4_097, max: 70_000 }), back: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const memory = new RequestMemory();
        const held: { readonly bytes: Buffer; readonly mark: number }[] = [];
        for (const [mark, { bytes, back }] of steps.entries()) {
          held.push({ bytes: memory.take(bytes).fill(mark), mark });
          const given = held[back];
          if (!given) continue;
          held.splice(back, 1);
          memory.giveBack(given.bytes);
        }
        for (const { bytes, mark } of held) expect(bytes.every((byte) => byte === mark)).to.equal(true);
      }),
    );
  });
});

interface Marked {
  readonly mark: number;
  readonly values: Float64Array;
}

/** What one call of the property test does. */
interface Step {
  readonly elements: number;
  /** How long its caller waits, ms. */
  readonly timeoutMs: number;
  readonly cancelled: boolean;
}

/** Its caller waits, whatever became of the others. */
const LAST: Step = { elements: 600, timeoutMs: 60_000, cancelled: false };

describe('memory of large requests', () => {
  const clock = new SystemClock();

  function call(transport: ZmqTransport, mark: number, step: Step): Promise<unknown> {
    const giveUp = new AbortController();
    const payload: Marked = { mark, values: new Float64Array(step.elements).fill(mark) };
    const { timeoutMs } = step;
    const reply = transport.request({ command: 'test.mark', payload, timeoutMs, signal: giveUp.signal });
    if (step.cancelled) setImmediate(() => giveUp.abort());
    return reply.then(
      ({ body }) => expect(body).to.equal(mark),
      (error: { code: string }) => expect(error.code).to.be.oneOf(['DEADLINE_EXCEEDED', 'CANCELLED']),
    );
  }

  it('is not written again while the socket may still read it', async function () {
    this.timeout(120_000);
    const anyStep = fc.record({
      elements: fc.constantFrom(600, 2_500, 30_000, 60_000),
      timeoutMs: fc.constantFrom(1, 5, 60_000),
      cancelled: fc.boolean(),
    });
    const anyRun = fc.record({
      steps: fc.array(anyStep, { minLength: 20, maxLength: 60 }),
      /** How many the host reads before it answers any of them. */
      reads: fc.integer({ min: 1, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(anyRun, async ({ steps, reads }) => {
        const router = new Router({ linger: 0, receiveHighWaterMark: 1 });
        await router.bind('tcp://127.0.0.1:*');
        const transport = new ZmqTransport({ endpoint: router.lastEndpoint as string, clock });
        await transport.whenConnected();
        const calls = [...steps, LAST].map(async (step, i) => {
          // A few at a time: some memory is free again before the last ones are encoded.
          await new Promise((resolve) => setTimeout(resolve, Math.floor(i / 10) * 8));
          await call(transport, i + 1, step);
        });
        const serving = serve(router, reads);
        await Promise.race([Promise.all(calls), serving]);
        await transport.close();
        router.close();
        await serving.catch((error: Error) => {
          // It may have been about to answer somebody who no longer waits.
          if (error.message !== 'Socket is closed') throw error;
        });
      }),
      { numRuns: 6 },
    );
  });

  /** Checks that every request is as it was encoded, and answers a few at a time, the last first. */
  async function serve(router: Router, reads: number): Promise<void> {
    const waiting: { readonly peer: Buffer; readonly request: IncomingRequest; readonly mark: number }[] = [];
    let later: NodeJS.Timeout | undefined;
    let answered = Promise.resolve();
    // Late, so that what the client sends piles up in its socket.
    await new Promise((resolve) => setTimeout(resolve, 30));
    for await (const [peer, frame] of router) {
      const message = readMessage(frame as Buffer);
      if ('dropped' in message) throw new Error(message.dropped);
      for (const item of message.items) {
        if (item.kind === 'cancel') continue;
        if (item.kind !== 'request') throw new Error(`a request was spoilt: ${item.kind}`);
        const { mark, values } = item.decode() as Marked;
        if (!values.every((value) => value === mark)) throw new Error(`request ${mark} was written over`);
        waiting.push({ peer: peer as Buffer, request: item, mark });
      }
      if (waiting.length >= reads) {
        answered = answered.then(answer);
        await answered;
      } else if (!later) later = setTimeout(answerLater, 20);
    }
    function answerLater(): void {
      later = undefined;
      answered = answered.then(answer);
    }
    async function answer(): Promise<void> {
      for (const { peer, request, mark } of waiting.splice(0).reverse())
        if (!router.closed) await router.send([peer, encodeReply('msgpack', { id: request.id }, mark)]);
    }
  }
});
