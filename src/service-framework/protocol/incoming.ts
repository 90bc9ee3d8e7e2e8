import { invalidArgument, type ServiceError } from '../../runtime/index.js';
import { type CodecName, type DecodeOptions, decodeBody, decodeJson } from './codec.js';
import { ColumnsInPlace } from './columns.js';
import { isMessageId, MAX_KEY_CHARACTERS, type MessageId, PROTOCOL_VERSION } from './envelope.js';
import type { EnvelopeFields } from './envelope-fields.js';
import { DEFAULT_LIMITS, type ProtocolLimits } from './limits.js';
import { asBuffer } from './message-pack-cursor.js';
import { NOT_QUICK, QuickBody } from './quick-body.js';

/** A payload as bytes that nobody has looked at. Their memory is their own and may be transferred. */
export interface EncodedPayload {
  readonly codec: CodecName;
  readonly bytes: Uint8Array;
  /** What decoding it may ask for; absent = the defaults. */
  readonly limits?: ProtocolLimits;
}

/** A body that has arrived and has not been looked at. */
export class IncomingBody {
  /** Decoded in place: its bytes are no longer what came. */
  #spent = false;

  constructor(
    private readonly message: Uint8Array | string,
    private readonly start: number,
    private readonly end: number,
    private readonly limits: ProtocolLimits,
  ) {}

  /** Its size on the wire: bytes in MessagePack, characters in JSON; 0 when there is none. */
  get size(): number {
    return this.end - this.start;
  }

  /** The bytes as they came, copied out of their message; undefined when there are none. */
  encoded(): EncodedPayload | undefined {
    const { message, start, end, limits } = this;
    if (start < 0) return undefined;
    this.#checkUnspent();
    if (typeof message === 'string')
      return { codec: 'json', bytes: new TextEncoder().encode(message.slice(start, end)), limits };
    const bytes = new Uint8Array(end - start);
    bytes.set(message.subarray(start, end));
    return { codec: 'msgpack', bytes, limits };
  }

  /** @throws ServiceError INVALID_ARGUMENT */
  decode(options: DecodeOptions = {}): unknown {
    const { message, start, end } = this;
    if (start < 0) return undefined;
    this.#checkUnspent();
    if (typeof message !== 'string' && isAtLeastDefault(this.limits)) {
      const inPlace = options.inPlace === true && options.allowNonFinite === true;
      const spends = inPlace && ColumnsInPlace.suits(message);
      const value = QUICK.read(asBuffer(message), start, end, spends);
      if (value !== NOT_QUICK) {
        this.#spent = spends;
        return value;
      }
    }
    const checked = { limits: this.limits, ...options };
    if (typeof message === 'string') return decodeJson(message.slice(start, end), checked);
    this.#spent = options.inPlace === true;
    return decodeBody('msgpack', message.subarray(start, end), checked);
  }

  #checkUnspent(): void {
    if (this.#spent) throw new Error('a body that was decoded in place cannot be read again');
  }
}

const QUICK = new QuickBody();

/** The quick reader knows the default limits, and the bodies it reads are far below them. */
function isAtLeastDefault({ depth, stringBytes, structures }: ProtocolLimits): boolean {
  return (
    depth >= DEFAULT_LIMITS.depth &&
    stringBytes >= DEFAULT_LIMITS.stringBytes &&
    structures >= DEFAULT_LIMITS.structures
  );
}

/** A well-formed request, its body not yet decoded. */
export class IncomingRequest {
  readonly kind = 'request';

  constructor(
    readonly codec: CodecName,
    readonly id: MessageId,
    readonly cmd: string,
    readonly ttl: number | undefined,
    readonly key: string | undefined,
    readonly tp: string | undefined,
    /** The sender takes batched replies. */
    readonly acceptsBatch: boolean,
    /** Items granted to begin with; undefined = the reply is wanted in one piece. */
    readonly stream: number | undefined,
    private readonly body: IncomingBody,
  ) {}

  /** Size of the body on the wire; 0 when there is none. */
  get bodyBytes(): number {
    return this.body.size;
  }

  /** The payload; undefined when there is none. @throws ServiceError INVALID_ARGUMENT */
  decode(options?: DecodeOptions): unknown {
    return this.body.decode(options);
  }

  /** The payload as it came, copied; undefined when there is none. */
  encoded(): EncodedPayload | undefined {
    return this.body.encoded();
  }
}

/** One envelope of a message to a host. */
export type IncomingItem =
  | IncomingRequest
  | { readonly kind: 'cancel'; readonly id: MessageId }
  /** Grants a stream more items; what cannot be granted is the error that the stream ends with. */
  | { readonly kind: 'credit'; readonly id: MessageId; readonly credit: number | ServiceError }
  /** To be answered with `error`: its id could be read, but it is no request. */
  | { readonly kind: 'invalid'; readonly id: MessageId; readonly error: ServiceError }
  /** To be counted: there is nobody to answer. */
  | { readonly kind: 'dropped'; readonly reason: string };

/** `service.verb` in lower snake case. */
const COMMAND = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;
const MAX_COMMAND_CHARACTERS = 128;
/** W3C Trace Context, version 00 and those to come. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/;

/** The item that fields make, whoever read them. */
export function itemOf(
  fields: EnvelopeFields,
  codec: CodecName,
  message: Uint8Array | string,
  limits: ProtocolLimits,
): IncomingItem {
  const { id, cmd, ttl, key, tp, batch, stream } = fields;
  if (!isMessageId(id)) return { kind: 'dropped', reason: 'no readable id' };
  if (fields.headerBytes > limits.envelopeBytes)
    return invalid(
      id,
      'envelope',
      fields.headerBytes,
      `at most ${limits.envelopeBytes} bytes without the body`,
    );
  if (fields.v !== PROTOCOL_VERSION) return invalid(id, 'v', fields.v, `${PROTOCOL_VERSION}`);
  if (fields.cancel === true) return { kind: 'cancel', id };
  if (fields.cancel !== undefined && fields.cancel !== false)
    return invalid(id, 'cancel', fields.cancel, 'true or false');
  // Beside a command it is a field that nobody knows, and ignored.
  if (fields.credit !== undefined && cmd === undefined)
    return { kind: 'credit', id, credit: creditOf(fields.credit, limits) };
  if (!isCommand(cmd))
    return invalid(
      id,
      'cmd',
      cmd,
      `service.verb in lower snake case, at most ${MAX_COMMAND_CHARACTERS} characters`,
    );
  if (!isTtl(ttl)) return invalid(id, 'ttl', ttl, 'milliseconds, 0 or more');
  if (!isKey(key)) return invalid(id, 'key', key, `a string of 1 to ${MAX_KEY_CHARACTERS} characters`);
  if (tp !== undefined && typeof tp !== 'string') return invalid(id, 'tp', tp, 'a W3C traceparent');
  if (batch !== undefined && typeof batch !== 'boolean') return invalid(id, 'batch', batch, 'true or false');
  if (stream !== undefined && !isCredit(stream, limits))
    return invalid(id, 'stream', stream, allowedCredit(limits));
  if (fields.bodyIsBare)
    return {
      kind: 'invalid',
      id,
      error: invalidArgument('body', undefined, 'a bin that holds the encoded payload'),
    };
  const body = new IncomingBody(message, fields.bodyStart, fields.bodyEnd, limits);
  return new IncomingRequest(codec, id, cmd, ttl, key, traceparent(tp), batch === true, stream, body);
}

function invalid(id: MessageId, field: string, actual: unknown, allowed: string): IncomingItem {
  return { kind: 'invalid', id, error: invalidArgument(field, actual, allowed) };
}

function creditOf(credit: unknown, limits: ProtocolLimits): number | ServiceError {
  return isCredit(credit, limits) ? credit : invalidArgument('credit', credit, allowedCredit(limits));
}

function isCredit(credit: unknown, { streamCredit }: ProtocolLimits): credit is number {
  return typeof credit === 'number' && Number.isSafeInteger(credit) && credit >= 1 && credit <= streamCredit;
}

function allowedCredit({ streamCredit }: ProtocolLimits): string {
  return `an integer from 1 to ${streamCredit}`;
}

function isCommand(cmd: unknown): cmd is string {
  return typeof cmd === 'string' && cmd.length <= MAX_COMMAND_CHARACTERS && COMMAND.test(cmd);
}

function isTtl(ttl: unknown): ttl is number | undefined {
  return ttl === undefined || (typeof ttl === 'number' && ttl >= 0 && Number.isFinite(ttl));
}

function isKey(key: unknown): key is string | undefined {
  return (
    key === undefined || (typeof key === 'string' && key.length >= 1 && key.length <= MAX_KEY_CHARACTERS)
  );
}

/** A trace that cannot be read is started anew, as W3C asks, rather than refused. */
export function traceparent(text: string | undefined): string | undefined {
  return text !== undefined && text.length <= 128 && TRACEPARENT.test(text) ? text : undefined;
}
