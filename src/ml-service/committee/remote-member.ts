import type { BaseClient } from '../../service-framework/index.js';
import type { ExpertRegistration, MarketQuestion } from '../dto/index.js';
import type { AskOptions, Member } from './member.js';

/** An expert in another process, asked over the wire. */
export class RemoteMember implements Member {
  readonly kind = 'remote';
  readonly registration: ExpertRegistration;
  readonly timeoutMs: number;
  readonly #client: BaseClient;
  readonly #symbols: ReadonlySet<string> | undefined;

  /** @param timeoutMs the committee's own limit; the registration may only shorten it */
  constructor(registration: ExpertRegistration, client: BaseClient, timeoutMs: number) {
    this.registration = registration;
    this.timeoutMs = Math.min(timeoutMs, registration.timeoutMs ?? timeoutMs);
    this.#client = client;
    this.#symbols = registration.symbols && new Set(registration.symbols);
  }

  get expert(): string {
    return this.registration.expert;
  }

  get version(): string {
    return this.registration.version;
  }

  covers(symbol: string): boolean {
    return this.#symbols?.has(symbol) ?? true;
  }

  ask(question: MarketQuestion, { timeoutMs, signal }: AskOptions): Promise<unknown> {
    // One try: a second one would come too late for this decision.
    return this.#client.call(this.registration.command, question, { timeoutMs, signal, retry: false });
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
