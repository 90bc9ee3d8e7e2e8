import type { CommandSpec, RequestContext } from '../handler/index.js';

/** A request on its way to its handler: everything about it has been checked. */
export interface HandlerCall {
  readonly spec: CommandSpec;
  /** Checked; a `ForwardedPayload`, unchecked, for a handler in another thread or process. */
  readonly payload: unknown;
  readonly context: RequestContext;
}

/** Answers a call: a value, or a native Promise of one. */
export type HandlerStep = (call: HandlerCall) => unknown;

/**
 * Wraps every request:
 *
 *     const timing: HostInterceptor = (next) => (call) => { …; return next(call); };
 *
 * The first of the list is the outermost. An interceptor sees checked payloads of admitted requests
 * only; what was shed or malformed shows in the counters.
 */
export type HostInterceptor = (next: HandlerStep) => HandlerStep;

/** The chain as one step. */
export function composeInterceptors(
  interceptors: readonly HostInterceptor[],
  last: HandlerStep,
): HandlerStep {
  return interceptors.reduceRight((next, interceptor) => interceptor(next), last);
}
