/** Many clients, each with a connection of its own: `crowd.js CrowdArgument`. Says how many were answered. */
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
const served = await Promise.all(
  sockets.map(async (socket) => {
    try {
      for (let id = 1; id <= rounds; id++) {
        await socket.send(
          JSON.stringify({ v: 1, id, cmd: 'soak.echo', ttl: GIVE_UP_MS, body: { value: id } }),
        );
        const [frame] = await socket.receive();
        const reply = JSON.parse(String(frame)) as { ok: boolean; id: number };
        if (!reply.ok || reply.id !== id) return false;
      }
      return true;
    } catch {
      return false;
    }
  }),
);
const report: CrowdReport = { served: served.filter(Boolean).length };
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
