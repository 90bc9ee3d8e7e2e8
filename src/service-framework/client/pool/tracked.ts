import type { ServiceError } from '../../../runtime/index.js';
import type { CallReply, ReplySink, StreamReceiver } from '../../transport/index.js';
import { type HostLink, isUntouched } from './host-link.js';

/** Notes how a call to a host ended, and passes it on. */
export class TrackedCall implements ReplySink {
  readonly #sentMs: number;

  constructor(
    private readonly link: HostLink,
    private readonly sink: ReplySink,
    /** Asks another host, if there is one, when this one has not even begun. */
    private readonly elsewhere: ((error: ServiceError) => void) | undefined,
    nowMs: number | undefined,
  ) {
    this.#sentMs = link.enter(nowMs);
  }

  replied(reply: CallReply): void {
    this.link.answered(this.#sentMs);
    this.sink.replied(reply);
  }

  failed(error: ServiceError): void {
    this.link.failed(error, this.#sentMs);
    if (this.elsewhere && isUntouched(error)) this.elsewhere(error);
    else this.sink.failed(error);
  }
}

/** The same for a stream, whose length says nothing about how fast its host is. */
export class TrackedStream implements StreamReceiver {
  readonly #sentMs: number;

  constructor(
    private readonly link: HostLink,
    private readonly receiver: StreamReceiver,
    private readonly elsewhere: ((error: ServiceError) => void) | undefined,
  ) {
    this.#sentMs = link.enter();
  }

  item(body: unknown): void {
    this.link.heard();
    this.receiver.item(body);
  }

  replied(reply: CallReply): void {
    this.link.answered(undefined);
    this.receiver.replied(reply);
  }

  failed(error: ServiceError): void {
    this.link.failed(error, this.#sentMs);
    if (this.elsewhere && isUntouched(error)) this.elsewhere(error);
    else this.receiver.failed(error);
  }
}
