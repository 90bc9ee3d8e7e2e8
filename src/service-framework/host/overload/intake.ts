import { ServiceError } from '../../../runtime/index.js';
import type { Caller, InboundRequest } from '../../transport/index.js';
import type { CommandLane } from './command-lane.js';

/** What may be in flight: admitted and not answered, whether it waits or runs. */
export interface IntakeBounds {
  readonly maxInFlight: number;
  readonly maxInFlightPerCommand: number;
  readonly maxInFlightBytes: number;
  readonly maxAbandonedPerCommand: number;
}

/** Reserved requests of one command that may be in flight: they are few, short, and let in unasked. */
const MAX_RESERVED = 256;
const SHORTEST_RETRY_MS = 10;
const LONGEST_RETRY_MS = 5_000;

/**
 * Lets requests in or sheds them, before their bodies are looked at. Full is not the same for everybody:
 * a caller with less than the greediest takes the place of the newest request that one has waiting.
 */
export class Intake {
  readonly #bounds: IntakeBounds;
  readonly #lanes: () => Iterable<CommandLane>;
  #inFlight = 0;
  #heldBytes = 0;

  /** @param lanes all there are */
  constructor(bounds: IntakeBounds, lanes: () => Iterable<CommandLane>) {
    this.#bounds = bounds;
    this.#lanes = lanes;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Bytes of the messages that requests in flight came in. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** @returns undefined to admit, else RESOURCE_EXHAUSTED */
  refusal(
    lane: CommandLane,
    request: InboundRequest,
    caller: Caller,
    remainingMs: number,
  ): ServiceError | undefined {
    const { counters } = lane;
    const { maxInFlight, maxInFlightPerCommand, maxAbandonedPerCommand } = this.#bounds;
    if (counters.abandoned >= maxAbandonedPerCommand)
      return shed(lane, `${counters.abandoned} requests of this command overran and still run`);
    const bytes = this.#bytesRefused(request, caller);
    if (bytes !== undefined) return shed(lane, bytes);
    if (lane.queue.size > 0) {
      const waitMs = lane.waitMs(caller);
      // It would be dropped from the queue anyway; told now, its caller can go elsewhere in time.
      if (waitMs > remainingMs)
        return shed(lane, `${Math.ceil(waitMs)} ms to wait, ${Math.floor(remainingMs)} ms left`);
    }
    const mine = lane.running + lane.queue.size;
    if (mine >= maxInFlightPerCommand && !makeRoom(lane, caller))
      return shed(lane, `${mine} requests of this command are in flight, ${maxInFlightPerCommand} allowed`);
    if (this.#inFlight >= maxInFlight && !makeRoom(this.#longest(), caller))
      return shed(lane, `${this.#inFlight} requests are in flight, ${maxInFlight} allowed`);
    return undefined;
  }

  /** As {@link refusal}, for a command of the reserved lane. */
  reservedRefusal(lane: CommandLane): ServiceError | undefined {
    const { counters } = lane;
    if (counters.inFlight < MAX_RESERVED) return undefined;
    return shed(lane, `${counters.inFlight} reserved requests of this command are in flight`);
  }

  admitted({ message }: InboundRequest, caller: Caller): void {
    this.#inFlight++;
    if (!message || message.requests++ > 0) return;
    this.#heldBytes += message.bytes;
    caller.heldBytes += message.bytes;
  }

  answered({ message }: InboundRequest, caller: Caller): void {
    this.#inFlight--;
    if (!message || --message.requests > 0) return;
    this.#heldBytes -= message.bytes;
    caller.heldBytes -= message.bytes;
  }

  /**
   * A caller may hold as many bytes as are left for others (dynamic threshold, Choudhury & Hahne 1998):
   * one alone half of all, and there is always room for the next.
   */
  #bytesRefused({ message }: InboundRequest, caller: Caller): string | undefined {
    if (!message || message.requests > 0) return undefined;
    const { maxInFlightBytes } = this.#bounds;
    const left = maxInFlightBytes - this.#heldBytes;
    if (message.bytes <= left && (caller.heldBytes === 0 || caller.heldBytes + message.bytes <= left))
      return undefined;
    return `${this.#heldBytes} bytes are in flight, ${caller.heldBytes} of this caller, ${maxInFlightBytes} allowed`;
  }

  #longest(): CommandLane | undefined {
    let longest: CommandLane | undefined;
    for (const lane of this.#lanes()) if (lane.queue.size > (longest?.queue.size ?? 0)) longest = lane;
    return longest;
  }
}

function makeRoom(lane: CommandLane | undefined, caller: Caller): boolean {
  const victim = lane?.queue.victimFor(caller);
  if (!lane || !victim) return false;
  victim.cancel(shed(lane, 'its place went to a caller with less in the queue'));
  return true;
}

function shed(lane: CommandLane, why: string): ServiceError {
  const { counters } = lane;
  counters.shed++;
  // While the pace of the queue is not known yet, what runs is the best guess.
  const backlogMs = lane.backlogMs || (counters.latency.meanUs * counters.inFlight) / 1000;
  return new ServiceError('RESOURCE_EXHAUSTED', `${counters.command}: ${why}`, {
    retryAfterMs: Math.ceil(Math.min(LONGEST_RETRY_MS, Math.max(SHORTEST_RETRY_MS, backlogMs))),
  });
}
