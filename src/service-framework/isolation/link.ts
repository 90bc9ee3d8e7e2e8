import type { FromSide, ToSide } from './messages.js';

/** What is heard from a thread or process. */
export interface LinkListener {
  onMessages(messages: readonly FromSide[]): void;
  /** A line it wrote to stdout or stderr. */
  onOutput(line: string): void;
  /** It is gone, and why; called once, after its last message. */
  onGone(reason: string): void;
}

/** A thread or process that a handler lives in. It never keeps this process alive. */
export interface Link {
  /** What people find it by: a thread id, a process id. */
  readonly label: string;
  /** Memory in use as seen from here, bytes; undefined where only the other side can tell. */
  memoryBytes(): Promise<number | undefined>;
  send(messages: readonly ToSide[], transfer: ArrayBuffer[]): void;
  /** Ends it at once, whatever it does; `onGone` follows. */
  kill(): void;
}

/** What a thread or process may use. */
export interface LinkLimits {
  readonly maxHeapMb: number;
  readonly env?: NodeJS.ProcessEnv | undefined;
}

export type OpenLink = (limits: LinkLimits, listener: LinkListener) => Link;
