import { type EncodedPayload, encodeBody } from '../protocol/index.js';

/** Where a payload comes from: plain values, and the bytes they arrived as where they came over a wire. */
export interface PayloadSource {
  /** @throws ServiceError INVALID_ARGUMENT */
  decode(): unknown;
  /** Undefined when there is no payload. Absent = it never was encoded. */
  readonly encoded?: (() => EncodedPayload | undefined) | undefined;
}

/**
 * What a command that is forwarded (see `CommandSpec.forward`) is given in place of a checked instance:
 * the payload as it came, for someone else to decode and check.
 */
export class ForwardedPayload {
  readonly #source: PayloadSource;

  constructor(source: PayloadSource) {
    this.#source = source;
  }

  /** It arrived as bytes, and its reply may leave as bytes of the same codec (`EncodedBody`). */
  get cameEncoded(): boolean {
    return this.#source.encoded !== undefined;
  }

  /**
   * The bytes: those that arrived, else MessagePack; undefined when there is no payload. A new copy each time.
   *
   * @throws ServiceError INVALID_ARGUMENT for plain values that no message can carry
   */
  encode(): EncodedPayload | undefined {
    if (this.#source.encoded) return this.#source.encoded();
    const value = this.#source.decode();
    return value === undefined
      ? undefined
      : { codec: 'msgpack', bytes: Uint8Array.from(encodeBody('msgpack', value)) };
  }
}
