import type { CallReply, OutgoingCall } from '../transport/index.js';

/** Sends a call and resolves with its reply, or rejects with a ServiceError. */
export type ClientStep = (call: OutgoingCall) => Promise<CallReply>;

/**
 * Wraps every try of every call:
 *
 *     const counting: ClientInterceptor = (next) => (call) => { count++; return next(call); };
 *
 * The first of the list is the outermost.
 */
export type ClientInterceptor = (next: ClientStep) => ClientStep;

/** The chain as one step. */
export function composeClientInterceptors(
  interceptors: readonly ClientInterceptor[],
  last: ClientStep,
): ClientStep {
  return interceptors.reduceRight((next, interceptor) => interceptor(next), last);
}
