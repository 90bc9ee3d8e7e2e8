import { createConnection, type NetConnectOpts } from 'node:net';
import { type Clock, ServiceError } from '../../runtime/index.js';
import { isWildcardHost, parseEndpoint } from '../security/index.js';

/** A port on this machine answers at once or not at all. */
const PROBE_TIMEOUT_MS = 500;

/**
 * Whether something accepts connections at an endpoint. A socket that was lost closes its port
 * without a word; only asking from outside finds out.
 */
export function probeEndpoint(endpoint: string, clock: Clock): Promise<boolean> {
  const { path, host, port } = parseEndpoint(endpoint);
  const target: NetConnectOpts =
    path === undefined
      ? { host: reachable(host ?? ''), port: Number(port) }
      : { path: path.startsWith('@') ? `\0${path.slice(1)}` : path };
  return new Promise((resolve) => {
    const connection = createConnection(target);
    const end = (open: boolean): void => {
      timer.cancel();
      connection.destroy();
      resolve(open);
    };
    const timer = clock.schedule(PROBE_TIMEOUT_MS, () => end(false));
    connection.once('connect', () => end(true));
    connection.once('error', () => end(false));
  });
}

/**
 * Binding a Unix socket quietly takes the path away from a host that listens there; so ask first.
 *
 * @throws ServiceError FAILED_PRECONDITION when something listens at an ipc endpoint
 */
export async function checkIpcFree(endpoint: string, field: string, clock: Clock): Promise<void> {
  if (parseEndpoint(endpoint, field).transport !== 'ipc' || !(await probeEndpoint(endpoint, clock))) return;
  throw new ServiceError('FAILED_PRECONDITION', `${field}: cannot bind ${endpoint}: it is in use`, { field });
}

/** An address of this machine where a wildcard is bound. */
function reachable(host: string): string {
  if (!isWildcardHost(host)) return host;
  return host === '::' ? '::1' : '127.0.0.1';
}
