import type { MarketQuestion } from '../dto/index.js';
import type { AskOptions, Member } from './member.js';

/** An expert on this host, asked by its command name like any other handler. */
export class BuiltinMember implements Member {
  readonly kind = 'builtin';
  readonly expert: string;
  readonly version: string;
  readonly timeoutMs: number;
  readonly #command: string;

  constructor(
    expert: { readonly expert: string; readonly version: string; readonly command: string },
    timeoutMs: number,
  ) {
    this.expert = expert.expert;
    this.version = expert.version;
    this.timeoutMs = timeoutMs;
    this.#command = expert.command;
  }

  covers(): boolean {
    return true;
  }

  ask(question: MarketQuestion, { call, timeoutMs, signal }: AskOptions): Promise<unknown> {
    return call(this.#command, question, { timeoutMs, signal });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
