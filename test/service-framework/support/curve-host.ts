import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BaseClient, type ClientOptions } from '#conclave/service-framework/client/index.js';
import type { Role } from '#conclave/service-framework/handler/index.js';
import type {
  CurveEndpoints,
  HostCurveOptions,
  ServiceHostOptions,
} from '#conclave/service-framework/host/index.js';
import { type CurveClientOptions, KeyFolder } from '#conclave/service-framework/security/index.js';
import { type TestHost, testHost } from './test-host.js';

/** A folder of keys with a host's and, on each role's list, a client's key named as the role. */
export function keyFolder(roles: readonly Role[] = []): KeyFolder {
  const folder = new KeyFolder(join(mkdtempSync(join(tmpdir(), 'conclave-keys-')), 'keys'));
  folder.create('host');
  for (const role of roles) folder.allow(role, folder.create(role));
  return folder;
}

export function removeKeys({ path }: KeyFolder): void {
  rmSync(join(path, '..'), { recursive: true, force: true });
}

/** What the owner of one of the folder's keys needs to connect. */
export function curveOf({ path }: KeyFolder, name: string, serverName = 'host'): CurveClientOptions {
  const folder = new KeyFolder(path);
  const { publicKey, secretKey } = folder.pair(name);
  return { publicKey, secretKey, serverKey: folder.publicKey(serverName).publicKey };
}

export interface CurveHost extends TestHost {
  readonly folder: KeyFolder;
  readonly endpoints: CurveEndpoints;
  /** A client of the role's endpoint; default key: the one named as the role. */
  client(role: Role, options?: Partial<ClientOptions> & { readonly as?: string }): BaseClient;
  /** Ends host and clients, removes the keys. */
  close(): Promise<void>;
}

/** A host with an endpoint for each of the roles and one for events. */
export async function curveHost(
  roles: readonly Role[],
  curve: Partial<HostCurveOptions> = {},
  options: Partial<ServiceHostOptions> = {},
): Promise<CurveHost> {
  const folder = keyFolder(roles);
  const { host, handler } = testHost(options);
  const clients: BaseClient[] = [];
  const endpoints = await host.listen({
    roles: Object.fromEntries(roles.map((role) => [role, 'tcp://127.0.0.1:0'])),
    events: 'tcp://127.0.0.1:0',
    curve: { folder: folder.path, pollMs: 20, handshakes: { perAddress: 1_000, inAll: 1_000 }, ...curve },
  });
  return {
    host,
    handler,
    folder,
    endpoints,
    client: (role, { as = role, ...more } = {}) => {
      const client = new BaseClient({
        endpoint: endpoints.roles[role] ?? '',
        ...(endpoints.events === undefined ? {} : { events: endpoints.events }),
        curve: curveOf(folder, as),
        connectTimeoutMs: 20_000,
        timeoutMs: 30_000,
        retry: false,
        ...more,
      });
      clients.push(client);
      return client;
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await host.drain('end of test');
      removeKeys(folder);
    },
  };
}
