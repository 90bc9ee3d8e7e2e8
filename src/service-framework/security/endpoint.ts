import { isIP, isIPv4 } from 'node:net';
import { invalidArgument, ServiceError } from '../../runtime/index.js';

/** Longest path of a Unix domain socket, in bytes, on the smallest of the common systems. */
const MAX_IPC_PATH_BYTES = 103;
const MAX_PORT = 65_535;
const SHAPE = 'tcp://HOST:PORT, tcp://[IPv6]:PORT or ipc://PATH, as in tcp://127.0.0.1:7400';

/** An endpoint taken apart. */
export interface ParsedEndpoint {
  readonly transport: 'tcp' | 'ipc';
  /** As the socket library wants it; a port of 0 has become `*`. */
  readonly address: string;
  /** tcp only: without brackets; undefined for ipc. */
  readonly host?: string;
  /** tcp only: `*` = any free one. */
  readonly port?: number | '*';
  /** ipc only. */
  readonly path?: string;
  readonly ipv6: boolean;
}

/** @throws ServiceError INVALID_ARGUMENT when it is no `tcp://HOST:PORT` or `ipc://PATH` */
export function parseEndpoint(endpoint: string, field = 'endpoint'): ParsedEndpoint {
  const refuse = (): ServiceError => invalidArgument(field, endpoint, SHAPE);
  if (typeof endpoint !== 'string') throw refuse();
  if (endpoint.startsWith('ipc://')) {
    const path = endpoint.slice('ipc://'.length);
    if (path.length === 0 || Buffer.byteLength(path) > MAX_IPC_PATH_BYTES || path.includes('\0'))
      throw invalidArgument(field, endpoint, `ipc://PATH with a path of 1 to ${MAX_IPC_PATH_BYTES} bytes`);
    return { transport: 'ipc', address: endpoint, path, ipv6: false };
  }
  const match = /^tcp:\/\/(\[[0-9a-fA-F:.]+\]|[^:/[\]]+):(\*|\d{1,5})$/.exec(endpoint);
  if (!match) throw refuse();
  const [, hostText = '', portText = ''] = match;
  const port = portText === '*' || Number(portText) === 0 ? '*' : Number(portText);
  if (port !== '*' && port > MAX_PORT) throw refuse();
  const host = hostText.startsWith('[') ? hostText.slice(1, -1) : hostText;
  const ipv6 = hostText.startsWith('[');
  if (ipv6 && isIP(host) !== 6) throw refuse();
  return { transport: 'tcp', address: `tcp://${hostText}:${port}`, host, port, ipv6 };
}

/** Whether an address or name reaches this machine only. */
export function isLoopbackHost(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.');
  return host === '::1' || host === 'localhost';
}

/**
 * The rule of plain sockets: what is not encrypted stays on this machine.
 *
 * @throws ServiceError FAILED_PRECONDITION for any address that others can reach (or that we cannot
 *   prove they cannot: names, wildcards, interface names); INVALID_ARGUMENT for what is no endpoint
 */
export function checkPlainEndpoint(endpoint: string, field = 'endpoint'): ParsedEndpoint {
  const parsed = parseEndpoint(endpoint, field);
  if (parsed.transport === 'ipc' || isLoopbackHost(parsed.host ?? '')) return parsed;
  throw new ServiceError(
    'FAILED_PRECONDITION',
    `${field}: ${JSON.stringify(endpoint)} can be reached from other machines; ` +
      'plain sockets are for loopback and ipc only, elsewhere CURVE is required',
    { field },
  );
}

/**
 * An endpoint as the security in force allows: with CURVE any address, without it this machine only.
 *
 * @throws ServiceError FAILED_PRECONDITION, INVALID_ARGUMENT
 */
export function checkEndpoint(endpoint: string, field: string, secured: boolean): ParsedEndpoint {
  return secured ? parseEndpoint(endpoint, field) : checkPlainEndpoint(endpoint, field);
}

/** Whether an address means every one of the machine: good for binding, useless for connecting. */
export function isWildcardHost(host: string): boolean {
  return host === '*' || host === '0.0.0.0' || host === '::';
}
