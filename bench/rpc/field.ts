import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Who runs, where its module is, and why it may be left out. */
export interface Entry {
  readonly name: string;
  readonly module: string;
  /** Written for Node.js; the bars speak of the best of these. */
  readonly typescriptPeer: boolean;
  readonly absent?: string;
}

const own = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
/** From build/bench/rpc. */
const peers = fileURLToPath(new URL('../../../bench/peers/', import.meta.url));

export function field(): Entry[] {
  const installed = existsSync(`${peers}node_modules/.package-lock.json`);
  const peer = (name: string, file: string, typescriptPeer = true): Entry => ({
    name,
    module: `${peers}${file}`,
    typescriptPeer,
    ...(installed ? {} : { absent: 'run `npm ci --ignore-scripts` in bench/peers' }),
  });
  const nats = peer('NATS', 'nats.mjs', false);
  return [
    { name: 'conclave', module: own('ours.js'), typescriptPeer: false },
    { name: 'raw zeromq.js', module: own('raw.js'), typescriptPeer: false },
    peer('NestJS TCP', 'nest.mjs'),
    peer('NestJS TCP, rows', 'nest-rows.mjs'),
    peer('Moleculer TCP', 'moleculer.mjs'),
    peer('gRPC-js', 'grpc.mjs'),
    peer('fastify + undici', 'fastify.mjs'),
    hasNats() ? nats : { ...nats, absent: nats.absent ?? 'no nats-server binary is installed' },
  ];
}

function hasNats(): boolean {
  return spawnSync('nats-server', ['--version']).status === 0;
}
