/**
 * Many clients, each with a connection of its own: `crowd.js CrowdArgument`. Whoever is shed comes back when it is
 * told to. Says how many were served.
 */
import { Context, Dealer } from 'zeromq';

export interface CrowdArgument {
  readonly endpoint: string;
  readonly clients: number;
  readonly rounds: number;
}

export interface CrowdReport {
  /** Clients that got all their answers. */
  readonly served: number;
}

const GIVE_UP_MS = 30_000;
const { endpoint, clients, rounds } = JSON.parse(process.argv[2] ?? '{}') as CrowdArgument;
const context = new Context({ maxSockets: clients + 10 });
const sockets = Array.from({ length: clients }, () => {
  const socket = new Dealer({ context, linger: 0, receiveTimeout: GIVE_UP_MS });
  socket.connect(endpoint);
  return socket;
});
interface Reply {
  readonly id: number;
  readonly ok: boolean;
  readonly body?: { readonly code?: string; readonly retryAfterMs?: number };
}

async function ask(socket: Dealer, id: number): Promise<Reply> {
  await socket.send(JSON.stringify({ v: 1, id, cmd: 'soak.echo', ttl: GIVE_UP_MS, body: { value: id } }));
  const [frame] = await socket.receive();
  const reply = JSON.parse(String(frame)) as Reply;
  if (reply.ok || reply.body?.code !== 'RESOURCE_EXHAUSTED' || performance.now() > GIVE_UP_MS) return reply;
  await new Promise((resolve) => setTimeout(resolve, reply.body?.retryAfterMs));
  return ask(socket, id);
}

const served = await Promise.all(
  sockets.map(async (socket) => {
    for (let id = 1; id <= rounds; id++) {
      const reply = await ask(socket, id).catch(() => undefined);
      if (!reply?.ok || reply.id !== id) return false;
    }
    return true;
  }),
);
const report: CrowdReport = { served: served.filter(Boolean).length };
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
