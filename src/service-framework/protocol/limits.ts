/** What one message may ask of its receiver. All are checked before anything is allocated for it. */
export interface ProtocolLimits {
  /** Bytes of one message (frame), batch or not. */
  readonly messageBytes: number;
  /** Bytes of one envelope without its body. */
  readonly envelopeBytes: number;
  /** Envelopes in one batch. */
  readonly batchEnvelopes: number;
  /** Maps and arrays inside one another. */
  readonly depth: number;
  /** Bytes of one string, key or `bin`; in JSON characters as written. */
  readonly stringBytes: number;
  /** Maps, arrays and map entries in one document, together. */
  readonly structures: number;
  /** Items of one stream that may be granted and not yet sent. */
  readonly streamCredit: number;
}

/** The defaults of the wire protocol. */
export const DEFAULT_LIMITS: ProtocolLimits = Object.freeze({
  /** A million float64 values; what a host can hold a few hundred of. */
  messageBytes: 8 * 1024 * 1024,
  /** Longest legal command, key, id and trace take under 500 bytes; the rest is for fields to come. */
  envelopeBytes: 4096,
  /** One turn of a busy client; more only adds latency. */
  batchEnvelopes: 4096,
  /** Recursive code behind us (validators, JSON.stringify) must not run out of stack. */
  depth: 32,
  /** Texts are for people; bulk travels as columns. */
  stringBytes: 1024 * 1024,
  /**
   * `{}` is one byte on the wire and some 60 once decoded: eight million of them would pass every
   * other limit; and this many keys already take a third of a second to check and build. Numbers do
   * not count, so columns and arrays of numbers are not held back.
   */
  structures: 131_072,
  /** More than any link holds under way; what they weigh is bounded by the queue of their reader. */
  streamCredit: 65_536,
});
