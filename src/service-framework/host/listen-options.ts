import { invalidArgument, ServiceError } from '../../runtime/index.js';
import { ROLES, type Role } from '../handler/index.js';
import { checkPlainEndpoint, parseEndpoint } from '../security/index.js';
import type { HostCurveOptions } from './host-security.js';

/** Plain sockets, for this machine only: whoever reaches them may do everything. */
export interface PlainListenOptions {
  /** `tcp://127.0.0.1:PORT` (0 or * = any free one), `tcp://[::1]:PORT` or `ipc://PATH`. */
  readonly request: string;
  /** Where events are published; absent = only inside the process. */
  readonly events?: string;
}

/** CURVE sockets, at any address: an endpoint for each role, with its own list of client keys. */
export interface CurveListenOptions {
  /** Where each role connects, e.g. `{ trader: 'tcp://0.0.0.0:7401', admin: 'tcp://127.0.0.1:7404' }`. */
  readonly roles: Readonly<Partial<Record<Role, string>>>;
  /** Where events are published; absent = only inside the process. */
  readonly events?: string;
  readonly curve: HostCurveOptions;
}

export type ListenOptions = PlainListenOptions | CurveListenOptions;

/** One request endpoint to be bound. */
export interface RoleEndpoint {
  readonly role: Role;
  readonly endpoint: string;
}

/** What to bind for requests, checked. @throws ServiceError INVALID_ARGUMENT, FAILED_PRECONDITION */
export function requestEndpoints(listen: ListenOptions): readonly RoleEndpoint[] {
  if (!('curve' in listen)) {
    checkPlainEndpoint(listen.request, 'request');
    if (listen.events !== undefined) checkPlainEndpoint(listen.events, 'events');
    // Plain sockets are for this machine only, and whoever is on it may do everything.
    return [{ role: 'admin', endpoint: listen.request }];
  }
  if ('request' in listen)
    throw new ServiceError('INVALID_ARGUMENT', 'request: a host is plain or has CURVE roles, not both', {
      field: 'request',
    });
  if (listen.events !== undefined) parseEndpoint(listen.events, 'events');
  const unknown = Object.keys(listen.roles).find((role) => !(ROLES as readonly string[]).includes(role));
  if (unknown !== undefined) throw invalidArgument('roles', unknown, `one of ${ROLES.join(', ')}`);
  const endpoints = ROLES.flatMap((role) => {
    const endpoint = listen.roles[role];
    if (endpoint === undefined) return [];
    parseEndpoint(endpoint, `roles.${role}`);
    return [{ role, endpoint }];
  });
  if (endpoints.length === 0) throw invalidArgument('roles', 'none', 'an endpoint for at least one role');
  return endpoints;
}
