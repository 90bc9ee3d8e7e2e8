/** Sends many messages as one. */
export type SendAll<M> = (messages: readonly M[], transfer: ArrayBuffer[]) => void;

/**
 * Gathers what is said until the running code returns and sends it as one: crossing costs the same for
 * one message as for fifty.
 */
export class Outbox<M> {
  readonly #send: SendAll<M>;
  #messages: M[] = [];
  #transfer: ArrayBuffer[] = [];

  constructor(send: SendAll<M>) {
    this.#send = send;
  }

  /** @param bytes memory that goes along and is lost here, where threads allow it; must own its buffer */
  post(message: M, bytes?: Uint8Array): void {
    if (bytes?.buffer instanceof ArrayBuffer && bytes.buffer.byteLength > 0)
      this.#transfer.push(bytes.buffer);
    if (this.#messages.push(message) === 1) queueMicrotask(() => this.flush());
  }

  flush(): void {
    if (this.#messages.length === 0) return;
    const [messages, transfer] = [this.#messages, this.#transfer];
    this.#messages = [];
    this.#transfer = [];
    this.#send(messages, transfer);
  }
}
