/**
 * Sends requests at a fixed rate, whatever comes back: `flood.js FloodArgument`. It does not wait longer
 * because it is told to, which is what makes it a flood. Says a {@link FloodReport}, and ends.
 */
import { Dealer } from 'zeromq';
import { quantile } from '../figure.js';

export interface FloodArgument {
  readonly endpoint: string;
  readonly connections: number;
  readonly perSecond: number;
  readonly seconds: number;
  readonly ttlMs: number;
  readonly command: string;
  readonly body: unknown;
}

export interface FloodReport {
  readonly sent: number;
  readonly accepted: number;
  readonly shed: number;
  /** Answers that are neither, by code. */
  readonly others: Readonly<Record<string, number>>;
  readonly unanswered: number;
  /** Results a second while it sent. */
  readonly acceptedPerSecond: number;
  readonly acceptedP99Ms: number;
  readonly shedP99Ms: number;
  /** Shed answers without a time to wait. */
  readonly shedWithoutRetry: number;
  /** Results of the connection that got fewest, and of the one that got most. */
  readonly fewest: number;
  readonly most: number;
}

const TICK_MS = 4;
/** Longer than any answer may take, ms. */
const GRACE_MS = 2_000;

interface Reply {
  readonly id: number;
  readonly ok: boolean;
  readonly body?: { readonly code: string; readonly retryAfterMs?: number };
}

const flood = JSON.parse(process.argv[2] ?? '{}') as FloodArgument;
const sockets = Array.from({ length: flood.connections }, () => new Dealer({ linger: 0 }));
const open = new Map<number, number>();
const accepted: number[] = [];
const shed: number[] = [];
const others: Record<string, number> = {};
const results = new Array<number>(sockets.length).fill(0);
let [sent, shedWithoutRetry, inTime] = [0, 0, 0];
const body = JSON.stringify(flood.body);

function hear(reply: Reply, socket: number, sending: boolean): void {
  const sentMs = open.get(reply.id);
  if (sentMs === undefined) return;
  open.delete(reply.id);
  const tookMs = performance.now() - sentMs;
  if (reply.ok) {
    accepted.push(tookMs);
    results[socket] = (results[socket] ?? 0) + 1;
    if (sending) inTime++;
  } else if (reply.body?.code === 'RESOURCE_EXHAUSTED') {
    shed.push(tookMs);
    if (!((reply.body.retryAfterMs ?? 0) > 0)) shedWithoutRetry++;
  } else {
    const code = reply.body?.code ?? 'unreadable';
    others[code] = (others[code] ?? 0) + 1;
  }
}

const startMs = performance.now();
const endMs = startMs + flood.seconds * 1000;
sockets.forEach((socket, i) => {
  socket.connect(flood.endpoint);
  void (async () => {
    for await (const [frame] of socket)
      hear(JSON.parse(String(frame)) as Reply, i, performance.now() < endMs);
  })();
});
for (let nowMs = startMs; nowMs < endMs; nowMs = performance.now()) {
  const due = Math.floor(((nowMs - startMs) / 1000) * flood.perSecond);
  for (; sent < due; ) {
    const id = ++sent;
    const head = `{"v":1,"id":${id},"cmd":"${flood.command}","ttl":${flood.ttlMs}`;
    open.set(id, performance.now());
    await sockets[id % sockets.length]?.send(`${head},"body":${body}}`);
  }
  await new Promise((resolve) => setTimeout(resolve, TICK_MS));
}
const lastMs = performance.now() + flood.ttlMs + GRACE_MS;
while (open.size > 0 && performance.now() < lastMs) await new Promise((resolve) => setTimeout(resolve, 20));
const report: FloodReport = {
  sent,
  accepted: accepted.length,
  shed: shed.length,
  others,
  unanswered: open.size,
  acceptedPerSecond: inTime / flood.seconds,
  acceptedP99Ms: quantile(accepted, 0.99),
  shedP99Ms: quantile(shed, 0.99),
  shedWithoutRetry,
  fewest: Math.min(...results),
  most: Math.max(...results),
};
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
