import type { EventListener, HostEvent } from '../transport/index.js';

/** An event, and how many of its topic were lost on the way since the one before. */
export interface ClientEvent extends HostEvent {
  /** 0 for the first one heard of a topic or of a new life of the host. */
  readonly missed: number;
}

export type ClientEventListener = (event: ClientEvent) => void;

/** Counts the events lost between those that arrive: a slow subscriber loses some, and must know. */
export function withGaps(listener: ClientEventListener): EventListener {
  const lastSeqs = new Map<string, number>();
  return (event) => {
    const stream = `${event.epoch} ${event.topic}`;
    const last = lastSeqs.get(stream);
    lastSeqs.set(stream, event.seq);
    listener({ ...event, missed: last === undefined ? 0 : Math.max(0, event.seq - last - 1) });
  };
}
