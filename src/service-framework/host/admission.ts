import type { ServiceError } from '../../runtime/index.js';
import type { Role } from '../handler/index.js';

/** What is on the host's shoulders when a request asks to be let in. */
export interface Load {
  readonly command: string;
  readonly role: Role;
  /** Admitted requests of all commands that have no answer yet. */
  readonly inFlight: number;
  /** Those of this command. */
  readonly commandInFlight: number;
  /** How many of them wait to be started. */
  readonly commandWaiting: number;
  /** Typical time to answer this command; 0 while unknown. */
  readonly typicalUs: number;
}

/**
 * A rule of one's own, such as a rate limit for a role: asked about every request but the reserved
 * commands', before its body is decoded and before the host's own bounds.
 */
export interface Admission {
  /** @returns undefined to admit, else the error to answer with (RESOURCE_EXHAUSTED) */
  admit(load: Load): ServiceError | undefined;
}
