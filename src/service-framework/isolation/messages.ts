import type { CommandOptions, CommandSchemas, HandlerHealth, Idempotency, Role } from '../handler/index.js';
import type { CodecName, EncodedPayload, ErrorBody, ProtocolLimits } from '../protocol/index.js';

/** Where the handler is found; structured-cloneable. */
export interface HandlerSource {
  /** `file:` URL of a compiled ES module. */
  readonly moduleUrl: string;
  /** A class that extends BaseHandler, or a function that makes one; absent = the module's only such class. */
  readonly exportName: string | undefined;
  /** Given to the class or function. */
  readonly options: unknown;
  /** Public properties of the handler that its host wants to know. */
  readonly report: readonly string[];
}

/** A command as its host needs to know it. */
export interface ReportedCommand
  extends CommandSchemas,
    Pick<CommandOptions, 'summary' | 'key' | 'roles' | 'reserved' | 'concurrency'> {
  readonly name: string;
}

/** What an isolated handler says about itself once it is constructed. */
export interface Loaded {
  readonly commands: readonly ReportedCommand[];
  readonly className: string;
  /** Requests in one batch at most; absent = it takes them one by one. */
  readonly maxBatch?: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** An error as it crosses: what may travel on, and what only the log may see. */
export interface CrossingError {
  readonly body: ErrorBody;
  readonly cause?: { readonly name: string; readonly message: string; readonly stack?: string };
}

/** How something ended on the other side. */
export type Ended =
  | { readonly ok: true; readonly bytes: Uint8Array | undefined }
  | { readonly ok: false; readonly error: CrossingError };

/** A request, given to the isolated side. */
export interface CallMessage {
  readonly type: 'call';
  readonly id: number;
  /** Only the digest of the checked payload is wanted. */
  readonly digestOnly: boolean;
  readonly command: string;
  readonly payload: EncodedPayload | undefined;
  readonly replyCodec: CodecName;
  readonly requestId: number | string;
  readonly role: Role;
  /** When the caller stops waiting, Unix ms: monotonic clocks of two threads have nothing in common. */
  readonly deadlineUnixMs: number;
  readonly key: string | undefined;
  readonly idempotency: Idempotency | undefined;
  readonly traceparent: string | undefined;
  /** Items of a streamed reply that may be sent to begin with; undefined = the reply comes in one piece. */
  readonly stream: number | undefined;
}

/** From the host to the isolated side. */
export type ToSide =
  | { readonly type: 'load'; readonly source: HandlerSource; readonly logLevel: string }
  | { readonly type: 'start'; readonly seed: number }
  | { readonly type: 'limits'; readonly limits: ProtocolLimits }
  | CallMessage
  | { readonly type: 'cancel'; readonly id: number; readonly error: ErrorBody }
  /** Lets a stream send that many more items. */
  | { readonly type: 'credit'; readonly id: number; readonly credit: number }
  /** The next item of a streamed reply to a `host_call`. */
  | { readonly type: 'host_item'; readonly id: number; readonly bytes: Uint8Array | undefined }
  /** Answers a `host_call`. */
  | { readonly type: 'host_reply'; readonly id: number; readonly ended: Ended }
  | { readonly type: 'ping' }
  | { readonly type: 'stop' };

/** What the isolated side says of itself with every sign of life. */
export interface Vitals {
  readonly health: HandlerHealth;
  /** V8 heap and array buffers of the thread, or resident memory of the process. */
  readonly memoryBytes: number;
}

/** From the isolated side to the host. */
export type FromSide =
  | { readonly type: 'loaded'; readonly loaded: Loaded }
  | { readonly type: 'started' }
  | { readonly type: 'failed'; readonly error: CrossingError }
  | { readonly type: 'ended'; readonly id: number; readonly ended: Ended }
  /** The next item of a streamed reply. */
  | { readonly type: 'item'; readonly id: number; readonly bytes: Uint8Array | undefined }
  /** The handler calls a command of the host, within the request `parent` or, without one, on its own. */
  | {
      readonly type: 'host_call';
      readonly id: number;
      readonly parent: number | undefined;
      readonly command: string;
      readonly bytes: Uint8Array | undefined;
      readonly timeoutMs: number | undefined;
      readonly key: string | undefined;
      /** Items of a streamed reply that may be sent to begin with; undefined = the reply comes in one piece. */
      readonly stream: number | undefined;
    }
  /** Lets a stream of the host send that many more items. */
  | { readonly type: 'host_credit'; readonly id: number; readonly credit: number }
  | { readonly type: 'host_cancel'; readonly id: number }
  | { readonly type: 'publish'; readonly topic: string; readonly bytes: Uint8Array | undefined }
  | { readonly type: 'log'; readonly line: string }
  | ({ readonly type: 'pong' } & Vitals)
  | { readonly type: 'stopped'; readonly error?: CrossingError };
