import { ServiceError } from '../../runtime/index.js';

/** What is on the host's shoulders when a request asks to be let in. */
export interface Load {
  readonly command: string;
  /** Admitted requests of all commands that have no answer yet. */
  readonly inFlight: number;
  /** Those of this command. */
  readonly commandInFlight: number;
  /** Requests of this command that were answered while their handler still runs. */
  readonly commandAbandoned: number;
  /** Typical time to answer this command; 0 while unknown. */
  readonly typicalUs: number;
}

/** Decides, before a request's body is decoded, whether it is served or shed. */
export interface Admission {
  /** @returns undefined to admit, else the error to answer with (RESOURCE_EXHAUSTED) */
  admit(load: Load): ServiceError | undefined;
}

export interface CountingAdmissionOptions {
  /** Requests in flight in all. Default 4096: one full batch. */
  readonly maxInFlight?: number;
  /** Requests in flight per command. Default 1024. */
  readonly maxInFlightPerCommand?: number;
  /** Handlers still running after their deadline, per command. Default 256: more means it hangs. */
  readonly maxAbandonedPerCommand?: number;
}

const SHORTEST_RETRY_MS = 10;
const LONGEST_RETRY_MS = 1_000;

/** Plain bounds on how much may be in flight. */
export class CountingAdmission implements Admission {
  readonly #maxInFlight: number;
  readonly #maxPerCommand: number;
  readonly #maxAbandoned: number;

  constructor(options: CountingAdmissionOptions = {}) {
    this.#maxInFlight = options.maxInFlight ?? 4096;
    this.#maxPerCommand = options.maxInFlightPerCommand ?? 1024;
    this.#maxAbandoned = options.maxAbandonedPerCommand ?? 256;
  }

  admit(load: Load): ServiceError | undefined {
    if (load.inFlight >= this.#maxInFlight)
      return shed(load, `${load.inFlight} requests are in flight, ${this.#maxInFlight} allowed`);
    if (load.commandInFlight >= this.#maxPerCommand)
      return shed(
        load,
        `${load.commandInFlight} requests of this command are in flight, ${this.#maxPerCommand} allowed`,
      );
    if (load.commandAbandoned >= this.#maxAbandoned)
      return shed(load, `${load.commandAbandoned} requests of this command overran and still run`);
    return undefined;
  }
}

function shed(load: Load, why: string): ServiceError {
  const backlogMs = (load.typicalUs * load.commandInFlight) / 1000;
  return new ServiceError('RESOURCE_EXHAUSTED', `${load.command}: ${why}`, {
    retryAfterMs: Math.ceil(Math.min(LONGEST_RETRY_MS, Math.max(SHORTEST_RETRY_MS, backlogMs))),
  });
}
