import type { HandlerHealth, KeyUse, Role } from '../handler/index.js';
import type { CommandStats, LagReading, MemoryReading } from '../telemetry/index.js';

/** `new` → `starting` → `serving` → `draining` → `stopped`; a failed start goes to `stopped`. */
export type HostState = 'new' | 'starting' | 'serving' | 'draining' | 'stopped';

/** Where a host can be reached, as actually bound. */
export interface HostEndpoints {
  readonly request: string;
  readonly events?: string;
}

/** Where a host can be reached over CURVE, as actually bound. */
export interface CurveEndpoints {
  readonly roles: Readonly<Partial<Record<Role, string>>>;
  readonly events?: string;
  /** The host's public key, Z85: what a client must know of it. */
  readonly serverKey: string;
}

/** Either of them; nothing for a host that does not listen. */
export type BoundEndpoints = Partial<HostEndpoints & CurveEndpoints>;

/** One command in `service.describe`. Schemas are JSON Schema (2020-12); null = none. */
export interface CommandDescription {
  readonly command: string;
  readonly summary: string;
  readonly request: unknown;
  readonly response: unknown;
  /** Schema of one item of a streamed reply, which `response` ends. Absent = the reply comes in one piece. */
  readonly stream?: unknown;
  /** Absent = takes no idempotency key. */
  readonly key?: KeyUse;
  /** Absent = every role. */
  readonly roles?: readonly Role[];
  readonly reserved?: true;
}

/** Reply of `service.describe`. */
export interface HostDescription {
  readonly name: string;
  readonly version: string;
  readonly protocol: 1;
  /** As bound: an address like 0.0.0.0 stands for every one of the machine. */
  readonly endpoints: BoundEndpoints;
  readonly commands: readonly CommandDescription[];
}

/** Reply of `service.health`. */
export interface HostHealth {
  /** The event loop answers. */
  readonly live: true;
  /** Serving, all ports open, room for connections, all essential handlers ready. */
  readonly ready: boolean;
  readonly state: HostState;
  readonly uptimeMs: number;
  readonly eventLoopLag: LagReading;
  readonly sockets: readonly { readonly endpoint: string; readonly open: boolean }[];
  readonly handlers: readonly (HandlerHealth & { readonly handler: string })[];
}

/** What happened at the sockets since the host started. A type, not an interface: it is read as a record too. */
export type SocketCounts = {
  readonly received: number;
  readonly sent: number;
  /** Messages and batch elements that were no request and could not be answered. */
  readonly dropped: number;
  /** Peers cut off because they did not read. */
  readonly peersCutOff: number;
  /** Replies thrown away with them or because their peer had gone. */
  readonly repliesLost: number;
  /** Bytes of replies waiting for their peers. */
  readonly waitingBytes: number;
  readonly peers: number;
  /** Open connections. */
  readonly connections: number;
  /** Endpoints whose connections were all cut: there were too many, of them or of subscriptions, or too much memory. */
  readonly endpointsCut: number;
  readonly eventsPublished: number;
  /** CURVE connections let in, refused because of their key, turned away by the rate limit or for want of room. */
  readonly handshakesAccepted: number;
  readonly handshakesRefused: number;
  readonly handshakesLimited: number;
};

/** Reply of `service.stats`. */
export interface HostStats {
  readonly name: string;
  readonly version: string;
  readonly uptimeMs: number;
  /** Admitted and not yet answered, calls between handlers included. */
  readonly inFlight: number;
  /** How many of them wait for their turn. */
  readonly queued: number;
  /** Bytes of the messages that requests in flight came in. */
  readonly heldBytes: number;
  readonly eventLoopLag: LagReading;
  readonly memory: MemoryReading;
  readonly sockets: SocketCounts;
  readonly commands: readonly CommandStats[];
}
