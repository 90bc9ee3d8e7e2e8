import { types } from 'node:util';
import { ServiceError } from '../../runtime/index.js';
import { ForwardedPayload, type IdempotencyStore, type RecordingIdempotencyStore } from '../handler/index.js';
import { bodyDigest } from './digest.js';
import type { HandlerCall, HandlerStep, HostInterceptor } from './interceptor.js';
import { RunningRequest } from './running-request.js';
import { refuseThenable } from './thenable.js';

interface Answer {
  readonly reply: unknown;
}

interface InProgress {
  readonly digest: string;
  /** Boxed, so that a reply with a field `then` stays data; undefined when the call failed. */
  readonly ended: Promise<Answer | undefined>;
}

/**
 * Gives a command with a key its effect once: a repeat with the same body gets the stored answer, one
 * with another body CONFLICT, and one that comes while the first still runs waits for it. A first
 * call that failed has had no effect that anyone was told of: the next one runs again.
 */
export function idempotencyInterceptor(store: IdempotencyStore): HostInterceptor {
  const inProgress = new Map<string, InProgress>();
  return (next) => (call) => {
    const { key } = call.context;
    if (call.spec.key === undefined || key === undefined) return next(call);
    if (call.spec.forward && call.payload instanceof ForwardedPayload)
      return call.spec.forward
        .digest(call.payload, call.context)
        .then((digest) => once(store, inProgress, next, call, key, digest));
    const digest = bodyDigest(call.payload);
    return once(store, inProgress, next, call, key, digest);
  };
}

async function once(
  store: IdempotencyStore,
  inProgress: Map<string, InProgress>,
  next: HandlerStep,
  call: HandlerCall,
  key: string,
  digest: string,
): Promise<unknown> {
  const command = call.spec.name;
  const name = `${command} ${key}`;
  for (;;) {
    const other = inProgress.get(name);
    if (!other) break;
    checkSame(command, key, digest, other.digest);
    const answer = await other.ended;
    if (answer) return answer.reply;
    // Nobody waits for this one any more: it must not start the effect.
    if (call.context.remainingMs() <= 0 || call.context.signal.aborted)
      throw new ServiceError('DEADLINE_EXCEEDED', `${command}: not answered within its time`);
  }
  let answer: Answer | undefined;
  let end: (answer: Answer | undefined) => void = () => undefined;
  const ended = new Promise<Answer | undefined>((resolve) => {
    end = resolve;
  });
  inProgress.set(name, { digest, ended });
  try {
    const stored = await store.find(command, key);
    if (stored) {
      checkSame(command, key, digest, stored.digest);
      answer = { reply: stored.reply };
      return stored.reply;
    }
    if (call.context instanceof RunningRequest) call.context.idempotency = { key, digest };
    const result = next(call);
    const reply = types.isPromise(result) ? await result : refuseThenable(result);
    answer = { reply };
    if (isRecording(store)) await store.record(command, key, { digest, reply });
    return reply;
  } finally {
    inProgress.delete(name);
    end(answer);
  }
}

function checkSame(command: string, key: string, digest: string, known: string): void {
  if (digest === known) return;
  throw new ServiceError('CONFLICT', `${command}: key ${JSON.stringify(key)} was used with another body`, {
    field: 'key',
  });
}

function isRecording(store: IdempotencyStore): store is RecordingIdempotencyStore {
  return typeof (store as Partial<RecordingIdempotencyStore>).record === 'function';
}
