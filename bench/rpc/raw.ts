import { Dealer, Router } from 'zeromq';
import { encodeReply, encodeRequest } from '#conclave/service-framework/index.js';
import type { Call, Contestant } from './contestant.js';
import { COMMAND, DECIDE } from './ours.js';
import { workloads } from './workloads.js';

const { command, decide } = workloads(true);
/** Messages of as many bytes as ours; nobody looks into them. */
const REQUESTS = [
  encodeRequest('msgpack', { id: 100_000, cmd: COMMAND, ttl: 5000, batch: true }, command.request),
  encodeRequest('msgpack', { id: 100_000, cmd: DECIDE, ttl: 5000, batch: true }, decide.request),
].map((bytes) => Buffer.from(bytes));
const REPLIES = [
  encodeReply('msgpack', { id: 100_000, us: 30 }, command.reply),
  encodeReply('msgpack', { id: 100_000, us: 300 }, decide.reply),
].map((bytes) => Buffer.from(bytes));

/** Calls side by side on one socket: answers come in the order of the questions. */
function sideBySide(address: string): Call[] {
  const dealer = new Dealer({ linger: 0, sendTimeout: 0 });
  dealer.connect(address);
  const waiting: ((answer: unknown) => void)[] = [];
  void (async () => {
    for await (const [answer] of dealer) waiting.shift()?.(answer);
  })();
  return REQUESTS.map((request) => async () => {
    const answer = new Promise((resolve) => waiting.push(resolve));
    await dealer.send(request);
    return answer;
  });
}

function oneByOne(address: string): Call[] {
  const dealer = new Dealer({ linger: 0 });
  dealer.connect(address);
  return REQUESTS.map((request) => async () => {
    await dealer.send(request);
    return dealer.receive();
  });
}

/** zeromq.js alone: messages of equal bytes, no envelope, no validation, no deadline. */
export const contestant: Contestant = {
  async serve() {
    const router = new Router({ linger: 0 });
    await router.bind('tcp://127.0.0.1:*');
    const [small, large] = REPLIES as [Buffer, Buffer];
    const limit = REQUESTS[0]?.length ?? 0;
    void (async () => {
      for await (const [peer, request] of router)
        await router.send([peer as Buffer, (request as Buffer).length > limit ? large : small]);
    })();
    return router.lastEndpoint as string;
  },
  async connect(address) {
    const [command, decide] = sideBySide(address) as [Call, Call];
    const [oneCommand, oneDecide] = oneByOne(address) as [Call, Call];
    return { command, decide, sequential: { command: oneCommand, decide: oneDecide } };
  },
};
