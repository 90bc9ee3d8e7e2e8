import { ServiceError } from '../../runtime/index.js';

/** Stands for a map, array, `bin` or extension where the envelope wants a plain value. */
export const NOT_PLAIN: object = Object.freeze({});

/** The envelope fields of all message kinds, as read and not yet believed. */
export class EnvelopeFields {
  v: unknown = undefined;
  id: unknown = undefined;
  cmd: unknown = undefined;
  ttl: unknown = undefined;
  key: unknown = undefined;
  tp: unknown = undefined;
  batch: unknown = undefined;
  stream: unknown = undefined;
  cancel: unknown = undefined;
  credit: unknown = undefined;
  more: unknown = undefined;
  ok: unknown = undefined;
  us: unknown = undefined;
  epoch: unknown = undefined;
  seq: unknown = undefined;
  timeMs: unknown = undefined;
  /** Where the body lies: byte offsets in MessagePack, character offsets in JSON; -1 when there is none. */
  bodyStart = -1;
  bodyEnd = -1;
  /** A MessagePack body that is no `bin`. */
  bodyIsBare = false;
  /** Size of the envelope without its body. */
  headerBytes = 0;

  /** Keeps a field of ours and ignores others. @throws ServiceError when it was there before */
  set(name: string, value: unknown): void {
    switch (name) {
      case 'v':
        this.v = once(name, this.v, value);
        break;
      case 'id':
        this.id = once(name, this.id, value);
        break;
      case 'cmd':
        this.cmd = once(name, this.cmd, value);
        break;
      case 'ttl':
        this.ttl = once(name, this.ttl, value);
        break;
      case 'key':
        this.key = once(name, this.key, value);
        break;
      case 'tp':
        this.tp = once(name, this.tp, value);
        break;
      case 'batch':
        this.batch = once(name, this.batch, value);
        break;
      case 'stream':
        this.stream = once(name, this.stream, value);
        break;
      case 'cancel':
        this.cancel = once(name, this.cancel, value);
        break;
      case 'credit':
        this.credit = once(name, this.credit, value);
        break;
      case 'more':
        this.more = once(name, this.more, value);
        break;
      case 'ok':
        this.ok = once(name, this.ok, value);
        break;
      case 'us':
        this.us = once(name, this.us, value);
        break;
      case 'epoch':
        this.epoch = once(name, this.epoch, value);
        break;
      case 'seq':
        this.seq = once(name, this.seq, value);
        break;
      case 'timeMs':
        this.timeMs = once(name, this.timeMs, value);
        break;
    }
  }
}

/** Reads envelope after envelope. */
export interface EnvelopeReader {
  /**
   * Reads the next value into `fields` if it is a map; steps over it and returns false if not.
   *
   * @throws ServiceError INVALID_ARGUMENT when it makes no sense; `fields` hold what was read before
   */
  read(fields: EnvelopeFields): boolean;
  /** The end of the last envelope could not be found: there is no next one. */
  readonly lost: boolean;
}

function once(name: string, before: unknown, value: unknown): unknown {
  if (before === undefined) return value;
  throw new ServiceError('INVALID_ARGUMENT', `${name}: given twice`, { field: name });
}
