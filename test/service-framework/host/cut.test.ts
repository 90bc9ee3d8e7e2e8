import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { Dealer, XSubscriber } from 'zeromq';
import { createLogger, type Logger, SystemClock } from '#conclave/runtime/index.js';
import { EventSocket } from '#conclave/service-framework/host/event-socket.js';
import { RequestSocket } from '#conclave/service-framework/host/request-socket.js';
import { DEFAULT_LIMITS, encodeRequest } from '#conclave/service-framework/protocol/index.js';

const ROUNDS = 40;
const PEERS = 4;
const MIB = 1024 * 1024;

/** Lines of the level error and above. */
function complaints(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    logger: createLogger({ level: 'error', destination: { write: (line) => lines.push(line) } }),
  };
}

interface Sender {
  connect(endpoint: string): void;
  send(message: Uint8Array): Promise<void>;
  close(): void;
}

/** Peers that send without a pause while something is done; what is refused meanwhile does not matter. */
async function besieged(
  endpoint: string,
  open: () => Sender,
  message: (turn: number) => Uint8Array,
  act: () => Promise<void>,
): Promise<void> {
  let going = true;
  const peers = Array.from({ length: PEERS }, async () => {
    const sender = open();
    sender.connect(endpoint);
    for (let turn = 1; going; turn++) {
      await sender.send(message(turn)).catch(() => undefined);
      if (turn % 16 === 0) await pause(0);
    }
    sender.close();
  });
  try {
    await act();
  } finally {
    going = false;
    await Promise.all(peers);
  }
}

describe('a socket of the host that is cut while messages come in', function () {
  this.timeout(60_000);

  it('takes no more requests, whatever arrives meanwhile', async () => {
    const { logger, lines } = complaints();
    const clock = new SystemClock();
    const open = (): Sender => new Dealer({ linger: 0, sendTimeout: 0 });
    const request = (id: number): Uint8Array => encodeRequest('msgpack', { id, cmd: 'a.b', ttl: 1_000 });
    for (let round = 0; round < ROUNDS; round++) {
      const socket = new RequestSocket({
        clock,
        logger,
        limits: DEFAULT_LIMITS,
        role: 'trader',
        highWaterMark: 1_000,
        lingerMs: 0,
        deafMs: 1_000,
        stalledMs: 1_000,
        peerQueueBytes: MIB,
        totalQueueBytes: 4 * MIB,
        batchBytes: 64 * 1024,
        submit: (_request, finish) => {
          finish({ ok: true, body: undefined }, 1);
          return { cancel: () => undefined };
        },
        onConnection: () => undefined,
      });
      await besieged(await socket.bind('tcp://127.0.0.1:0'), open, request, async () => {
        while (socket.received < 100) await pause(1);
        const cut = socket.cut();
        const { received } = socket;
        expect(socket.open).to.equal(false);
        await cut;
        await pause(2);
        expect(socket.received).to.equal(received);
      });
    }
    expect(lines).to.deep.equal([]);
  });

  it('takes no more subscriptions and sends no more events', async () => {
    const { logger, lines } = complaints();
    const open = (): Sender => new XSubscriber({ linger: 0, sendTimeout: 0 });
    const subscription = (turn: number): Uint8Array => Buffer.from(`\x01topic.${turn}`);
    for (let round = 0; round < ROUNDS; round++) {
      const socket = new EventSocket({
        logger,
        limits: DEFAULT_LIMITS,
        highWaterMark: 1_000,
        lingerMs: 0,
        onConnection: () => undefined,
        onFlood: () => undefined,
      });
      await besieged(await socket.bind('tcp://127.0.0.1:0'), open, subscription, async () => {
        while (!socket.hears('topic.50')) await pause(1);
        const event = { topic: 'topic.1', epoch: 1, seq: 1, timeMs: 1, body: { n: 1 } };
        socket.send(event);
        const cut = socket.cut();
        socket.send(event);
        expect(socket.open).to.equal(false);
        await cut;
      });
    }
    expect(lines).to.deep.equal([]);
  });
});
